from collections.abc import Iterator

import pytest

from tests.running import Running, running_service


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    with running_service() as running:
        yield running
