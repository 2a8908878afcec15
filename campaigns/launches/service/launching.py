"""Launch a kit: one click, with what the partner's profile knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from campaigns.kits import service as kits
from campaigns.kits.rules import KitVersionState, TouchChannel
from campaigns.launches import queries, rules
from campaigns.launches.errors import KitNotLaunchable, NotForPartners
from campaigns.launches.model import Launch, LaunchTouch
from campaigns.launches.rules import LaunchState, PlannedTouch, TouchState
from campaigns.launches.service.advancing import advance_locked
from campaigns.launches.service.planning import checked_plan, reply_address, sender_address
from tcma.accounts import service as accounts
from tcma.accounts.service import PartnerProfile
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def launch(
    actor: Actor,
    *,
    kit_version_id: int,
    starts_at_local: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    leave_out: Iterable[str] = (),
    name: str = "",
    sender_name: str = "",
    reply_to: str = "",
) -> Launch:
    """Launch a kit in the partner's name, now (None) or at a wall time of the partner's zone.

    `values` is touch key -> variable -> value; what is left out falls back to the profile and the template.
    Raises KitNotFound, Forbidden, NotForPartners, KitNotLaunchable, ProfileIncomplete, LaunchInvalid, NothingToLaunch.
    """
    if actor.partner_id is None:
        raise NotForPartners
    kit = kits.version(actor, kit_version_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if kit.state is not KitVersionState.PUBLISHED:
        raise KitNotLaunchable
    partner = accounts.partner_profile(actor, actor.partner_id)
    planned = checked_plan(
        actor, partner, kit, starts_at_local=starts_at_local, leave_out=leave_out, values=values or {}
    )
    now = clock.now()
    row = Launch(
        partner_id=partner.id,
        kit_version_id=kit.id,
        name=(name.strip() or kit.name)[: rules.MAX_NAME_CHARS],
        state=LaunchState.DRAFT,
        values=dict(values or {}),
        sender_name=sender_name.strip() or partner.trade_name,
        sender_email=sender_address(partner),
        reply_to=reply_address(partner, reply_to),
        starts_at_local=planned[0].due_at_local,
        time_zone=partner.time_zone,
        launched_by=actor.user_id,
        launched_at=now,
        touches=[_touch_row(partner, one) for one in planned],
    )
    session.add(row)
    row.state = move(rules.MOVES, row.state, LaunchState.SCHEDULED)
    if starts_at_local is None:
        # Said just now: no question about lateness, even in an hour that the clocks repeat.
        row.confirmed_at = now
    session.flush()
    audit.record(
        actor,
        "campaigns.launch.launched",
        row,
        kit_version_id=kit.id,
        starts_at_local=row.starts_at_local,
        time_zone=row.time_zone,
        touches=[one.key for one in row.touches],
    )
    advance_locked(actor, row)
    return queries.one(actor, row.id)


def _touch_row(partner: PartnerProfile, planned: PlannedTouch) -> LaunchTouch:
    return LaunchTouch(
        partner_id=partner.id,
        key=planned.touch["key"],
        channel=TouchChannel(planned.touch["channel"]),
        position=planned.position,
        template_version_id=planned.touch["template_version_id"],
        due_at_local=planned.due_at_local,
        due_at=rules.instant(planned.due_at_local, partner.time_zone),
        state=TouchState.WAITING,
        document=dict(planned.touch),
    )
