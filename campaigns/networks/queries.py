"""Reads of accounts and handshakes; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from campaigns.networks.errors import AccountNotFound, HandshakeNotFound
from campaigns.networks.model import Handshake, SocialAccount
from campaigns.networks.rules import USABLE, AccountState, Network
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor


def visible_to(actor: Actor) -> Select[SocialAccount]:
    """Return the accounts that an actor may see."""
    return owned_by(actor, SocialAccount)


def one(actor: Actor, account_id: int) -> SocialAccount:
    """Return one account. Raises AccountNotFound."""
    found = session.scalars(visible_to(actor).where(SocialAccount.id == account_id)).one_or_none()
    if found is None:
        raise AccountNotFound
    return found


def one_for_update(actor: Actor, account_id: int) -> SocialAccount:
    """Return one account as it is now, and keep others from changing it meanwhile. Raises AccountNotFound."""
    rows = lock(visible_to(actor).where(SocialAccount.id == account_id)).execution_options(populate_existing=True)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise AccountNotFound
    return found


def page_of(
    actor: Actor, *, network: Network | None = None, limit: int = 50, after: int | None = None
) -> Page[SocialAccount]:
    """Return one page of accounts, newest first."""
    rows = visible_to(actor)
    if network is not None:
        rows = rows.where(SocialAccount.network == network)
    return page(rows, SocialAccount.id, limit=limit, after=after)


def usable(actor: Actor, partner_id: int, networks: Collection[Network]) -> list[SocialAccount]:
    """Return the accounts of a partner in whose name posts may leave."""
    wanted = visible_to(actor).where(
        SocialAccount.partner_id == partner_id,
        SocialAccount.network.in_(networks),
        SocialAccount.state.in_(USABLE),
    )
    return list(session.scalars(wanted.order_by(SocialAccount.id)))


def known(actor: Actor, partner_id: int, network: Network, server: str, subject: str) -> SocialAccount | None:
    """Return the account that a partner has connected before, locked, if it has."""
    rows = visible_to(actor).where(
        SocialAccount.partner_id == partner_id,
        SocialAccount.network == network,
        SocialAccount.server == server,
        SocialAccount.subject == subject,
    )
    return session.scalars(lock(rows)).one_or_none()


def count(actor: Actor, partner_id: int) -> int:
    """Count the accounts of a partner that are not disconnected."""
    rows = visible_to(actor).where(
        SocialAccount.partner_id == partner_id, SocialAccount.state != AccountState.DISCONNECTED
    )
    return int(session.scalar(select(func.count()).select_from(rows.subquery())) or 0)


def due_for_refresh(actor: Actor, now: datetime) -> list[SocialAccount]:
    """Return the accounts whose tokens are to be renewed by now and that nobody is at, the longest due first."""
    rows = visible_to(actor).where(
        SocialAccount.refresh_at <= now,
        SocialAccount.state.in_(USABLE),
        or_(SocialAccount.refreshing_until.is_(None), SocialAccount.refreshing_until < now),
    )
    return list(session.scalars(rows.order_by(SocialAccount.refresh_at)))


def ending_by(actor: Actor, state: AccountState, by: datetime) -> list[SocialAccount]:
    """Return the accounts in a state that end by an instant, locked."""
    rows = visible_to(actor).where(SocialAccount.state == state, SocialAccount.expires_at <= by)
    return list(session.scalars(lock(rows.order_by(SocialAccount.id))))


def handshakes(actor: Actor) -> Select[Handshake]:
    """Return the handshakes of the acting person."""
    return owned_by(actor, Handshake).where(Handshake.user_id == actor.user_id)


def handshake_in_state(actor: Actor, state_hash: bytes) -> Handshake | None:
    """Return the handshake that a network answers, locked."""
    return session.scalars(lock(handshakes(actor).where(Handshake.state_hash == state_hash))).one_or_none()


def handshake(actor: Actor, handshake_id: int) -> Handshake:
    """Return one handshake. Raises HandshakeNotFound."""
    return _only(handshakes(actor).where(Handshake.id == handshake_id))


def handshake_for_update(actor: Actor, handshake_id: int) -> Handshake:
    """Return one handshake, and keep others from using it meanwhile. Raises HandshakeNotFound."""
    return _only(lock(handshakes(actor).where(Handshake.id == handshake_id)))


def _only(rows: Select[Handshake]) -> Handshake:
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise HandshakeNotFound
    return found
