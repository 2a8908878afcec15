"""Move launches on as time passes. The database is the schedule; losing or repeating a tick does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.kits.rules import POSTED, TouchChannel
from campaigns.launches import queries, rules
from campaigns.launches.model import Launch, LaunchTouch
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.networks import service as networks
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications


def owed(actor: Actor) -> list[int]:
    """Return every launch that has something to do by now, however long ago it was due; the longest due first."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    now = clock.now()
    ids = [
        launch_id
        for launch_id, due_at_local, due_at, zone_name in queries.waiting_touches(now)
        # An instant that is not what it was: the rules of the zone have changed.
        if (instant := rules.instant(due_at_local, zone_name)) <= now or instant != due_at
    ]
    return list(dict.fromkeys(ids + queries.owing_launches()))


def advance(actor: Actor, launch_id: int) -> None:
    """Do what a launch owes by now; nothing, when somebody else is at it."""
    launch = queries.one_if_free(actor, launch_id)
    if launch is None:
        return
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, launch)
    advance_locked(actor, launch)


def advance_locked(actor: Actor, launch: Launch) -> None:
    """Do what a launch owes by now; the caller holds its row."""
    if launch.state not in {LaunchState.SCHEDULED, LaunchState.RUNNING}:
        return
    now = clock.now()
    due = _due_touches(launch, now)
    if any(rules.is_late(touch.due_at, confirmed_at=launch.confirmed_at, now=now) for touch in due):
        _ask(actor, launch)
        return
    for touch in due:
        touch.state = move(rules.TOUCH_MOVES, touch.state, TouchState.DUE)
        network = touch.channel.network
        touch.by_hand = network is not None and not networks.usable_accounts(actor, launch.partner_id, network)
        if touch.channel in POSTED:
            # Again, since the profile may lead elsewhere by now.
            enqueue("campaigns.sending.register_share", touch_id=touch.id)
        if touch.way is TouchChannel.SHARE:
            tell_to_share(actor, launch, touch)
    if due and launch.state is LaunchState.SCHEDULED:
        launch.state = move(rules.MOVES, launch.state, LaunchState.RUNNING)
        audit.record(actor, "campaigns.launch.started", launch)
    session.flush()
    if launch.state is LaunchState.RUNNING:
        for touch in launch.touches:
            if touch.state is TouchState.DUE:
                _fan_out(touch)
        complete_if_done(actor, launch)
    session.flush()


def _fan_out(touch: LaunchTouch) -> None:
    if touch.way is TouchChannel.EMAIL:
        enqueue("campaigns.sending.fan_out", touch_id=touch.id)
    elif touch.way is not TouchChannel.SHARE:
        enqueue("campaigns.posting.fan_out", touch_id=touch.id)


def complete_if_done(actor: Actor, launch: Launch) -> None:
    """Complete a running launch of which nothing is still to leave by itself."""
    done = rules.is_done((touch.way, touch.state) for touch in launch.touches)
    if launch.state is LaunchState.RUNNING and done:
        launch.state = move(rules.MOVES, launch.state, LaunchState.COMPLETED)
        launch.completed_at = clock.now()
        audit.record(actor, "campaigns.launch.completed", launch)
        notifications.tell_partner(
            actor,
            launch.partner_id,
            kind="campaigns.launch.completed",
            title=f"{launch.name} is complete",
            body="Everything has left. Look at what came of it.",
            link=f"/launches/{launch.id}",
        )


def _due_touches(launch: Launch, now: datetime) -> Sequence[LaunchTouch]:
    due = []
    for touch in launch.touches:
        if touch.state is TouchState.WAITING:
            touch.due_at = rules.instant(touch.due_at_local, launch.time_zone)
            if touch.due_at <= now:
                due.append(touch)
    return due


def _ask(actor: Actor, launch: Launch) -> None:
    launch.state = move(rules.MOVES, launch.state, LaunchState.MISSED)
    audit.record(actor, "campaigns.launch.missed", launch)
    notifications.tell_partner(
        actor,
        launch.partner_id,
        kind="campaigns.launch.missed",
        title=f"{launch.name} did not leave on time",
        body="It was found more than an hour late, so nothing was sent. Say whether it may still go out.",
        link=f"/launches/{launch.id}",
    )
    session.flush()


def tell_to_share(actor: Actor, launch: Launch, touch: LaunchTouch) -> None:
    """Ask the partner to share what is ready."""
    notifications.tell_partner(
        actor,
        launch.partner_id,
        kind="campaigns.launch.share_due",
        title=f"Time to share: {touch.document.get('name') or launch.name}",
        body="Text and picture are ready to copy and download.",
        link=f"/launches/{launch.id}",
    )
