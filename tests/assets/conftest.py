"""The people around the library: marketing of the brand, and two partners in two regions."""

import pytest

from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts


@pytest.fixture
def crowd(world):
    with transaction(SYSTEM):
        accounts.brand()
        return {
            "marketing": accounts.user(Role.MARKETING),
            "finance": accounts.user(Role.FINANCE),
            "a": accounts.user(Role.OWNER, accounts.partner("Anker", region="emea ")),
            "b": accounts.user(Role.OWNER, accounts.partner("Bake", region="")),
        }
