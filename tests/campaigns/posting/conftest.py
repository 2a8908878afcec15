"""A partner with a connected Mastodon account and a launch that posts there."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.launches.service import Launch
from campaigns.networks.model import SocialAccount
from cobranding.templates import service as templates
from tcma.infra import http
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tests.campaigns.networks.mastodon_server import MastodonServer
from tests.factories import assets, cobranding, kits, networks
from tests.factories.launches import Scene, scene
from tests.speaking import serving


@dataclass
class Stage:
    """A launch that posts to one server."""

    scene: Scene
    server: MastodonServer
    account: SocialAccount
    launch: Launch | None = None

    @property
    def partner(self):
        return self.scene.partner

    def start(self, **fields) -> Launch:
        with transaction(self.partner):
            self.launch = launches.launch(self.partner, kit_version_id=self.scene.kit.id, **fields)
        return self.launch

    @property
    def touch(self):
        with reading(SYSTEM):
            return launches.one(SYSTEM, self.launch.id).touches[0]


@pytest.fixture
def loopback() -> Iterator[None]:
    http.configure(allow_loopback=True)
    yield
    http.configure(allow_loopback=False)


@pytest.fixture
def impatient(monkeypatch) -> None:
    """Wait a moment for an answer where the service waits for many seconds."""
    monkeypatch.setattr(http, "send", functools.partial(http.send, timeout_s=0.3))


@pytest.fixture
def mastodon(loopback) -> Iterator[MastodonServer]:
    with serving() as server:
        one = MastodonServer(server)
        one.tokens.add("secret")
        yield one


@pytest.fixture
def stage(errands, world, mastodon) -> Stage:
    made = scene(lambda _template: kits.share_touch(channel="mastodon"), contacts=0)
    with transaction(made.partner):
        account = networks.account(made.partner, server=mastodon.url, subject="109", access="secret")
    return Stage(made, mastodon, account)


@pytest.fixture
def pictured(stage) -> Stage:
    """The same with a picture, described."""
    marketing = stage.scene.marketing
    assets.asset(marketing, cobranding.photo(600, 420), kind="photo", name="hero")
    texts = {"en": {"message": "Ask {{partner.trade_name}}: {{link}}", "alt": "A boat of {{partner.trade_name}}"}}
    with transaction(marketing):
        draft = templates.create(marketing, name="Post", document=cobranding.flyer())
        version = templates.publish(marketing, draft.id)
        touch = kits.share_touch(channel="mastodon", template_version_id=version.id, format="square", texts=texts)
        stage.scene.kit = kits.published_kit(marketing, touch)
    return stage


@pytest.fixture
def only_post(world) -> Callable[[], dict]:
    """The one post that there is, as the database has it."""

    def look() -> dict:
        with reading(SYSTEM):
            return dict(session.execute(text("SELECT * FROM social_posts")).mappings().one())

    return look
