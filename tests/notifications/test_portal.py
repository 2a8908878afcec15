import pytest

from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tcma.notifications import service
from tests.factories import accounts as make


@pytest.fixture
def olga(world):
    with transaction(SYSTEM):
        make.brand()
        person = make.user(Role.OWNER, make.partner("Nordwind"))
        service.tell_partner(
            SYSTEM,
            person.partner_id,
            kind="test.told",
            title="Money came <now>",
            body="All of it",
            link="/partners/mine",
        )
    return person


def test_the_inbox_shows_what_is_new_and_the_bell_counts_it(portal, olga):
    page = portal(olga).get("/notifications/")

    assert "Money came &lt;now&gt;" in page.text
    assert '<span class="count">1<' in page.text


def test_going_to_what_it_is_about_means_having_read_it(portal, olga):
    browser = portal(olga)
    link = browser.get("/notifications/").text.split('action="/notifications/')[2].split('"')[0]

    assert browser.post(f"/notifications/{link}").location == "/partners/mine"
    assert '<span class="count">' not in browser.get("/").text


def test_everything_can_be_marked_as_read(portal, olga):
    browser = portal(olga)

    assert browser.post("/notifications/read").location == "/notifications/"
    assert '<span class="count">' not in browser.get("/").text


def test_the_inbox_of_somebody_else_is_not_there(portal, olga):
    with transaction(SYSTEM):
        other = make.user(Role.OWNER, make.partner())
    link = portal(olga).get("/notifications/").text.split('action="/notifications/')[2].split('"')[0]

    assert "Money came" not in portal(other).get("/notifications/").text
    assert portal(other).post(f"/notifications/{link}").status_code == 404
