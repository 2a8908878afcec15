"""People with accounts, and networks on this machine that speak the real protocols over real sockets."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tcma.accounts.model import User
from tcma.infra import http
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tests.campaigns.networks.mastodon_server import MastodonServer
from tests.factories import accounts
from tests.speaking import serving


@dataclass
class People:
    partner: Actor
    colleague: Actor
    other: Actor
    brand: Actor


@pytest.fixture
def people(world, errands) -> People:
    with transaction(SYSTEM):
        accounts.brand()
        nordwind = accounts.partner("Nordwind")
        return People(
            partner=accounts.actor_for(accounts.user(Role.OWNER, nordwind)),
            colleague=accounts.actor_for(accounts.user(Role.MARKETER, nordwind)),
            other=accounts.actor_for(accounts.user(Role.OWNER, accounts.partner("Südstern"))),
            brand=accounts.actor_for(accounts.user(Role.ADMIN, roles=["admin", "marketing"])),
        )


@pytest.fixture
def loopback() -> Iterator[None]:
    http.configure(allow_loopback=True)
    yield
    http.configure(allow_loopback=False)


@pytest.fixture
def mastodon(loopback) -> Iterator[MastodonServer]:
    with serving() as server:
        yield MastodonServer(server)


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)
