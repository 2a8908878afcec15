from contextlib import contextmanager

import pytest
from sqlalchemy import event

from mdf.requests import service as requests
from tcma.infra.db import db, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make
from tests.factories import kits as make_kits
from tests.factories import mdf


@pytest.fixture
def people(world):
    with transaction(SYSTEM):
        make.brand(name="Halden")
        nordwind, polar = make.partner("Nordwind"), make.partner("Polar")
        roles = (Role.ADMIN, Role.MARKETING, Role.CHANNEL_MANAGER, Role.FINANCE)
        found = {role.value: make.user(role, name=role.value) for role in roles}
        found |= {"olga": make.user(Role.OWNER, nordwind, name="Olga"), "pia": make.user(Role.OWNER, polar, name="Pia")}
        found |= {"nordwind": nordwind, "polar": polar}
    return found


def _submitted_request(people, **plan):
    with transaction(SYSTEM):
        share = mdf.allocation(people["nordwind"])
    olga = make.actor_for(people["olga"])
    with transaction(olga):
        return mdf.submitted(olga, share.id, **plan)


@contextmanager
def counted_queries():
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("SELECT set_config", "SET ", "BEGIN")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_new_partner_is_told_its_first_steps(portal, people):
    page = portal(people["olga"]).get("/").text

    assert "Hello Olga" in page
    assert "Upload your logo" in page
    assert "Bring your contacts" in page


def test_a_partner_sees_its_wallet_and_nobody_elses(portal, people):
    _submitted_request(people)

    hers = portal(people["olga"]).get("/").text
    other = portal(people["pia"]).get("/").text

    assert "9,000.00" in hers
    assert "1,000.00" in hers
    assert "9,000.00" not in other


def test_a_partner_is_asked_to_claim_what_was_approved(portal, people):
    request_id = _submitted_request(people, title="Cloud week")
    assert "Cloud week" not in portal(people["olga"]).get("/").text
    manager = make.actor_for(people["channel_manager"])
    with transaction(manager):
        requests.approve(manager, request_id)

    assert "Claim what you spent until" in portal(people["olga"]).get("/").text


def test_a_channel_manager_sees_what_to_decide(portal, people):
    _submitted_request(people, title="Cloud week")

    page = portal(people["channel_manager"]).get("/").text

    assert "Decide: Cloud week" in page
    assert "Nordwind asks for 1,000.00 EUR" in page
    assert "Decide: Cloud week" not in portal(people["marketing"]).get("/").text


def test_marketing_sees_drafts_and_what_partners_can_launch(portal, people):
    marketing = make.actor_for(people["marketing"])
    with transaction(marketing):
        published = make_kits.published_kit(marketing, make_kits.share_touch())
        make_kits.draft_kit(marketing, make_kits.share_touch())

    page = portal(people["marketing"]).get("/").text
    hers = portal(people["olga"]).get("/").text

    assert published.name in page
    assert "a draft that is not published" in page
    assert published.name in hers
    assert "a draft that is not published" not in hers


def test_finance_sees_funds_and_claims(portal, people):
    _submitted_request(people)

    page = portal(people["finance"]).get("/").text

    assert "Claims to review" in page
    assert "90,000.00 EUR not given to partners" in page


def test_an_admin_is_asked_to_set_up_the_brand(portal, world):
    with transaction(SYSTEM):
        admin = make.user(Role.ADMIN)

    page = portal(admin).get("/").text

    assert "Set up the brand" in page
    assert "Add the first partner" in page


@pytest.mark.parametrize("who", ["admin", "marketing", "channel_manager", "finance", "olga"])
def test_no_start_page_asks_more_the_more_there_is(portal, people, who):
    browser = portal(people[who])
    with counted_queries() as few:
        assert browser.get("/").status_code == 200
    for number in range(4):
        _submitted_request(people, title=f"Request {number}")
    with counted_queries() as many:
        assert browser.get("/").status_code == 200

    assert len(many) <= len(few) + 2, "\n".join(many)


def test_the_building_blocks_are_for_people_who_are_signed_in(portal, people):
    assert portal().get("/design").status_code == 302
    assert "Building blocks" in portal(people["olga"]).get("/design").text
