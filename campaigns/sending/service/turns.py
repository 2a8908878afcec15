"""Partners take turns: one chain of jobs per partner, each sending for a bounded time and asking for the next.

A message to the workers may be lost or arrive twice, so the row in `sending_turns` says what is true: which message
is outstanding, and whether a job is at work. A lost message is asked for again by the sweep; a second job finds the
first at work and leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaigns.launches import service as launches
from campaigns.sending import queries
from campaigns.sending.model import Turn
from campaigns.sending.rules import LEASE, PATIENCE, DeliveryState, Outcome, Shift, Standing, unbuilt
from campaigns.sending.service.claim import claim_unbuilt
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.hand_over import standing, stop
from campaigns.sending.service.resting import is_resting
from campaigns.sending.service.settle import settle
from campaigns.sending.service.telling import tell_unknown
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def ask_for_turn(actor: Actor, partner_id: int) -> None:
    """See to it that a worker takes a turn for a partner, unless one is at work or was asked for."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    turn = lock_turn(partner_id)
    now = clock.now()
    if _is_running(turn, now) or _is_resting(turn, now) or (turn.expected_by and turn.expected_by > now):
        return
    _issue(actor, turn, now)


def begin_turn(actor: Actor, *, turn: int) -> Shift | None:
    """Begin a turn of the actor's partner, or return None when another job is at work or nothing may leave now."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if actor.partner_id is None:
        return None
    row = lock_turn(actor.partner_id)
    now = clock.now()
    if row.number == turn:
        row.expected_by = None
    if _is_running(row, now) or _is_resting(row, now):
        return None
    shift = _choose(actor, now)
    row.running_until = now + LEASE if shift else None
    return shift


def end_turn(actor: Actor, shift: Shift, outcomes: Sequence[Outcome], *, rest_until: datetime | None = None) -> None:
    """Settle the last part, and ask for the next turn if rows are owed.

    `rest_until` lets the partner rest: the mail server is away, and nobody has to try until then.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    row = lock_turn(shift.partner_id)
    settle(actor, shift.mark, outcomes)
    unknown = sum(outcome.verdict.state is DeliveryState.UNKNOWN for outcome in outcomes)
    if unknown:
        tell_unknown(actor, shift.partner_id, unknown)
    finish_if_done(actor, shift.touch_id)
    now = clock.now()
    row.running_until, row.resting_until = None, rest_until
    outstanding = row.expected_by is not None and row.expected_by > now
    if not outstanding and not _is_resting(row, now) and _choose(actor, now):
        _issue(actor, row, now)


def end_unbuilt_turn(actor: Actor, shift: Shift, detail: str) -> None:
    """Hold back what is owed of a letter that cannot be built: each build counts, after the last one it has failed."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    lock_turn(shift.partner_id)
    rows = claim_unbuilt(actor, shift, clock.now())
    end_turn(actor, shift, [unbuilt(row.id, detail, builds=row.builds, attempts=row.attempts) for row in rows])


def _choose(actor: Actor, now: datetime) -> Shift | None:
    """Return a shift for the touch that has waited longest of those that may leave; stop those that never may."""
    for owed in queries.owed(actor, now):
        if is_resting(owed.touch_id):
            continue
        at = standing(actor, owed.touch_id)
        if at is Standing.GO:
            plan = launches.touch_plan(actor, owed.touch_id)
            return Shift(
                partner_id=owed.partner_id,
                kit_id=plan.kit_id,
                touch_id=owed.touch_id,
                template_version_ids=plan.template_version_ids,
                mark=uuid4().hex,
                began_at=now,
            )
        stop(actor, owed.touch_id, at)
    return None


def lock_turn(partner_id: int) -> Turn:
    """Return a partner's turn, locked: always before rows and launches, so that nobody waits in a circle."""
    session.execute(insert(Turn).values(partner_id=partner_id, number=0).on_conflict_do_nothing())
    wanted = select(Turn).where(Turn.partner_id == partner_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _is_running(turn: Turn, now: datetime) -> bool:
    return turn.running_until is not None and turn.running_until > now


def _is_resting(turn: Turn, now: datetime) -> bool:
    return turn.resting_until is not None and turn.resting_until > now


def _issue(actor: Actor, turn: Turn, now: datetime) -> None:
    turn.number += 1
    turn.expected_by = now + PATIENCE
    if queries.owes_few(actor, turn.partner_id, now):
        enqueue("campaigns.sending.send_few", partner_id=turn.partner_id, turn_id=turn.number)
    else:
        enqueue("campaigns.sending.send", partner_id=turn.partner_id, turn_id=turn.number)
