from collections.abc import Iterator

import pytest

from tests.running import Running, running_service


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[Running]:
    with running_service(tmp_path_factory.mktemp("journey") / "data") as running:
        yield running
