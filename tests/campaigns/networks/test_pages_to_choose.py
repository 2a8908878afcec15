"""A grant that opens several pages: a person chooses, and nobody else can. And what the operator has to set up."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from campaigns.networks import service, tasks
from campaigns.networks.drivers import DRIVERS
from campaigns.networks.drivers.linkedin import LinkedIn
from campaigns.networks.drivers.x import X
from campaigns.networks.rules import Network
from campaigns.networks.service.sealing import unseal
from tcma import settings as process_settings
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tests.campaigns.networks import answers
from tests.campaigns.networks.conftest import person
from tests.factories import networks as make
from tests.speaking import Said, Server, serving

APPS = {name: {"client_id": "client", "client_secret": "secret"} for name in ("linkedin", "x")}


@pytest.fixture
def registered(settings) -> Iterator[None]:
    process_settings.install(dataclasses.replace(settings, social_apps=APPS))
    yield
    process_settings.install(settings)


@pytest.fixture
def linkedin(registered, loopback, monkeypatch) -> Iterator[Server]:
    with serving() as server:
        answers.linkedin(server)
        monkeypatch.setitem(DRIVERS, Network.LINKEDIN, LinkedIn(site=server.url, api=server.url))
        yield server


@pytest.fixture
def x(registered, loopback, monkeypatch) -> Iterator[Server]:
    with serving() as server:
        answers.x(server)
        monkeypatch.setitem(DRIVERS, Network.X, X(site=server.url, api=server.url))
        yield server


def to_choose(api, browser, actor: Actor) -> str:
    """Return the address of the page where a person chooses."""
    url = api(actor).post("/social-accounts", json={"network": "linkedin"}).json["sign_in_url"]
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = browser.get("/social-accounts/callback", query_string={"state": state, "code": "c"})
    return answer.location


def test_a_network_that_is_not_set_up_is_not_offered(people, api, portal) -> None:
    offered = {one["network"]: one["is_offered"] for one in api(people.partner).get("/social-accounts/networks").json}
    assert offered == {"mastodon": True, "bluesky": True, "linkedin": False, "facebook": False, "x": False}
    refused = api(people.partner).post("/social-accounts", json={"network": "x"})
    assert (refused.status_code, refused.json["code"]) == (422, "network_not_offered")
    page = portal(person(people.partner)).get("/social-accounts/").get_data(as_text=True)
    assert "Not set up here yet" in page


def test_a_person_chooses_among_their_pages(people, linkedin, api, portal) -> None:
    browser = portal(person(people.partner))
    place = to_choose(api, browser, people.partner)
    page = browser.get(place).get_data(as_text=True)
    assert "Nordwind GmbH" in page
    assert "Nordwind Süd" in page
    assert api(people.partner).get("/social-accounts").json["items"] == []
    nothing = browser.post(place, data={})
    assert nothing.status_code == 422
    assert browser.post(place, data={"subjects": ["urn:li:organization:77"]}).status_code == 303
    (account,) = api(people.partner).get("/social-accounts").json["items"]
    assert (account["name"], account["network"]) == ("Nordwind Süd", "linkedin")
    assert browser.post(place, data={"subjects": [answers.ORGANIZATION]}).status_code == 410
    assert browser.get(place).status_code == 410


def test_a_page_that_was_not_offered_cannot_be_chosen(people, linkedin, api, portal) -> None:
    browser = portal(person(people.partner))
    place = to_choose(api, browser, people.partner)
    assert browser.post(place, data={"subjects": ["urn:li:organization:99"]}).status_code == 422
    assert api(people.partner).get("/social-accounts").json["items"] == []


def test_nobody_else_chooses_among_a_persons_pages(people, linkedin, api, portal) -> None:
    place = to_choose(api, portal(person(people.partner)), people.partner)
    for stranger in (people.other, people.colleague, people.brand):
        browser = portal(person(stranger))
        refused = 403 if stranger is people.brand else 404
        assert browser.get(place).status_code == refused
        assert browser.post(place, data={"subjects": [answers.ORGANIZATION]}).status_code == refused


def test_the_secret_of_the_service_is_not_copied_into_accounts(people, x, api, portal) -> None:
    url = api(people.partner).post("/social-accounts", json={"network": "x"}).json["sign_in_url"]
    state = parse_qs(urlsplit(url).query)["state"][0]
    portal(person(people.partner)).get("/social-accounts/callback", query_string={"state": state, "code": "c"})
    with reading(people.partner):
        sealed = session.execute(text("SELECT sealed FROM social_accounts")).scalar_one()
    assert unseal(bytes(sealed)) == {"app": None, "access": "access 1", "refresh": "refresh 1"}


def test_a_refresh_that_brings_no_new_refresh_token_keeps_the_old_one(people, x) -> None:
    with transaction(people.partner):
        row = make.account(
            people.partner, Network.X, refresh="refresh 0", access_until=clock.now() + timedelta(hours=2)
        )
    x.answers["POST /2/oauth2/token"] = {"access_token": "access 2", "expires_in": 7200}
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        tasks.refresh_due()
    job = Actor.partner_job(people.partner.partner_id or 0)
    with reading(job):
        _, access = service.open_account(job, row.id)
    assert (access.tokens.access, access.tokens.refresh) == ("access 2", "refresh 0")


def test_a_network_that_does_not_answer_is_asked_again_in_an_hour_and_the_account_stays(people, x, api) -> None:
    with transaction(people.partner):
        make.account(people.partner, Network.X, refresh="refresh 0", access_until=clock.now() + timedelta(hours=2))
    x.answers["POST /2/oauth2/token"] = Said({}, 503)
    start = clock.now() + timedelta(days=1, minutes=1)
    for minutes in (0, 30, 61):
        with clock.frozen(start + timedelta(minutes=minutes)):
            tasks.refresh_due()
    assert len(x.asked) == 2
    assert api(people.partner).get("/social-accounts").json["items"][0]["state"] == "connected"


def told(people, kind: str) -> int:
    with reading(people.partner):
        return session.execute(text("SELECT count(*) FROM notifications WHERE kind = :kind"), {"kind": kind}).scalar()


def test_an_ending_is_told_twenty_days_before_once_and_the_account_stops_at_its_end(people, api) -> None:
    ends = clock.now() + timedelta(days=60)
    with transaction(people.partner):
        make.account(people.partner, Network.LINKEDIN, access_until=ends, until=ends)

    def state_at(**before: int) -> str:
        with clock.frozen(ends - timedelta(**before)):
            tasks.warn_expiring()
        return str(api(people.partner).get("/social-accounts").json["items"][0]["state"])

    assert state_at(days=20, minutes=1) == "connected"
    assert told(people, "campaigns.account.expiring") == 0
    assert state_at(days=19) == "expiring"
    assert state_at(days=1) == "expiring"
    assert told(people, "campaigns.account.expiring") == 1
    assert state_at(minutes=-1) == "expired"
    assert state_at(minutes=-2) == "expired"
    assert told(people, "campaigns.account.expired") == 1


def test_connected_again_in_time_it_is_as_new(people, api) -> None:
    ends = clock.now() + timedelta(days=10)
    with transaction(people.partner):
        first = make.account(people.partner, Network.LINKEDIN, subject="7", access_until=ends, until=ends)
    tasks.warn_expiring()
    assert api(people.partner).get(f"/social-accounts/{first.id}").json["state"] == "expiring"
    with transaction(people.partner):
        make.account(people.partner, Network.LINKEDIN, subject="7", until=ends + timedelta(days=60))
    account = api(people.partner).get(f"/social-accounts/{first.id}").json
    assert (account["state"], account["trouble"]) == ("connected", "")
