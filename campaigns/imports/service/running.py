"""Take a list over piece by piece: each with its place in one transaction, so that nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from campaigns.audiences import service as audiences
from campaigns.audiences.service import Prepared
from campaigns.imports import queries, rules
from campaigns.imports.model import ContactList, ListProblem, ListTurn
from campaigns.imports.rules import LEASE, PATIENCE, ListState, Piece
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications


@dataclass(frozen=True, slots=True)
class Shift:
    """One job at work on a list: from where, and the mark under which it alone may go on."""

    list_id: int
    mark: str
    text_key: str
    encoding: str
    separator: str
    columns: tuple[str, ...]
    done_bytes: int
    done_rows: int
    given_on: date


def ask_for_turn(actor: Actor, row: ContactList) -> None:
    """See to it that a worker goes on with a list."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    _expect(row)
    enqueue("campaigns.imports.take_over", partner_id=row.partner_id, list_id=row.id)


def begin(actor: Actor, list_id: int) -> Shift | None:
    """Begin a turn, or return None when another job is at work, or nothing is to do."""
    row = queries.one_for_update(actor, list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    now = clock.now()
    if row.state is not ListState.RUNNING or (row.lease_until is not None and row.lease_until > now):
        return None
    row.claimed_by, row.lease_until = uuid4().hex, now + LEASE
    _expect(row)
    session.flush()
    return Shift(
        row.id,
        row.claimed_by,
        row.text_key,
        row.encoding,
        row.separator,
        tuple(row.columns),
        row.done_bytes,
        row.done_rows,
        row.given_at.date(),
    )


def keep_text(actor: Actor, shift: Shift, *, key: str, size_bytes: int) -> None:
    """Remember where the text of a workbook lies."""
    row = queries.one_for_update(actor, shift.list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    row.text_key, row.size_bytes, row.encoding = key, size_bytes, "utf-8"


def take_over(actor: Actor, shift: Shift, *, piece: Piece, given: Prepared) -> bool:
    """Take a piece over and remember how far the list is; False: somebody else is at it, or it was cancelled.

    `given` are the piece's rows, prepared.
    """
    row = queries.one_for_update(actor, shift.list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    if row.state is not ListState.RUNNING or row.claimed_by != shift.mark or row.import_id is None:
        return False
    repeated = audiences.take_over_piece(
        actor, row.import_id, given, left_out=len(piece.problems), scope=row.consent_scope
    )
    problems = [*piece.problems, *repeated]
    if problems:
        session.execute(
            insert(ListProblem),
            [
                {
                    "partner_id": row.partner_id,
                    "list_id": row.id,
                    "row": one.row,
                    "field": one.field,
                    "reason": one.reason,
                }
                for one in problems
            ],
        )
    row.problems += len(problems)
    row.done_bytes, row.done_rows = piece.end_bytes, piece.end_row
    row.lease_until = clock.now() + LEASE
    _expect(row)
    return True


def end_turn(actor: Actor, shift: Shift, *, is_through: bool) -> None:
    """Let the next job go on, or end a list of which everything is taken over."""
    row = queries.one_for_update(actor, shift.list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    if row.state is not ListState.RUNNING or row.claimed_by != shift.mark:
        return
    row.claimed_by, row.lease_until = "", None
    if not is_through:
        ask_for_turn(actor, row)
        return
    _end(actor, row, ListState.DONE, "")
    notifications.tell_partner(
        actor,
        row.partner_id,
        kind="campaigns.list.done",
        title=f"{row.filename or 'Your list'} was taken over",
        body=f"{max(row.done_rows - 1, 0):,} rows were read, {row.problems:,} were left out.",
        link=f"/contacts/lists/{row.id}",
    )


def fail(actor: Actor, shift: Shift, *, trouble: str) -> None:
    """End a list that cannot be read, and say why; what was taken over stays."""
    row = queries.one_for_update(actor, shift.list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    if row.state is ListState.RUNNING and row.claimed_by == shift.mark:
        _end(actor, row, ListState.FAILED, trouble)


def stalled(actor: Actor) -> list[tuple[int, int]]:
    """Return the lists at which no job has shown itself in time, as partner and list, and wait for them anew."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
    return queries.stalled(actor, clock.now())


def _end(actor: Actor, row: ContactList, state: ListState, trouble: str) -> None:
    row.state = move(rules.MOVES, row.state, state)
    row.ended_at, row.lease_until, row.claimed_by, row.trouble = clock.now(), None, "", trouble
    session.execute(delete(ListTurn).where(ListTurn.list_id == row.id))
    session.flush()
    audit.record(actor, f"campaigns.list.{state}", row, rows=row.done_rows, problems=row.problems)


def _expect(row: ContactList) -> None:
    by = clock.now() + (LEASE if row.lease_until else PATIENCE)
    session.execute(
        upsert(ListTurn)
        .values(list_id=row.id, partner_id=row.partner_id, expected_by=by)
        .on_conflict_do_update(index_elements=[ListTurn.list_id], set_={"expected_by": by})
    )
