"""Steer a launch that is under way: pause, resume, confirm, cancel, and stop what the brand has withdrawn."""

from __future__ import annotations

from campaigns.kits import service as kits
from campaigns.launches import queries, rules
from campaigns.launches.errors import KitNotLaunchable
from campaigns.launches.model import Launch
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service.advancing import advance_locked
from campaigns.launches.service.holding import check_not_held
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications

WITHDRAWN = "The brand withdrew this version of the kit."


def pause(actor: Actor, launch_id: int) -> Launch:
    """Let nothing more of a launch leave until it is resumed. Raises LaunchNotFound, Forbidden, IllegalMove."""
    launch = queries.one_for_update(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE, launch)
    # A person pauses what is under way; a recall also what has not begun.
    moves = {LaunchState.RUNNING: frozenset({LaunchState.PAUSED})}
    launch.state = move(moves, launch.state, LaunchState.PAUSED)
    session.flush()
    audit.record(actor, "campaigns.launch.paused", launch)
    return launch


def resume(actor: Actor, launch_id: int) -> Launch:
    """Let a paused launch go on; what became due meanwhile leaves now.

    Raises LaunchNotFound, Forbidden, IllegalMove, KitNotLaunchable.
    """
    return _go_on(actor, launch_id, LaunchState.PAUSED, "campaigns.launch.resumed")


def confirm(actor: Actor, launch_id: int) -> Launch:
    """Let a launch that was found late go out after all.

    Raises LaunchNotFound, Forbidden, IllegalMove, KitNotLaunchable.
    """
    return _go_on(actor, launch_id, LaunchState.MISSED, "campaigns.launch.confirmed")


def cancel(actor: Actor, launch_id: int, *, reason: str = "") -> Launch:
    """End a launch; what has not left will not leave. Raises LaunchNotFound, Forbidden, IllegalMove."""
    launch = queries.one_for_update(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CANCEL, launch)
    _stop(launch, reason.strip())
    audit.record(actor, "campaigns.launch.cancelled", launch, reason=launch.stopped_reason)
    return launch


def withdrawn_in_use(actor: Actor) -> list[int]:
    """Return the launches that still run or wait on a kit version that the brand has withdrawn."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    withdrawn = kits.withdrawn_among(queries.versions_in_use())
    return queries.open_launches_of(withdrawn) if withdrawn else []


def stop_withdrawn(actor: Actor, launch_id: int) -> None:
    """Stop a launch whose kit version the brand has withdrawn, and tell the partner; done twice, it changes nothing.

    Raises LaunchNotFound, Forbidden.
    """
    launch = queries.one_for_update(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CANCEL, launch)
    if launch.state not in rules.OPEN_STATES or not kits.withdrawn_among([launch.kit_version_id]):
        return
    _stop(launch, WITHDRAWN)
    audit.record(actor, "campaigns.launch.stopped", launch, reason=WITHDRAWN)
    notifications.tell_partner(
        actor,
        launch.partner_id,
        kind="campaigns.launch.stopped",
        title=f"{launch.name} was stopped",
        body=WITHDRAWN,
        link=f"/launches/{launch.id}",
    )


def _go_on(actor: Actor, launch_id: int, only_from: LaunchState, action: str) -> Launch:
    launch = queries.one_for_update(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE, launch)
    # Two verbs lead to running; each has its own starting point.
    moves = {only_from: frozenset({LaunchState.RUNNING})}
    launch.state = move(moves, launch.state, move(rules.MOVES, only_from, LaunchState.RUNNING))
    if kits.withdrawn_among([launch.kit_version_id]):
        raise KitNotLaunchable(WITHDRAWN)
    check_not_held(actor, launch.partner_id)
    launch.confirmed_at = clock.now()
    launch.stopped_reason = ""
    session.flush()
    audit.record(actor, action, launch)
    advance_locked(actor, launch)
    return launch


def _stop(launch: Launch, reason: str) -> None:
    launch.state = move(rules.MOVES, launch.state, LaunchState.CANCELLED)
    launch.stopped_reason = reason
    for touch in launch.touches:
        if touch.state not in {TouchState.FINISHED, TouchState.CANCELLED}:
            touch.state = move(rules.TOUCH_MOVES, touch.state, TouchState.CANCELLED)
    session.flush()
