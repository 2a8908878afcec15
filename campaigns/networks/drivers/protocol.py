"""What every driver can do. None of it reaches the database: call it outside of a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from campaigns.networks.rules import App, Grant, Message, Published, Tokens


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a network and back: how we are known there, and what only we and the network's answer share."""

    server: str
    app: App
    verifier: str
    callback: str


@dataclass(frozen=True, slots=True)
class Access:
    """What opens one account."""

    server: str
    subject: str
    handle: str
    app: App
    tokens: Tokens


class Driver(Protocol):
    """Speak one network's language.

    Every verb raises NetworkUnavailable, Throttled, AccessLost or NetworkRefused: then nothing was published. After
    `Unconfirmed` alone a post may be public.
    """

    @property
    def needs_app(self) -> bool:
        """Tell whether the operator registers the service at the network by hand."""

    @property
    def asks_for(self) -> tuple[str, ...]:
        """Name what a person says before anything begins: their server, a handle, a password for apps."""

    @property
    def signs_in_there(self) -> bool:
        """Tell whether the person signs in at the network itself, and is sent back with an answer (OAuth)."""

    @property
    def shows_all(self) -> bool:
        """Tell whether what `find` does not find is not there."""

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Return how the service is known to a server; register it there if that is the network's way."""

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return where a person signs in and lets the service in."""

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Turn the network's answer, or what a person said, into a grant. Raises ConsentRefused, NothingToChoose."""

    def renew(self, access: Access) -> Tokens:
        """Return new tokens for old ones; `refresh` is empty when the network sends none."""

    def let_go(self, access: Access) -> None:
        """Tell the network that the tokens are not needed any more."""

    def publish(self, access: Access, message: Message) -> Published:
        """Publish a message: one attempt. Raises Unconfirmed when nobody knows what became of it."""

    def find(self, access: Access, message: Message) -> Published | None:
        """Look for a message among what was published, and return it if it is there."""
