"""Questions to the audit trail."""

from sqlalchemy import Select

from tcma.audit.model import AuditEntry
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor


def visible_to(actor: Actor) -> Select[AuditEntry]:
    """Return the entries that an actor may see: a partner those about its own things."""
    return owned_by(actor, AuditEntry)


def page_of(
    actor: Actor, *, limit: int = 50, after: int | None = None, noun: str = "", action: str = ""
) -> Page[AuditEntry]:
    """Return a page of the trail, newest first."""
    rows = visible_to(actor)
    if noun:
        rows = rows.where(AuditEntry.noun == noun)
    if action:
        rows = rows.where(AuditEntry.action.startswith(action, autoescape=True))
    return page(rows, AuditEntry.id, limit=limit, after=after)


def about(actor: Actor, noun: str, noun_id: int) -> list[AuditEntry]:
    """Return the history of one thing, oldest first."""
    rows = visible_to(actor).where(AuditEntry.noun == noun, AuditEntry.noun_id == noun_id)
    return list(session.scalars(rows.order_by(AuditEntry.id).limit(500)))
