"""Reads of deliveries; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, text

from campaigns.sending.model import Delivery, Share, TrackedLink
from campaigns.sending.rules import FEW_ROWS, LEFT, OPEN, OWED, DeliveryState, Reason
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Delivery]:
    """Return the deliveries that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return owned_by(actor, Delivery)


def one(actor: Actor, delivery_id: int) -> Delivery:
    """Return one delivery. Raises NotFound."""
    found = session.scalars(visible_to(actor).where(Delivery.id == delivery_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def one_for_update(actor: Actor, delivery_id: int) -> Delivery:
    """Return one delivery as it is now, locked. Raises NotFound."""
    rows = lock(visible_to(actor).where(Delivery.id == delivery_id)).execution_options(populate_existing=True)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def page_of(
    actor: Actor,
    *,
    launch_id: int | None = None,
    state: DeliveryState | None = None,
    reason: Reason | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Delivery]:
    """Return one page of deliveries, newest first."""
    wanted = visible_to(actor)
    if launch_id is not None:
        wanted = wanted.where(Delivery.launch_id == launch_id)
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    if reason is not None:
        wanted = wanted.where(Delivery.reason == reason)
    return page(wanted, Delivery.id, limit=limit, after=after)


def to_contact(actor: Actor, contact_id: int, *, most: int) -> list[Delivery]:
    """Return the deliveries to a contact, newest first."""
    rows = visible_to(actor).where(Delivery.contact_id == contact_id).order_by(Delivery.id.desc())
    return list(session.scalars(rows.limit(most)))


def partner_of(actor: Actor, delivery_id: int) -> int | None:
    """Return whose a delivery is, or None."""
    rows = visible_to(actor).where(Delivery.id == delivery_id).with_only_columns(Delivery.partner_id)
    return session.scalars(rows).one_or_none()


def complaint_counts(actor: Actor, *, since: datetime) -> tuple[int, int]:
    """Count what left since an instant, and what of it was reported as spam."""
    rows = visible_to(actor).where(Delivery.state.in_(LEFT), Delivery.sent_at >= since).subquery()
    complained = func.count().filter(rows.c.state == DeliveryState.COMPLAINED)
    sent, reported = session.execute(select(func.count(), complained).select_from(rows)).one()
    return int(sent), int(reported)


@dataclass(frozen=True, slots=True)
class Count:
    """How many deliveries of a touch are in a state, for a reason."""

    touch_id: int
    state: DeliveryState
    reason: str
    number: int


def counts(actor: Actor, launch_ids: Collection[int]) -> list[Count]:
    """Count the deliveries of some launches by touch, state and reason: the sum is the number of rows."""
    visible = visible_to(actor).where(Delivery.launch_id.in_(launch_ids)).subquery()
    found = session.execute(
        select(visible.c.touch_id, visible.c.state, visible.c.reason, func.count())
        .group_by(visible.c.touch_id, visible.c.state, visible.c.reason)
        .order_by(visible.c.touch_id, visible.c.state, visible.c.reason)
    )
    return [Count(touch_id, state, reason.value, number) for touch_id, state, reason, number in found]


def sent_by(actor: Actor, launch_id: int, *, each: str) -> list[tuple[datetime, int]]:
    """Count what left of a launch by when it did, `each` hour or day (UTC); earliest first, at most two thousand."""
    rows = visible_to(actor).where(Delivery.launch_id == launch_id, Delivery.sent_at.is_not(None)).subquery()
    at = func.date_trunc(each, rows.c.sent_at, "UTC").label("at")
    found = session.execute(select(at, func.count()).group_by(at).order_by(at).limit(2_000))
    return [(moment, number) for moment, number in found]


# A "loose index scan": PostgreSQL has none, so it is asked for the next touch again and again. A DISTINCT would read
# every owed row each time, and a launch of a million would then cost a million reads per claim.
_NEXT = (
    "SELECT partner_id, touch_id, retry_at FROM deliveries WHERE state IN ('queued', 'deferred')"
    "{more} ORDER BY partner_id, touch_id, retry_at, id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Owed:
    """A touch with rows still to leave, and since when the first of them could."""

    partner_id: int
    touch_id: int
    since: datetime


def owed(actor: Actor, now: datetime) -> list[Owed]:
    """Return the touches with rows that could leave now, the longest waiting first."""
    own = " AND partner_id = :partner_id" if actor.is_partner else ""
    step = _NEXT.format(more=f"{own} AND (partner_id, touch_id) > (o.partner_id, o.touch_id)")
    walk = text(
        f"WITH RECURSIVE o AS (({_NEXT.format(more=own)}) UNION ALL"  # noqa: S608 - pieces of this file
        f" SELECT n.* FROM o CROSS JOIN LATERAL ({step}) n)"
        " SELECT partner_id, touch_id, retry_at FROM o WHERE retry_at <= :now ORDER BY retry_at, touch_id"
    )
    found = session.execute(walk, {"partner_id": actor.partner_id, "now": now})
    return [Owed(row.partner_id, row.touch_id, row.retry_at) for row in found]


def owes_few(actor: Actor, partner_id: int, now: datetime) -> bool:
    """Tell whether a partner has no more than a few rows that could leave now."""
    rows = (
        visible_to(actor)
        .with_only_columns(Delivery.id)
        .where(Delivery.partner_id == partner_id, Delivery.state.in_(OWED), Delivery.retry_at <= now)
    )
    return int(session.scalar(select(func.count()).select_from(rows.limit(FEW_ROWS + 1).subquery())) or 0) <= FEW_ROWS


def has_open(actor: Actor, partner_id: int, touch_id: int) -> bool:
    """Tell whether a touch of a partner has deliveries that are still to leave."""
    # Two questions, since each has an index of its own that holds nothing but such rows.
    owed = visible_to(actor).where(
        Delivery.partner_id == partner_id, Delivery.touch_id == touch_id, Delivery.state.in_(OWED)
    )
    claimed = visible_to(actor).where(Delivery.touch_id == touch_id, Delivery.state == DeliveryState.CLAIMED)
    return bool(session.scalar(select(or_(owed.exists(), claimed.exists()))))


@dataclass(frozen=True, slots=True)
class OpenMails:
    """How many mails of a touch are still to leave."""

    touch_id: int
    launch_id: int
    partner_id: int
    number: int


def open_by_touch(actor: Actor, touch_ids: Collection[int]) -> list[OpenMails]:
    """Count what is still to leave of some touches, those with nothing left out."""
    visible = visible_to(actor).where(Delivery.touch_id.in_(touch_ids), Delivery.state.in_(OPEN)).subquery()
    of = (visible.c.touch_id, visible.c.launch_id, visible.c.partner_id)
    rows = select(*of, func.count()).group_by(*of).order_by(visible.c.touch_id)
    return [OpenMails(*row) for row in session.execute(rows)]


def links(actor: Actor, link_ids: Collection[int]) -> list[TrackedLink]:
    """Return tracked links."""
    return list(session.scalars(owned_by(actor, TrackedLink).where(TrackedLink.id.in_(link_ids))))


def links_to(actor: Actor, touch_id: int, urls: Collection[str]) -> dict[str, int]:
    """Return the ids of a touch's links by their targets, as far as there are any."""
    wanted = owned_by(actor, TrackedLink).where(TrackedLink.touch_id == touch_id, TrackedLink.url.in_(urls))
    return {found.url: found.id for found in session.scalars(wanted)}


def newest_link(actor: Actor, touch_id: int) -> int | None:
    """Return the newest link of a touch, if there is one."""
    wanted = owned_by(actor, TrackedLink).with_only_columns(TrackedLink.id).where(TrackedLink.touch_id == touch_id)
    return session.scalars(wanted.order_by(TrackedLink.id.desc()).limit(1)).first()


def touches_with_links(actor: Actor, touch_ids: Collection[int]) -> set[int]:
    """Return which of these touches have a link."""
    wanted = owned_by(actor, TrackedLink).with_only_columns(TrackedLink.touch_id)
    return set(session.scalars(wanted.where(TrackedLink.touch_id.in_(touch_ids))))


def share_of(actor: Actor, touch_id: int) -> Share | None:
    """Return what was shared for a touch, if anything was."""
    return session.scalars(owned_by(actor, Share).where(Share.touch_id == touch_id)).one_or_none()


def shares_of(actor: Actor, launch_ids: Collection[int]) -> list[Share]:
    """Return what was shared by hand in some launches, oldest first."""
    return list(session.scalars(owned_by(actor, Share).where(Share.launch_id.in_(launch_ids)).order_by(Share.id)))
