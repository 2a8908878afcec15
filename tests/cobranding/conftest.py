"""The people of the tests on the real database, and a way to publish a template."""

from collections.abc import Callable
from typing import Any

import pytest

from assets.library.model import Asset
from tcma.accounts.model import Partner, User
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


class Cast:
    """The people of a test: marketing of the brand, two partners, one of them with a logo."""

    def __init__(self) -> None:
        with transaction(SYSTEM):
            accounts.brand()
            self.north: Partner = accounts.partner("Nordwind Systemhaus", city="Hamburg", locale="de")
            self.south: Partner = accounts.partner("Südstern", city="Wien")
            self.marketing: User = accounts.user(Role.MARKETING)
            self.finance: User = accounts.user(Role.FINANCE)
            self.owner: User = accounts.user(Role.OWNER, self.north)
            self.other: User = accounts.user(Role.OWNER, self.south)
        self.hero: Asset = assets.asset(
            accounts.actor_for(self.marketing), factory.photo(1400, 960), kind="photo", name="hero"
        )
        self.logo: Asset = assets.asset(accounts.actor_for(self.owner), factory.logo(), kind="logo", name="logo")


@pytest.fixture
def cast(world: None) -> Cast:
    return Cast()


@pytest.fixture
def published(api: Callable[..., Any], cast: Cast) -> Callable[..., dict[str, Any]]:
    """Publish a document through the API and return its version."""

    def publish(document: dict[str, Any] | None = None, name: str = "Autumn flyer") -> dict[str, Any]:
        marketing = api(cast.marketing)
        made = marketing.post("/templates", json={"name": name, "document": document or factory.flyer()})
        assert made.status_code == 201, made.json
        answer = marketing.post(f"/templates/versions/{made.json['id']}/publish", json={})
        assert answer.status_code == 200, answer.json
        return answer.json  # type: ignore[no-any-return]

    return publish
