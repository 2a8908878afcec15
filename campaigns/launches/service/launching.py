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
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service.advancing import advance_locked
from campaigns.launches.service.drafts import TouchDraft
from campaigns.launches.service.holding import check_not_held
from campaigns.launches.service.previewing import preview
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
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
    sender_id: int | None = None,
    sender_name: str = "",
    reply_to: str = "",
) -> Launch:
    """Launch a kit in the partner's name, now (None) or at a wall time of the partner's zone.

    `values` is touch key -> variable -> value; what is left out falls back to the profile and the template.
    Raises KitNotFound, Forbidden, NotForPartners, KitNotLaunchable, SenderHeld, ProfileIncomplete, LaunchInvalid,
    NothingToLaunch.
    """
    if actor.partner_id is None:
        raise NotForPartners
    kit = kits.version(actor, kit_version_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if kit.state is not KitVersionState.PUBLISHED:
        raise KitNotLaunchable
    check_not_held(actor, actor.partner_id)
    # What is launched is what is previewed: the same code gathers, and refuses, for both.
    draft = preview(
        actor,
        kit_version_id=kit_version_id,
        starts_at_local=starts_at_local,
        values=values,
        leave_out=leave_out,
        name=name,
        sender_id=sender_id,
        sender_name=sender_name,
        reply_to=reply_to,
    )
    now = clock.now()
    row = Launch(
        partner_id=actor.partner_id,
        kit_version_id=kit.id,
        name=(name.strip() or kit.name)[: rules.MAX_NAME_CHARS],
        state=LaunchState.DRAFT,
        values=dict(values or {}),
        sender_name=draft.sender_name,
        sender_email=draft.sender_email,
        sender_id=sender_id,
        reply_to=draft.reply_to,
        starts_at_local=draft.touches[0].due_at_local,
        time_zone=draft.time_zone,
        launched_by=actor.user_id,
        launched_at=now,
        touches=[_touch_row(one) for one in draft.touches],
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
    for touch in row.touches:
        if touch.channel is TouchChannel.SHARE:
            enqueue("campaigns.sending.register_share", touch_id=touch.id)
    advance_locked(actor, row)
    return queries.one(actor, row.id)


def _touch_row(touch: TouchDraft) -> LaunchTouch:
    plan = touch.plan
    return LaunchTouch(
        partner_id=plan.partner_id,
        key=plan.key,
        channel=plan.channel,
        position=plan.position,
        template_version_id=plan.template_version_id,
        due_at_local=touch.due_at_local,
        due_at=plan.due_at,
        state=TouchState.WAITING,
        document=dict(touch.document),
    )
