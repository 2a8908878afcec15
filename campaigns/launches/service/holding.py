"""Hold a sender whose mails people report as spam: its launches pause, or it sends nothing until the brand says so."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from campaigns.launches import queries, rules
from campaigns.launches.errors import SenderHeld, SenderNotHeld
from campaigns.launches.model import SenderHold
from campaigns.launches.rules import LaunchState
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import move
from tcma.notifications import service as notifications


def pause_sender(actor: Actor, partner_id: int, *, reason: str) -> None:
    """Pause what a partner is sending, and tell it why; it may go on when it has found the cause. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE)
    if not _pause_running(actor, reason):
        return
    notifications.tell_partner(
        actor,
        partner_id,
        kind="campaigns.sender.paused",
        title="Your launches are paused: mails were reported as spam",
        body=f"{reason} Look at who is on your list and what you wrote. Then resume each launch.",
        link="/launches",
    )


def hold_sender(actor: Actor, partner_id: int, *, reason: str) -> None:
    """Let a partner send nothing until the brand releases it; done twice, it changes nothing. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE)
    made = session.execute(
        insert(SenderHold)
        .values(partner_id=partner_id, reason=reason, held_at=clock.now())
        .on_conflict_do_nothing()
        .returning(SenderHold.partner_id)
    ).all()
    _pause_running(actor, reason)
    if not made:
        return
    audit.record(actor, "campaigns.sender.held", queries.hold_of(actor, partner_id), reason=reason)
    told = {
        "kind": "campaigns.sender.held",
        "title": "Sending has stopped: mails were reported as spam",
        "body": f"{reason} Nothing leaves until the brand has looked at it.",
    }
    notifications.tell_partner(actor, partner_id, **told, link="/launches")
    notifications.tell_role(actor, Role.CHANNEL_MANAGER, **told, link="/launches")


def release_sender(actor: Actor, partner_id: int) -> None:
    """Let a partner launch and resume again. Raises SenderNotHeld, Forbidden."""
    hold = queries.hold_of(actor, partner_id)
    if hold is None:
        raise SenderNotHeld
    authorize(actor, Permission.CAMPAIGNS_SENDER_RELEASE, hold)
    audit.record(actor, "campaigns.sender.released", hold, reason=hold.reason)
    session.delete(hold)
    session.flush()
    notifications.tell_partner(
        actor,
        partner_id,
        kind="campaigns.sender.released",
        title="You may send again",
        body="The brand has looked at it. Resume each launch that is to go on.",
        link="/launches",
    )


def held_senders(actor: Actor) -> list[SenderHold]:
    """Return who is held: a partner itself, the brand everybody. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    return queries.holds(actor)


def check_not_held(actor: Actor, partner_id: int) -> None:
    """Refuse to send for a partner that is held. Raises SenderHeld."""
    hold = queries.hold_of(actor, partner_id)
    if hold is not None:
        raise SenderHeld(
            f"{hold.reason} Nothing leaves until the brand has looked at it: write to your channel manager."
        )


def _pause_running(actor: Actor, reason: str) -> bool:
    running = queries.running_for_update(actor)
    for launch in running:
        launch.state = move(rules.MOVES, launch.state, LaunchState.PAUSED)
        launch.stopped_reason = reason
        session.flush()
        audit.record(actor, "campaigns.launch.paused", launch, reason=reason)
    return bool(running)
