"""Reads of events; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from campaigns.tracking.model import Event
from campaigns.tracking.rules import EventKind, MadeBy
from tcma.infra.db import owned_by, session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Event]:
    """Return the events that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return owned_by(actor, Event)


def of_delivery(actor: Actor, delivery_id: int, *, since: datetime) -> list[Event]:
    """Return the clicks of one delivery since an instant."""
    wanted = visible_to(actor).where(
        Event.delivery_id == delivery_id, Event.happened_at >= since, Event.kind == EventKind.CLICK
    )
    return list(session.scalars(wanted))


def of_deliveries(actor: Actor, delivery_ids: Collection[int]) -> list[Event]:
    """Return the events of some deliveries, earliest first."""
    rows = visible_to(actor).where(Event.delivery_id.in_(delivery_ids)).order_by(Event.id)
    return list(session.scalars(rows.limit(5_000)))


def how_many(actor: Actor, delivery_id: int, kind: EventKind) -> int:
    """Count the events of a kind of one delivery."""
    rows = visible_to(actor).where(Event.delivery_id == delivery_id, Event.kind == kind).subquery()
    return int(session.scalar(select(func.count()).select_from(rows)) or 0)


def how_many_printed(actor: Actor, link_id: int, *, most: int) -> int:
    """Count the events of a link where no recipient is known, and stop counting at `most`."""
    rows = visible_to(actor).with_only_columns(Event.id).where(Event.link_id == link_id, Event.delivery_id.is_(None))
    return int(session.scalar(select(func.count()).select_from(rows.limit(most).subquery())) or 0)


@dataclass(frozen=True, slots=True)
class Reaction:
    """How many people did something with a touch, and how often it happened, machines included."""

    touch_id: int
    kind: EventKind
    people: int
    events: int


def reactions(actor: Actor, launch_ids: Collection[int]) -> list[Reaction]:
    """Count people and events of launches by touch and kind; printed and posted links have no people, only events."""
    rows = visible_to(actor).where(Event.launch_id.in_(launch_ids)).subquery()
    by_people = rows.c.made_by == MadeBy.PERSON
    found = session.execute(
        select(
            rows.c.touch_id,
            rows.c.kind,
            func.count(rows.c.delivery_id.distinct()).filter(by_people),
            func.count(),
        )
        .group_by(rows.c.touch_id, rows.c.kind)
        .order_by(rows.c.touch_id, rows.c.kind)
    )
    return [Reaction(touch_id, kind, people, events) for touch_id, kind, people, events in found]


@dataclass(frozen=True, slots=True)
class Moment:
    """How many people did something within an hour or a day that begins at an instant (UTC)."""

    at: datetime
    kind: EventKind
    people: int


def series(actor: Actor, launch_id: int, *, each: str) -> list[Moment]:
    """Count people by when they did what, `each` hour or day; earliest first, at most two thousand."""
    rows = visible_to(actor).where(Event.launch_id == launch_id, Event.made_by == MadeBy.PERSON).subquery()
    at = func.date_trunc(each, rows.c.happened_at, "UTC").label("at")
    counted = select(at, rows.c.kind, func.count(rows.c.delivery_id.distinct())).group_by(at, rows.c.kind)
    found = session.execute(counted.order_by(at, rows.c.kind).limit(2_000))
    return [Moment(moment, EventKind(kind), people) for moment, kind, people in found]


def openers(actor: Actor, launch_ids: Collection[int]) -> dict[int, int]:
    """Count per touch the people who opened it; who clicked has opened, even with images off."""
    rows = visible_to(actor).where(Event.launch_id.in_(launch_ids), Event.made_by == MadeBy.PERSON).subquery()
    seen = rows.c.kind.in_((EventKind.OPEN, EventKind.CLICK))
    found = session.execute(
        select(rows.c.touch_id, func.count(rows.c.delivery_id.distinct())).where(seen).group_by(rows.c.touch_id)
    )
    return {touch_id: people for touch_id, people in found}  # noqa: C416 - rows are no pairs to the type checker


def scans(actor: Actor, launch_ids: Collection[int]) -> dict[int, int]:
    """Count per touch the clicks of people on printed and posted links, of which nobody knows who made them."""
    rows = visible_to(actor).where(
        Event.launch_id.in_(launch_ids),
        Event.delivery_id.is_(None),
        Event.made_by == MadeBy.PERSON,
        Event.kind == EventKind.CLICK,
    )
    counted = rows.subquery()
    found = session.execute(select(counted.c.touch_id, func.count()).group_by(counted.c.touch_id))
    return {touch_id: clicks for touch_id, clicks in found}  # noqa: C416 - rows are no pairs to the type checker


def reacted(actor: Actor, delivery_ids: list[int]) -> dict[int, set[EventKind]]:
    """Return what the people behind some deliveries did."""
    rows = visible_to(actor).where(Event.delivery_id.in_(delivery_ids), Event.made_by == MadeBy.PERSON).subquery()
    found: dict[int, set[EventKind]] = {}
    for delivery_id, kind in session.execute(select(rows.c.delivery_id, rows.c.kind).distinct()):
        found.setdefault(delivery_id, set()).add(EventKind(kind))
    return found
