"""Tokens at rest: sealed with the service's own key, opened only to be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from campaigns.networks.drivers import Access
from campaigns.networks.errors import AccountUnusable, NetworkNotOffered
from campaigns.networks.model import SocialAccount
from campaigns.networks.rules import App, Candidate, Network, Tokens
from tcma import settings
from tcma.infra import crypto


def seal(**words: Any) -> bytes:
    """Return words in a form that nobody else reads."""
    return crypto.seal(json.dumps(words, default=datetime.isoformat).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """Return the words that were sealed. Raises BadSignature."""
    return dict(json.loads(crypto.unseal(sealed)))


def own_app(network: Network) -> App | None:
    """Return how the operator has registered the service at a network, if at all."""
    given = settings.current().social_apps.get(network.value)
    return App(given["client_id"], given["client_secret"], given.get("version", "")) if given else None


def app_from(words: Any, network: Network) -> App:
    """Return a registration of one handshake, or else the operator's. Raises NetworkNotOffered."""
    app = App(**words) if words else own_app(network)
    if app is None:
        raise NetworkNotOffered
    return app


def kept(app: App, network: Network) -> dict[str, Any] | None:
    """Return what has to be kept of a registration: nothing, when it stands in the settings."""
    return None if app == own_app(network) else asdict(app)


def seal_account(app: App, network: Network, tokens: Tokens) -> bytes:
    """Seal what opens an account."""
    return seal(app=kept(app, network), access=tokens.access, refresh=tokens.refresh)


def access_of(row: SocialAccount) -> Access:
    """Open an account. Raises AccountUnusable, NetworkNotOffered, BadSignature."""
    if not row.sealed:
        raise AccountUnusable
    words = unseal(row.sealed)
    return Access(
        server=row.server,
        subject=row.subject,
        handle=row.handle,
        app=app_from(words["app"], row.network),
        tokens=Tokens(words["access"], words["refresh"], row.access_until, row.expires_at),
    )


def seal_choices(app: App, network: Network, candidates: Sequence[Candidate]) -> bytes:
    """Seal the accounts that a person may choose from."""
    return seal(app=kept(app, network), candidates=[asdict(one) for one in candidates])


def choices_in(sealed: bytes) -> list[Candidate]:
    """Return the accounts that a person may choose from."""
    return [Candidate(**{**one, "tokens": _tokens(one["tokens"])}) for one in unseal(sealed).get("candidates", ())]


def _tokens(words: dict[str, Any]) -> Tokens:
    instants = {
        name: datetime.fromisoformat(words[name]) if words[name] else None for name in ("access_until", "until")
    }
    return Tokens(**{**words, **instants})
