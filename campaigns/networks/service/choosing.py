"""Choose among the pages and organizations that a grant opens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from campaigns.networks import queries
from campaigns.networks.drivers import Way
from campaigns.networks.errors import HandshakeGone, NothingToChoose
from campaigns.networks.model import Handshake, SocialAccount
from campaigns.networks.rules import Candidate, Grant
from campaigns.networks.service import sealing
from campaigns.networks.service.connecting import Plan, callback_url, connect
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def choices(actor: Actor, handshake_id: int) -> Sequence[Candidate]:
    """Return what the acting person may choose from. Raises Forbidden, HandshakeNotFound, HandshakeGone."""
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    return _choices(queries.handshake(actor, handshake_id))


def choose(actor: Actor, handshake_id: int, *, subjects: Collection[str]) -> Sequence[SocialAccount]:
    """Connect the pages or organizations that were chosen.

    Raises Forbidden, HandshakeNotFound, HandshakeGone, NothingToChoose.
    """
    authorize(actor, Permission.CAMPAIGNS_ACCOUNT_CONNECT)
    found = queries.handshake_for_update(actor, handshake_id)
    chosen = tuple(one for one in _choices(found) if one.subject in subjects)
    if not chosen:
        raise NothingToChoose("Choose at least one of them.", errors={"subjects": ["Choose at least one of them."]})
    app = sealing.app_from(sealing.unseal(found.sealed)["app"], found.network)
    plan = Plan(found.network, Way(found.server, app, "", callback_url()))
    # Used up: what is kept of it would open pages that nobody chose.
    found.sealed = b""
    return connect(actor, plan, Grant(chosen))


def _choices(found: Handshake) -> Sequence[Candidate]:
    if not found.used_at or not found.sealed or found.expires_at <= clock.now():
        raise HandshakeGone
    return sealing.choices_in(found.sealed)
