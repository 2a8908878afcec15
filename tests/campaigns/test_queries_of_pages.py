"""What stands after the question mark of a page is read as the API reads it: nonsense is refused, not a crash."""

import pytest

from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts


@pytest.fixture
def people(world):
    with transaction(SYSTEM):
        accounts.brand()
        return accounts.user(Role.OWNER, accounts.partner("Nordwind")), accounts.user(Role.MARKETING)


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/?search=%00",
        "/contacts/?search=a%00b",
        "/contacts/?search=%ED%A0%80",
        "/contacts/?search=%01",
        "/contacts/?standing=zzz",
        "/contacts/?after=99999999999999999999",
        "/suppressions/?after=x",
        "/deliveries/?state=zzz",
        "/deliveries/?launch_id=99999999999999999999",
        "/deliveries/?nothing=1",
        "/posts/?state=zzz",
        "/posts/?launch_id=99999999999999999999",
        "/social-accounts/callback?state=zzz&code=%00",
        "/social-accounts/callback?error=access_denied",
        "/launches/?after=99999999999999999999",
        "/launches/?state=zzz",
        "/launches/?search=%00",
        "/launches/new?kit_version_id=99999999999999999999",
        "/launches/new?kit_version_id=%00",
        "/kits/?after=99999999999999999999",
        "/kits/?limit=0",
        "/templates/?after=99999999999999999999",
        "/artworks/?after=99999999999999999999",
        "/artworks/?after=-1",
    ],
)
def test_no_query_of_a_page_crashes_it(people, portal, path):
    for person in people:
        answer = portal(person).get(path)
        assert answer.status_code < 500, (path, answer.status_code)


def test_a_state_that_does_not_exist_is_refused_by_page_and_api(people, portal, api):
    owner, _ = people
    assert (
        portal(owner).get("/deliveries/?state=zzz").status_code == api(owner).get("/deliveries?state=zzz").status_code
    )
    assert portal(owner).get("/deliveries/?state=zzz").status_code == 422
    assert api(owner).get("/contacts?search=a%01b").status_code == 422
    assert portal(owner).get("/contacts/?search=a%01b").status_code == 422
