"""The states of a connected account, what a network grants, and when its tokens are renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class AccountState(StrEnum):
    """Where an account stands: whether posts may leave in its name, and for how long."""

    CONNECTED = "connected"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DISCONNECTED = "disconnected"


S = AccountState

MOVES: Final[Mapping[AccountState, frozenset[AccountState]]] = {
    S.CONNECTED: frozenset({S.EXPIRING, S.EXPIRED, S.DISCONNECTED}),
    # Connected again: by a person, or by the network, which lets a refreshed token live longer.
    S.EXPIRING: frozenset({S.CONNECTED, S.EXPIRED, S.DISCONNECTED}),
    S.EXPIRED: frozenset({S.CONNECTED, S.DISCONNECTED}),
    S.DISCONNECTED: frozenset({S.CONNECTED}),
}
USABLE: Final = frozenset({S.CONNECTED, S.EXPIRING})

HANDSHAKE_LASTS: Final = timedelta(minutes=10)
WARN_AHEAD: Final = timedelta(days=20)
# A token is renewed before use when it has less than this left.
SOON_OLD: Final = timedelta(minutes=5)
# Whoever renews a token holds its account for this long at most: longer than any conversation with a network.
REFRESH_LASTS: Final = timedelta(minutes=2)
# A network that did not answer is asked again after this time.
RETRY_REFRESH: Final = timedelta(hours=1)
MOST_ACCOUNTS: Final = 30
# Each try makes the service speak to a server that somebody names: so many within the life of a handshake.
MOST_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class App:
    """How the service itself is known to a network."""

    client_id: str
    client_secret: str = field(repr=False)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What opens an account. `access_until` is for the token alone; `until` for all of it: then a person is needed."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    access_until: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One account, page or organization that a grant opens."""

    subject: str
    handle: str
    name: str
    url: str
    server: str
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Grant:
    """What a network allows after a handshake: one account, or several of which a person chooses."""

    candidates: tuple[Candidate, ...]


def refresh_at(tokens: Tokens, now: datetime) -> datetime | None:
    """Return when tokens are renewed by themselves: after three quarters of their life, and not more than once a day.

    A token that lives for hours is renewed when it is needed; once a day is for keeping what renews it alive.
    """
    if not tokens.refresh or tokens.access_until is None:
        return None
    return now + max((tokens.access_until - now) * 3 / 4, timedelta(days=1))
