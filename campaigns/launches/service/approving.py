"""Have a launch approved by the brand before it leaves, when the kit asks for it."""

from __future__ import annotations

from campaigns.launches import queries, rules
from campaigns.launches.errors import ApprovalNotAsked, OwnLaunch
from campaigns.launches.model import Launch
from campaigns.launches.rules import Approval, LaunchState, TouchState
from campaigns.launches.service.advancing import advance_locked
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import move
from tcma.notifications import service as notifications


def ask(actor: Actor, launch: Launch) -> None:
    """Keep a launch as a draft until somebody at the brand has decided about it."""
    launch.approval = Approval.WAITING
    session.flush()
    for role in (Role.MARKETING, Role.CHANNEL_MANAGER):
        notifications.tell_role(
            actor,
            role,
            kind="campaigns.launch.approval_asked",
            title=f"To approve: {launch.name}",
            body="A partner wants to launch this kit. Nothing leaves until you have decided.",
            link=f"/launches/{launch.id}",
        )


def approve(actor: Actor, launch_id: int) -> Launch:
    """Let a launch go: at its time, or now when that has passed meanwhile.

    Raises LaunchNotFound, Forbidden, ApprovalNotAsked, OwnLaunch.
    """
    launch = _waiting(actor, launch_id)
    _decide(actor, launch, Approval.APPROVED, "")
    launch.state = move(rules.MOVES, launch.state, LaunchState.SCHEDULED)
    # The partner has waited for the brand: it is not asked whether it is late.
    launch.confirmed_at = clock.now()
    session.flush()
    audit.record(actor, "campaigns.launch.approved", launch)
    _tell(actor, launch, "approved", f"{launch.name} was approved", "It leaves as you planned it.")
    advance_locked(actor, launch)
    return launch


def reject(actor: Actor, launch_id: int, *, reason: str) -> Launch:
    """End a launch that may not leave like this; the partner reads why, and can launch it anew.

    Raises LaunchNotFound, Forbidden, ApprovalNotAsked, OwnLaunch.
    """
    launch = _waiting(actor, launch_id)
    _decide(actor, launch, Approval.REJECTED, reason.strip())
    launch.state = move(rules.MOVES, launch.state, LaunchState.CANCELLED)
    launch.stopped_reason = f"The brand did not approve it: {launch.approval_note}"
    for touch in launch.touches:
        touch.state = move(rules.TOUCH_MOVES, touch.state, TouchState.CANCELLED)
    session.flush()
    audit.record(actor, "campaigns.launch.rejected", launch, reason=launch.approval_note)
    _tell(actor, launch, "rejected", f"{launch.name} was not approved", launch.approval_note)
    return launch


def _waiting(actor: Actor, launch_id: int) -> Launch:
    launch = queries.one_for_update(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_APPROVE, launch)
    if launch.approval is not Approval.WAITING or launch.state is not LaunchState.DRAFT:
        raise ApprovalNotAsked
    if launch.launched_by is not None and launch.launched_by == actor.user_id:
        raise OwnLaunch
    return launch


def _decide(actor: Actor, launch: Launch, approval: Approval, note: str) -> None:
    launch.approval, launch.approval_note = approval, note
    launch.decided_by, launch.decided_at = actor.user_id, clock.now()


def _tell(actor: Actor, launch: Launch, word: str, title: str, body: str) -> None:
    notifications.tell_partner(
        actor,
        launch.partner_id,
        kind=f"campaigns.launch.{word}",
        title=title,
        body=body,
        link=f"/launches/{launch.id}",
    )
