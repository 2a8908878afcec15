"""Let go of accounts: because a person says so, or because the network does."""

from __future__ import annotations

from campaigns.networks import queries, rules
from campaigns.networks.drivers import Access, driver_of
from campaigns.networks.errors import AccountUnusable, NetworkNotOffered
from campaigns.networks.model import SocialAccount
from campaigns.networks.rules import AccountState, Network
from campaigns.networks.service import sealing
from tcma.audit import service as audit
from tcma.infra.crypto import BadSignature
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.logs import get_logger
from tcma.notifications import service as notifications

log = get_logger(__name__)


def disconnect(actor: Actor, account_id: int) -> tuple[SocialAccount, Access | None]:
    """Forget what opens an account, and return it a last time, for `revoke`.

    Raises AccountNotFound, Forbidden, IllegalMove.
    """
    row = queries.one_for_update(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT, row)
    target = move(rules.MOVES, row.state, AccountState.DISCONNECTED)
    try:
        access = sealing.access_of(row)
    except (AccountUnusable, NetworkNotOffered, BadSignature):
        # What cannot be opened any more is let go of all the same.
        access = None
    row.state = target
    row.sealed = b""
    row.access_until = row.expires_at = row.refresh_at = row.refreshing_until = None
    session.flush()
    audit.record(actor, "campaigns.account.disconnected", row, network=row.network, handle=row.handle)
    return row, access


def revoke(network: Network, access: Access | None) -> None:
    """Tell the network that its tokens are not needed any more; whatever it says, they are gone here.

    Speaks to the network: call it outside of the transaction.
    """
    if access is None:
        return
    try:
        driver_of(network).let_go(access)
    except DomainError as error:
        log.info("tokens not revoked", network=network.value, code=error.code)


def lose_access(actor: Actor, account_id: int, *, reason: str) -> None:
    """Note that a network lets us in no more, and tell the partner, once. Raises AccountNotFound, Forbidden."""
    row = queries.one_for_update(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.state not in rules.USABLE:
        return
    row.state = move(rules.MOVES, row.state, AccountState.EXPIRED)
    row.trouble = reason
    row.refresh_at = row.refreshing_until = None
    session.flush()
    audit.record(actor, "campaigns.account.expired", row, reason=reason)
    notifications.tell_partner(
        actor,
        row.partner_id,
        kind="campaigns.account.expired",
        title=f"Connect {row.handle} at {row.network.label} again",
        body=f"{reason} Until then nothing is posted there.",
        link="/social-accounts",
    )
