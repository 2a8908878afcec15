"""Reads of launches and touches; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.kits.rules import POSTED, Hours, TouchChannel, Tracking
from campaigns.launches.errors import LaunchNotFound
from campaigns.launches.model import Launch, LaunchTouch, SenderHold
from campaigns.launches.rules import FURTHEST_AHEAD, OPEN_STATES, LaunchState, TouchState
from campaigns.senders.service import FromLine
from tcma.accounts.service import BrandProfile, PartnerProfile
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class TouchPlan:
    """Everything that sending needs to know about one touch.

    `texts` is locale -> slot -> text, `values` is variable -> value. Nothing may leave unless `may_send` is true: ask
    again (`service.may_send`) at hand-off, since a launch can be paused or a kit withdrawn at any moment.
    """

    touch_id: int
    launch_id: int
    partner_id: int
    kit_id: int
    kit_version_id: int
    kit_name: str
    launch_name: str
    launch_state: LaunchState
    touch_state: TouchState
    kit_withdrawn: bool
    key: str
    channel: TouchChannel
    way: TouchChannel
    position: int
    due_at: datetime
    template_version_id: int | None
    format_key: str
    texts: Mapping[str, Mapping[str, str]]
    default_locale: str
    link_url: str
    hours: Hours
    time_zone: str
    tracking: Tracking
    attachment: Mapping[str, Any] | None
    values: Mapping[str, Any]
    sender: FromLine
    partner: PartnerProfile
    brand: BrandProfile

    @property
    def template_version_ids(self) -> frozenset[int]:
        """Return the template versions that the touch is made of: that of its mail or picture, and of its file."""
        attached = int(self.attachment["template_version_id"]) if self.attachment else None
        return frozenset(each for each in (self.template_version_id, attached) if each is not None)

    @property
    def may_send(self) -> bool:
        """Tell whether deliveries of this touch may leave now."""
        return (
            self.launch_state is LaunchState.RUNNING
            and not self.kit_withdrawn
            and self.touch_state in {TouchState.DUE, TouchState.FANNED_OUT}
        )


def visible_to(actor: Actor) -> Select[Launch]:
    """Return the launches that an actor may see, each with its touches. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    return owned_by(actor, Launch).options(selectinload(Launch.touches))


def visible_touches(actor: Actor) -> Select[LaunchTouch]:
    """Return the touches that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    return owned_by(actor, LaunchTouch)


def one(actor: Actor, launch_id: int) -> Launch:
    """Return one launch. Raises LaunchNotFound."""
    found = session.scalars(visible_to(actor).where(Launch.id == launch_id)).one_or_none()
    if found is None:
        raise LaunchNotFound
    return found


def one_for_update(actor: Actor, launch_id: int) -> Launch:
    """Return one launch as it is now and keep others from changing it meanwhile. Raises LaunchNotFound."""
    rows = lock(visible_to(actor).where(Launch.id == launch_id)).execution_options(populate_existing=True)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise LaunchNotFound
    return found


def one_if_free(actor: Actor, launch_id: int) -> Launch | None:
    """Return one launch for update, or None when somebody else is at it: they will do what is owed."""
    rows = visible_to(actor).where(Launch.id == launch_id).with_for_update(skip_locked=True)
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def page_of(
    actor: Actor,
    *,
    limit: int = 50,
    after: int | None = None,
    state: str = "",
    partner_id: int | None = None,
    kit_version_ids: Collection[int] | None = None,
) -> Page[Launch]:
    """Return one page of launches, newest first."""
    rows = visible_to(actor)
    if state:
        rows = rows.where(Launch.state == state)
    if partner_id is not None:
        rows = rows.where(Launch.partner_id == partner_id)
    if kit_version_ids is not None:
        rows = rows.where(Launch.kit_version_id.in_(kit_version_ids))
    return page(rows, Launch.id, limit=limit, after=after)


def of_versions(actor: Actor, kit_version_ids: Collection[int]) -> list[Launch]:
    """Return every launch of some versions of kits, oldest first."""
    rows = visible_to(actor).where(Launch.kit_version_id.in_(kit_version_ids))
    return list(session.scalars(rows.order_by(Launch.id)))


def touch(actor: Actor, touch_id: int) -> LaunchTouch:
    """Return one touch. Raises LaunchNotFound."""
    found = session.scalars(visible_touches(actor).where(LaunchTouch.id == touch_id)).one_or_none()
    if found is None:
        raise LaunchNotFound
    return found


def touches_between(actor: Actor, begins: datetime, ends: datetime, *, most: int) -> list[LaunchTouch]:
    """Return the touches whose wall time is in a span, each with its launch, earliest first; not those that ended."""
    rows = visible_touches(actor).where(
        LaunchTouch.due_at_local >= begins,
        LaunchTouch.due_at_local < ends,
        LaunchTouch.state != TouchState.CANCELLED,
    )
    wanted = rows.options(joinedload(LaunchTouch.launch)).order_by(LaunchTouch.due_at_local, LaunchTouch.id)
    return list(session.scalars(wanted.limit(most)))


def touches_made_of(actor: Actor, version_id: int) -> Select[LaunchTouch]:
    """Return the touches whose mail, picture or file is made of a template version."""
    attached = LaunchTouch.document["attachment"]["template_version_id"].as_integer()
    return visible_touches(actor).where(or_(LaunchTouch.template_version_id == version_id, attached == version_id))


def planned_with(actor: Actor, version_id: int) -> Select[LaunchTouch]:
    """Return the touches made of a template version of which nothing has left yet."""
    still_to_come = or_(LaunchTouch.state == TouchState.WAITING, _leaves_now())
    launch = LaunchTouch.launch.has(Launch.state.in_(OPEN_STATES))
    return touches_made_of(actor, version_id).where(still_to_come, launch)


def shared_with(actor: Actor, version_id: int) -> Select[LaunchTouch]:
    """Return the touches made of a template version that are shared by hand, or ready for it, or posted."""
    ready = and_(LaunchTouch.state == TouchState.DUE, _is_by_hand())
    posting = and_(LaunchTouch.state == TouchState.FANNED_OUT, LaunchTouch.channel.in_(POSTED))
    posted = and_(LaunchTouch.state == TouchState.FINISHED, LaunchTouch.channel.in_(POSTED))
    return touches_made_of(actor, version_id).where(or_(ready, posting, posted))


def _is_by_hand() -> ColumnElement[bool]:
    return or_(LaunchTouch.channel == TouchChannel.SHARE, LaunchTouch.by_hand)


def _leaves_now() -> ColumnElement[bool]:
    return and_(LaunchTouch.state == TouchState.DUE, not_(_is_by_hand()))


def sent_with(actor: Actor, version_id: int) -> list[tuple[int, str]]:
    """Return the touches made of a template version whose deliveries exist and are not all final, with their names."""
    rows = touches_made_of(actor, version_id).where(LaunchTouch.state == TouchState.FANNED_OUT)
    found = session.scalars(rows.options(selectinload(LaunchTouch.launch)).order_by(LaunchTouch.id))
    return [(touch.id, f"{touch.launch.name}: {name_of(touch)}") for touch in found]


def part_of(rows: Select[LaunchTouch], *, after: int, limit: int) -> list[LaunchTouch]:
    """Return touches with ids above `after`, in their order, each with its launch."""
    wanted = rows.where(LaunchTouch.id > after).options(selectinload(LaunchTouch.launch))
    return list(session.scalars(wanted.order_by(LaunchTouch.id).limit(limit)))


def count(rows: Select[LaunchTouch]) -> int:
    """Count touches."""
    return int(session.scalar(select(func.count()).select_from(rows.subquery())) or 0)


def name_of(touch: LaunchTouch) -> str:
    """Return what people call a touch."""
    return str(touch.document.get("name") or touch.key)


def touches_in(actor: Actor, state: TouchState, channels: Collection[TouchChannel]) -> list[int]:
    """Return the touches of some channels in a state, oldest first."""
    visible = visible_touches(actor).with_only_columns(LaunchTouch.id)
    wanted = visible.where(LaunchTouch.state == state, LaunchTouch.channel.in_(channels))
    return list(session.scalars(wanted.order_by(LaunchTouch.id)))


def hold_of(actor: Actor, partner_id: int) -> SenderHold | None:
    """Return what holds a partner, if anything does and the actor may see it."""
    rows = owned_by(actor, SenderHold).where(SenderHold.partner_id == partner_id)
    return session.scalars(rows).one_or_none()


def holds(actor: Actor) -> list[SenderHold]:
    """Return the partners that are held, as far as the actor may see them, the longest first."""
    return list(session.scalars(owned_by(actor, SenderHold).order_by(SenderHold.held_at)))


def running_for_update(actor: Actor) -> list[Launch]:
    """Return the launches of the actor's partner that run, locked."""
    running = visible_to(actor).where(Launch.partner_id == actor.partner_id, Launch.state == LaunchState.RUNNING)
    return list(session.scalars(lock(running.order_by(Launch.id))))


def open_shares(actor: Actor) -> list[int]:
    """Return the touches that are still to be said in one message: shared by hand, or posted."""
    visible = visible_touches(actor).with_only_columns(LaunchTouch.id)
    is_open = LaunchTouch.state.in_([TouchState.WAITING, TouchState.DUE])
    return list(session.scalars(visible.where(LaunchTouch.channel.in_(POSTED), is_open)))


def standing_of_touch(actor: Actor, touch_id: int) -> tuple[int, LaunchState, TouchState, int]:
    """Return owner, state of the launch, state of the touch and kit version: one short read. Raises LaunchNotFound."""
    rows = (
        select(LaunchTouch.partner_id, Launch.state, LaunchTouch.state, Launch.kit_version_id)
        .join(Launch, Launch.id == LaunchTouch.launch_id)
        .where(LaunchTouch.id == touch_id)
    )
    if actor.is_partner:
        rows = rows.where(LaunchTouch.partner_id == actor.partner_id)
    found = session.execute(rows).one_or_none()
    if found is None:
        raise LaunchNotFound
    return found[0], found[1], found[2], found[3]


def waiting_touches(now: datetime) -> list[tuple[int, datetime, datetime, str]]:
    """Return (launch, wall time, last instant, zone) of each waiting touch that could be due by now in any zone."""
    rows = (
        select(LaunchTouch.launch_id, LaunchTouch.due_at_local, LaunchTouch.due_at, Launch.time_zone)
        .join(Launch, Launch.id == LaunchTouch.launch_id)
        .where(
            LaunchTouch.state == TouchState.WAITING,
            Launch.state.in_([LaunchState.SCHEDULED, LaunchState.RUNNING]),
            LaunchTouch.due_at_local <= now.replace(tzinfo=None) + FURTHEST_AHEAD,
        )
        .order_by(LaunchTouch.due_at_local)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(rows)]


def owing_launches() -> list[int]:
    """Return the running launches of which a due touch was not fanned out, or of which nothing is left to do."""
    not_fanned_out = exists().where(LaunchTouch.launch_id == Launch.id, _leaves_now())
    still_open = exists().where(
        LaunchTouch.launch_id == Launch.id,
        or_(
            LaunchTouch.state.in_([TouchState.WAITING, TouchState.FANNED_OUT]),
            _leaves_now(),
        ),
    )
    rows = select(Launch.id).where(Launch.state == LaunchState.RUNNING, or_(not_fanned_out, ~still_open))
    return list(session.scalars(rows.order_by(Launch.id)))


def versions_in_use() -> set[int]:
    """Return the kit versions on which something still runs or waits."""
    return set(session.scalars(select(Launch.kit_version_id).where(Launch.state.in_(OPEN_STATES)).distinct()))


def open_launches_of(kit_version_ids: Collection[int]) -> list[int]:
    """Return the launches of kit versions that still run or wait."""
    rows = select(Launch.id).where(Launch.kit_version_id.in_(kit_version_ids), Launch.state.in_(OPEN_STATES))
    return list(session.scalars(rows.order_by(Launch.id)))
