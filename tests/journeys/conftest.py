from collections.abc import Iterator

import pytest

from tests import story
from tests.running import Running, running_service


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    with running_service() as running:
        yield running


@pytest.fixture(scope="session")
def cast(service) -> story.Cast:
    cast = story.people(service)
    story.money_for_partners(cast)
    return cast
