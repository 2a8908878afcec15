"""Launch a kit: one click, with what the partner's profile knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from campaigns.kits import service as kits
from campaigns.kits.rules import POSTED, KitVersionState
from campaigns.launches import queries, rules
from campaigns.launches.errors import KitNotLaunchable
from campaigns.launches.model import Launch, LaunchTouch
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service import approving
from campaigns.launches.service.advancing import advance_locked
from campaigns.launches.service.drafts import TouchDraft
from campaigns.launches.service.holding import check_not_held
from campaigns.launches.service.planning import launches_for, permission_to_launch
from campaigns.launches.service.previewing import preview
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.states import move
from tcma.notifications import service as notifications


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
    partner_id: int | None = None,
) -> Launch:
    """Launch a kit in the partner's name, now (None) or at a wall time of the partner's zone.

    `partner_id` is for the brand, which launches on behalf of a partner; it sees nobody's contacts by that.
    `values` is touch key -> variable -> value; what is left out falls back to the profile and the template.
    Raises KitNotFound, Forbidden, NotForPartners, KitNotLaunchable, SenderHeld, ProfileIncomplete, LaunchInvalid,
    NothingToLaunch.
    """
    whose = launches_for(actor, partner_id)
    authorize(actor, permission_to_launch(actor))
    kit = kits.version(actor, kit_version_id)
    if kit.state is not KitVersionState.PUBLISHED:
        raise KitNotLaunchable
    check_not_held(actor, whose)
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
        partner_id=partner_id,
    )
    now = clock.now()
    row = Launch(
        partner_id=whose,
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
        on_behalf=actor.is_brand,
        touches=[_touch_row(one) for one in draft.touches],
    )
    session.add(row)
    if not kit.needs_approval:
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
        on_behalf=row.on_behalf,
    )
    if row.on_behalf:
        _tell_partner(actor, row)
    for touch in row.touches:
        if touch.channel in POSTED:
            enqueue("campaigns.sending.register_share", touch_id=touch.id)
    if kit.needs_approval:
        approving.ask(actor, row)
    else:
        advance_locked(actor, row)
    return queries.one(actor, row.id)


def _tell_partner(actor: Actor, launch: Launch) -> None:
    notifications.tell_partner(
        actor,
        launch.partner_id,
        kind="campaigns.launch.on_behalf",
        title=f"{actor.name} launched {launch.name} for you",
        body="It leaves in your name, to your contacts, whom nobody at the brand sees. You can pause or cancel it.",
        link=f"/launches/{launch.id}",
    )


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
