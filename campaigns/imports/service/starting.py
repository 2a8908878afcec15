"""Start to take a list over, once its columns have a meaning; or let it be."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from campaigns.audiences import service as audiences
from campaigns.audiences.rules import ConsentScope
from campaigns.imports import queries, rules
from campaigns.imports.errors import ListStarted
from campaigns.imports.model import ContactList, ListTurn
from campaigns.imports.rules import ListState
from campaigns.imports.service.running import ask_for_turn
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def start(
    actor: Actor,
    list_id: int,
    *,
    columns: Sequence[str],
    consent_source: str,
    consent_text: str = "",
    consent_scope: str = ConsentScope.PARTNER.value,
) -> ContactList:
    """Have a list taken over; `columns` says what each of its columns means ("" for nothing).

    Raises ListNotFound, Forbidden, ListStarted, ColumnsInvalid, FileUnreadable when the consent's source is missing.
    """
    row = queries.one_for_update(actor, list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    if row.state is not ListState.WAITING:
        raise ListStarted
    row.columns = rules.check_columns(columns, width=len(row.header))
    row.consent_scope = ConsentScope(consent_scope)
    row.state = move(rules.MOVES, row.state, ListState.RUNNING)
    report = audiences.begin_list(
        actor,
        filename=row.filename,
        file_sha256=row.file_sha256,
        consent_source=consent_source,
        consent_text=consent_text,
    )
    row.import_id = report.id
    session.flush()
    audit.record(actor, "campaigns.list.started", row, consent_source=report.consent_source)
    ask_for_turn(actor, row)
    return row


def cancel(actor: Actor, list_id: int) -> ContactList:
    """Take nothing more over; what was taken over stays. Raises ListNotFound, Forbidden, IllegalMove."""
    row = queries.one_for_update(actor, list_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, row)
    row.state = move(rules.MOVES, row.state, ListState.CANCELLED)
    row.ended_at, row.lease_until, row.claimed_by = clock.now(), None, ""
    session.execute(delete(ListTurn).where(ListTurn.list_id == row.id))
    session.flush()
    audit.record(actor, "campaigns.list.cancelled", row, rows=row.done_rows)
    return row
