"""Connect an account: plan in a transaction, speak to the network outside of it, keep what came of it in another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from campaigns.networks import queries, rules
from campaigns.networks.drivers import Way, driver_of
from campaigns.networks.drivers.speaking import challenge_of, new_verifier
from campaigns.networks.errors import (
    AccountsArePartners,
    HandshakeGone,
    NetworkNotOffered,
    ServerNeeded,
    TooManyAccounts,
    TooManyConnections,
)
from campaigns.networks.model import Handshake, SocialAccount
from campaigns.networks.rules import AccountState, App, Candidate, Grant, Network
from campaigns.networks.service import sealing
from tcma import settings
from tcma.audit import service as audit
from tcma.infra import cache, crypto
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move

_HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True, slots=True)
class Plan:
    """A network to connect to. The verbs here speak to it: call them outside of the transaction."""

    network: Network
    way: Way

    def open(self) -> Plan:
        """Make the service known to the server. Raises NetworkUnavailable, NetworkRefused."""
        app = driver_of(self.network).open(self.way.server, self.way.app, callback=self.way.callback)
        return replace(self, way=replace(self.way, app=app))

    def grant(self, answer: Mapping[str, str]) -> Grant:
        """Turn an answer into a grant. Raises ConsentRefused, NothingToChoose, NetworkUnavailable, NetworkRefused."""
        return driver_of(self.network).grant(self.way, answer)


@dataclass(frozen=True, slots=True)
class Taken:
    """A handshake that was used just now, and can be used by nobody again."""

    handshake_id: int
    plan: Plan


def plan_connect(actor: Actor, *, network: Network, server: str = "") -> Plan:
    """Plan to connect an account.

    Raises Forbidden, AccountsArePartners, TooManyAccounts, NetworkNotOffered, ServerNeeded, TooManyConnections.
    """
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    if actor.partner_id is None:
        raise AccountsArePartners
    if queries.count(actor, actor.partner_id) >= rules.MOST_ACCOUNTS:
        raise TooManyAccounts
    driver = driver_of(network)
    app = sealing.own_app(network)
    if driver.needs_app and app is None:
        raise NetworkNotOffered
    address = server_address(server) if "server" in driver.asks_for else ""
    window_s = int(rules.HANDSHAKE_LASTS.total_seconds())
    if cache.count_up(f"social-connect:{actor.partner_id}", window_s=window_s) > rules.MOST_TRIES:
        raise TooManyConnections
    return Plan(network, Way(address, app or App("", ""), new_verifier(), callback_url()))


def begin_connect(actor: Actor, plan: Plan) -> str:
    """Begin a handshake, and return where the person signs in. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    state = crypto.random_token()
    now = clock.now()
    way = plan.way
    handshake = Handshake(
        partner_id=actor.partner_id,
        user_id=actor.user_id,
        network=plan.network,
        server=way.server,
        state_hash=crypto.fingerprint(state),
        sealed=sealing.seal(app=sealing.kept(way.app, plan.network), verifier=way.verifier),
        created_at=now,
        expires_at=now + rules.HANDSHAKE_LASTS,
    )
    session.add(handshake)
    session.flush()
    audit.record(actor, "campaigns.account.connecting", handshake, network=plan.network, server=way.server)
    return driver_of(plan.network).sign_in_url(way, state=state, challenge=challenge_of(way.verifier))


def take_handshake(actor: Actor, *, state: str) -> Taken:
    """Use a handshake, once: only whoever began it, and within ten minutes. Raises Forbidden, HandshakeGone."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    now = clock.now()
    found = queries.handshake_in_state(actor, crypto.fingerprint(state))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise HandshakeGone
    found.used_at = now
    words = sealing.unseal(found.sealed)
    found.sealed = b""
    way = Way(found.server, sealing.app_from(words["app"], found.network), words["verifier"], callback_url())
    return Taken(found.id, Plan(found.network, way))


def finish_connect(actor: Actor, taken: Taken, grant: Grant) -> SocialAccount | None:
    """Keep the account that a grant opens; None when there are several: then a person chooses.

    Raises Forbidden, HandshakeNotFound.
    """
    if len(grant.candidates) == 1:
        return connect(actor, taken.plan, grant)[0]
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    now = clock.now()
    found = queries.handshake_for_update(actor, taken.handshake_id)
    found.sealed = sealing.seal_choices(taken.plan.way.app, found.network, grant.candidates)
    # Choosing takes its own time.
    found.expires_at = now + rules.HANDSHAKE_LASTS
    session.flush()
    return None


def connect(actor: Actor, plan: Plan, grant: Grant) -> Sequence[SocialAccount]:
    """Keep the accounts of a grant; one that was connected before is the same account again. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    if actor.partner_id is None:
        raise AccountsArePartners
    return [_keep(actor, actor.partner_id, plan, one) for one in grant.candidates]


def _keep(actor: Actor, partner_id: int, plan: Plan, found: Candidate) -> SocialAccount:
    now = clock.now()
    row = queries.known(actor, partner_id, plan.network, found.server, found.subject)
    if row is None:
        row = SocialAccount(partner_id=partner_id, network=plan.network, server=found.server, subject=found.subject)
        session.add(row)
    elif row.state is not AccountState.CONNECTED:
        row.state = move(rules.MOVES, row.state, AccountState.CONNECTED)
    row.handle, row.name, row.url = found.handle[:300], found.name[:300], web_address(found.url)
    row.sealed = sealing.seal_account(plan.way.app, plan.network, found.tokens)
    row.access_until, row.expires_at = found.tokens.access_until, found.tokens.until
    row.refresh_at = rules.refresh_at(found.tokens, now)
    row.refreshing_until = row.warned_at = None
    row.trouble = ""
    row.connected_by, row.connected_at = actor.user_id, now
    session.flush()
    audit.record(actor, "campaigns.account.connected", row, network=row.network, handle=row.handle)
    return row


def callback_url() -> str:
    """Return where networks send people back to."""
    return f"{settings.current().base_url}/social-accounts/callback"


def server_address(given: str) -> str:
    """Return the address of a server that somebody named, in whatever way. Raises ServerNeeded."""
    text = given.strip().lower()
    if text.startswith("http://127.0.0.1:"):
        # Refused by the door to other servers, unless a test has opened it.
        return text.rstrip("/")
    host = (urlsplit(text).hostname or "") if "://" in text else text.rpartition("@")[2].rstrip("/")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host):
        raise ServerNeeded(errors={"server": [ServerNeeded.message]})
    return f"https://{host}"


def web_address(url: str) -> str:
    """Return an address that a page may link to, or nothing."""
    return url[:1000] if url.startswith(("https://", "http://")) else ""
