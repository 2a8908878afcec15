"""Reads of what came back; each starts from the rows that the actor may see."""

from __future__ import annotations

from sqlalchemy import Select, select

from campaigns.feedback.model import FeedbackReport
from campaigns.feedback.rules import Kind
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[FeedbackReport]:
    """Return the reports that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return owned_by(actor, FeedbackReport)


def page_of(
    actor: Actor, *, kind: Kind | None = None, limit: int = 50, after: int | None = None
) -> Page[FeedbackReport]:
    """Return one page of reports, newest first."""
    wanted = visible_to(actor)
    if kind is not None:
        wanted = wanted.where(FeedbackReport.kind == kind)
    return page(wanted, FeedbackReport.id, limit=limit, after=after)


def is_known(actor: Actor, delivery_id: int, fingerprint: bytes) -> bool:
    """Tell whether a report was heard before."""
    same = visible_to(actor).where(FeedbackReport.delivery_id == delivery_id, FeedbackReport.fingerprint == fingerprint)
    return bool(session.scalar(select(same.exists())))
