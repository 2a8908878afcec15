"""Renew tokens: one at a time for each account, the network asked outside of any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.networks import queries, rules
from campaigns.networks.drivers import Access, driver_of
from campaigns.networks.errors import AccessLost, AccountUnusable, BeingRefreshed, NetworkRefused
from campaigns.networks.model import SocialAccount
from campaigns.networks.rules import AccountState, Network, Tokens
from campaigns.networks.service import sealing
from campaigns.networks.service.keeping import lose_access
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a network said: new tokens, or why it does not let us in any more, or nothing."""

    tokens: Tokens | None = None
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """An account that this job alone is renewing, until `mark`."""

    account_id: int
    network: Network
    access: Access
    mark: datetime

    def ask(self) -> Renewed:
        """Ask the network for new tokens: call it outside of the transaction."""
        try:
            tokens = driver_of(self.network).renew(self.access)
        except (AccessLost, NetworkRefused) as error:
            return Renewed(lost=error.detail)
        except DomainError as error:
            log.warning("account not renewed", social_account_id=self.account_id, code=error.code)
            return Renewed()
        # A network that sends no new refresh token means the old one to go on.
        kept = self.access.tokens
        return Renewed(
            Tokens(tokens.access, tokens.refresh or kept.refresh, tokens.access_until, tokens.until or kept.until)
        )


def due_for_refresh(actor: Actor) -> list[tuple[int, int]]:
    """Return (partner, account) of the tokens that are to be renewed by now. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_READ)
    return [(row.partner_id, row.id) for row in queries.due_for_refresh(actor, clock.now())]


def is_fresh(actor: Actor, account_id: int) -> bool:
    """Tell whether an account can be used as it is: its token lives long enough. Raises AccountNotFound."""
    row = queries.one(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_READ, row)
    return row.access_until is None or row.access_until > clock.now() + rules.SOON_OLD


def begin_renewal(actor: Actor, account_id: int) -> Renewal:
    """Take an account to renew its tokens; whoever comes second is told to wait.

    Raises AccountNotFound, Forbidden, AccountUnusable, BeingRefreshed.
    """
    row = queries.one_for_update(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    now = clock.now()
    if row.state not in rules.USABLE:
        raise AccountUnusable
    if row.refreshing_until is not None and row.refreshing_until > now:
        raise BeingRefreshed
    row.refreshing_until = now + rules.REFRESH_LASTS
    session.flush()
    return Renewal(row.id, row.network, sealing.access_of(row), row.refreshing_until)


def end_renewal(actor: Actor, renewal: Renewal, renewed: Renewed) -> None:
    """Keep new tokens, or note that a person is needed; without an answer it is tried again in an hour.

    Nothing is kept when the account was connected again or disconnected meanwhile: what came of that is newer.
    Raises AccountNotFound, Forbidden.
    """
    row = queries.one_for_update(actor, renewal.account_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.refreshing_until != renewal.mark or row.state not in rules.USABLE:
        return
    row.refreshing_until = None
    if renewed.tokens is not None:
        _put(row, renewal, renewed.tokens)
    elif renewed.lost:
        lose_access(actor, row.id, reason=renewed.lost)
    else:
        row.refresh_at = clock.now() + rules.RETRY_REFRESH if row.refresh_at else None


def _put(row: SocialAccount, renewal: Renewal, tokens: Tokens) -> None:
    now = clock.now()
    row.sealed = sealing.seal_account(renewal.access.app, row.network, tokens)
    row.access_until, row.expires_at = tokens.access_until, tokens.until
    row.refresh_at = rules.refresh_at(tokens, now)
    lives = row.expires_at is None or row.expires_at > now + rules.WARN_AHEAD
    if row.state is AccountState.EXPIRING and lives:
        row.state = move(rules.MOVES, row.state, AccountState.CONNECTED)
        row.warned_at = None
    session.flush()


def open_account(actor: Actor, account_id: int) -> tuple[Network, Access]:
    """Open an account for use. Raises AccountNotFound, Forbidden, AccountUnusable."""
    row = queries.one(actor, account_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.state not in rules.USABLE:
        raise AccountUnusable
    return row.network, sealing.access_of(row)
