"""Say in time that an account will need its person again, and stop using it when it is over."""

from __future__ import annotations

from sqlalchemy import delete

from campaigns.networks import queries, rules
from campaigns.networks.model import Handshake
from campaigns.networks.rules import AccountState
from campaigns.networks.service.keeping import lose_access
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications

OVER = "The network's permission has ended."


def warn_expiring(actor: Actor) -> int:
    """Tell each partner once which accounts end within twenty days; return how many. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    now = clock.now()
    ending = queries.ending_by(actor, AccountState.CONNECTED, now + rules.WARN_AHEAD)
    for row in ending:
        row.state = move(rules.MOVES, row.state, AccountState.EXPIRING)
        if row.warned_at is None and row.expires_at is not None:
            row.warned_at = now
            notifications.tell_partner(
                actor,
                row.partner_id,
                kind="campaigns.account.expiring",
                title=f"{row.handle} at {row.network.label} has to be connected again soon",
                body=f"The network's permission ends on {row.expires_at:%Y-%m-%d}. After that nothing is posted there.",
                link="/social-accounts",
            )
    session.flush()
    return len(ending)


def expire(actor: Actor) -> int:
    """Stop using the accounts whose permission has ended, and say so; return how many there are. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    ended = [row.id for state in sorted(rules.USABLE) for row in queries.ending_by(actor, state, clock.now())]
    for account_id in ended:
        lose_access(actor, account_id, reason=OVER)
    return len(ended)


def forget_handshakes(actor: Actor) -> None:
    """Delete the handshakes that are over. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    session.execute(delete(Handshake).where(Handshake.expires_at < clock.now()))
