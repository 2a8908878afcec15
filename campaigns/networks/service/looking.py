"""What people and other rooms see of accounts: never what opens them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.networks import queries
from campaigns.networks.drivers import DRIVERS
from campaigns.networks.errors import AccountsArePartners
from campaigns.networks.model import SocialAccount
from campaigns.networks.rules import AccountState, Network
from campaigns.networks.service import sealing
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account, as its partner sees it."""

    id: int
    partner_id: int
    network: Network
    server: str
    handle: str
    name: str
    url: str
    state: AccountState
    trouble: str
    expires_at: datetime | None
    connected_at: datetime

    @property
    def label(self) -> str:
        """Return the network and the account in a few words."""
        return f"{self.network.label}: {self.handle}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A network that a partner may connect to, and what it is asked for."""

    network: Network
    is_offered: bool
    asks_for: tuple[str, ...]
    signs_in_there: bool


def accounts(
    actor: Actor, *, network: Network | None = None, limit: int = 50, after: int | None = None
) -> Page[AccountView]:
    """Return one page of a partner's accounts. Raises Forbidden, AccountsArePartners."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_READ)
    if not actor.is_partner:
        raise AccountsArePartners
    found = queries.page_of(actor, network=network, limit=limit, after=after)
    return Page([account_view(row) for row in found.items], found.next)


def account(actor: Actor, account_id: int) -> AccountView:
    """Return one account. Raises AccountNotFound, Forbidden."""
    row = queries.one(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_READ, row)
    return account_view(row)


def usable_accounts(actor: Actor, partner_id: int, network: Network) -> Sequence[AccountView]:
    """Return the accounts in whose name a partner's posts leave; the brand sees none."""
    return [account_view(row) for row in queries.usable(actor, partner_id, [network])]


def offers(actor: Actor) -> Sequence[Offer]:
    """Return the networks, and whether the operator has set them up. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_READ)
    found = []
    for network, driver in DRIVERS.items():
        offered = not driver.needs_app or sealing.own_app(network) is not None
        found.append(Offer(network, offered, driver.asks_for, driver.signs_in_there))
    return found


def account_view(row: SocialAccount) -> AccountView:
    """Return what may be seen of an account."""
    return AccountView(
        id=row.id,
        partner_id=row.partner_id,
        network=row.network,
        server=row.server,
        handle=row.handle,
        name=row.name,
        url=row.url,
        state=row.state,
        trouble=row.trouble,
        expires_at=row.expires_at,
        connected_at=row.connected_at,
    )
