"""Connected accounts for tests; call inside `with transaction(actor)` of a partner's person."""

import itertools
from typing import Any

from campaigns.networks import service
from campaigns.networks.drivers import Way
from campaigns.networks.model import SocialAccount
from campaigns.networks.rules import App, Candidate, Grant, Network, Tokens
from campaigns.networks.service.connecting import Plan
from campaigns.posting.model import Post
from tcma.infra.db import session
from tcma.kernel.actor import Actor

_numbers = itertools.count(1)


def account(
    actor: Actor,
    network: Network = Network.MASTODON,
    *,
    server: str = "https://social.example",
    subject: str = "",
    app: App | None = None,
    **tokens: Any,
) -> SocialAccount:
    number = next(_numbers)
    found = Candidate(
        subject=subject or str(number),
        handle=f"@account{number}",
        name=f"Account {number}",
        url=f"https://social.example/@account{number}",
        server=server,
        tokens=Tokens(**{"access": f"token {number}", **tokens}),
    )
    plan = Plan(network, Way(server, app or App("id", "secret"), "verifier", "https://portal.example/callback"))
    return service.connect(actor, plan, Grant((found,)))[0]


def handshake(actor: Actor) -> str:
    """Begin a handshake and return where its person would sign in."""
    way = Way("https://social.example", App("id", "secret"), "verifier", "https://portal.example/callback")
    return service.begin_connect(actor, Plan(Network.MASTODON, way))


def post(actor: Actor, row: SocialAccount, launch_id: int, touch_id: int) -> Post:
    """Make a post as fan-out would."""
    made = Post(
        partner_id=row.partner_id,
        launch_id=launch_id,
        touch_id=touch_id,
        social_account_id=row.id,
        network=row.network,
        account=row.handle,
        key="key",
    )
    session.add(made)
    session.flush()
    return made
