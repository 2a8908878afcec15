"""Bluesky, over real sockets: a password for apps, tokens that turn over, posts under keys of their own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.networks import service, tasks
from campaigns.networks.drivers import Access
from campaigns.networks.drivers.bluesky import Bluesky, record_key, record_of
from campaigns.networks.errors import AccessLost, BeingRefreshed, NetworkRefused, Unconfirmed
from campaigns.networks.rules import App, Message, Network, Picture, Tokens
from tcma.infra import http
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tests.campaigns.networks.bluesky_server import APP_PASSWORD, DID, BlueskyServer
from tests.campaigns.networks.conftest import person
from tests.speaking import Said, serving

LINK = "https://portal.brand.example/t/c/abcdefghijklmnop"


@pytest.fixture
def bluesky(loopback) -> Iterator[BlueskyServer]:
    with serving() as server:
        yield BlueskyServer(server)


def message(**fields) -> Message:
    made_at = datetime(2026, 12, 1, 9, 0, 0, 123456, tzinfo=UTC)
    usual = {"key": "k", "number": 7, "made_at": made_at, "text": f"Grüße 👋 {LINK} #Herbst", "link": LINK}
    return Message(**{"locale": "de", **usual, **fields})


def access_to(bluesky: BlueskyServer) -> Access:
    pair = bluesky.session()
    tokens = Tokens(pair["accessJwt"], pair["refreshJwt"])
    return Access(bluesky.url, DID, "@nordwind.bsky.social", App("", ""), tokens)


def connect(api, actor: Actor, bluesky: BlueskyServer, **fields):
    body = {"identifier": "@nordwind.bsky.social", "password": APP_PASSWORD, **fields}
    return api(actor).post("/social-accounts", json={"network": "bluesky", "server": bluesky.url, **body})


def test_a_partner_connects_with_a_password_for_apps_that_is_kept_nowhere(people, bluesky, api) -> None:
    answer = connect(api, people.partner, bluesky)
    assert answer.status_code == 200, answer.text
    account = answer.json["account"]
    assert (account["handle"], account["state"], account["server"]) == (
        "@nordwind.bsky.social",
        "connected",
        bluesky.url,
    )
    with reading(people.partner):
        row = session.execute(text("SELECT a::text || encode(a.sealed, 'escape') FROM social_accounts a")).scalar_one()
    assert APP_PASSWORD not in row
    assert APP_PASSWORD not in answer.text


def test_a_partner_connects_from_the_page_and_a_wrong_password_is_told_there(people, bluesky, portal) -> None:
    browser = portal(person(people.partner))
    form = {"network": "bluesky", "server": bluesky.url, "identifier": "nordwind.bsky.social"}
    wrong = browser.post("/social-accounts/connect", data={**form, "password": "nonsense word"})
    assert wrong.status_code == 422
    assert "does not know this handle" in wrong.get_data(as_text=True)
    assert "nonsense word" not in wrong.get_data(as_text=True)
    assert browser.post("/social-accounts/connect", data={**form, "password": APP_PASSWORD}).status_code == 303
    assert "@nordwind.bsky.social is connected" in browser.get("/social-accounts/").get_data(as_text=True)


def test_the_password_that_opens_everything_is_refused_and_its_session_ended(people, bluesky, api) -> None:
    answer = connect(api, people.partner, bluesky, password="the main one")
    assert answer.status_code == 422
    assert "never give it away" in answer.json["detail"]
    assert bluesky.refresh == set()


def test_links_are_shown_short_and_lead_to_the_whole_address() -> None:
    record = record_of(message())
    raw = record["text"].encode()
    (link, tag) = record["facets"]
    assert record["text"] == "Grüße 👋 portal.brand.example/t/c… #Herbst"
    assert raw[link["index"]["byteStart"] : link["index"]["byteEnd"]].decode() == "portal.brand.example/t/c…"
    assert link["features"][0]["uri"] == LINK
    assert raw[tag["index"]["byteStart"] : tag["index"]["byteEnd"]].decode() == "#Herbst"
    assert tag["features"][0]["tag"] == "Herbst"


def test_the_key_of_a_post_is_always_the_same_and_another_posts_another() -> None:
    assert record_key(message()) == record_key(message(text="other words"))
    assert len({record_key(message(number=number)) for number in range(1000)}) == 1000
    later = message(made_at=message().made_at + timedelta(seconds=1))
    assert record_key(message()) < record_key(later)


def test_a_post_with_its_picture_is_published_and_found(bluesky) -> None:
    access = access_to(bluesky)
    picture = Picture("p.jpg", "image/jpeg", b"\xff\xd8\xff", 1200, 900, "Ein Boot")
    published = Bluesky().publish(access, message(picture=picture))
    (record,) = bluesky.records.values()
    (image,) = record["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("Ein Boot", {"width": 1200, "height": 900})
    assert bluesky.blobs[image["image"]["ref"]["$link"]].headers["content-type"] == "image/jpeg"
    assert record["langs"] == ["de"]
    assert published.url == f"https://bsky.app/profile/{DID}/post/{record_key(message())}"
    assert Bluesky().find(access, message()) == published
    assert Bluesky().find(access, message(number=8)) is None


def test_published_without_an_answer_it_is_unconfirmed_and_found_and_never_there_twice(bluesky, monkeypatch) -> None:
    access = access_to(bluesky)
    bluesky.publishes_without_answering = True
    real = http.send
    monkeypatch.setattr(http, "send", lambda *args, **sent: real(*args, **{**sent, "timeout_s": 0.3}))
    with pytest.raises(Unconfirmed):
        Bluesky().publish(access, message())
    found = Bluesky().find(access, message())
    assert found is not None
    assert Bluesky().publish(access, message()) == found
    assert len(bluesky.records) == 1


def test_a_refusal_that_is_none_of_a_second_try_is_told(bluesky) -> None:
    access = access_to(bluesky)
    refusal = Said({"error": "InvalidRequest", "message": "Invalid app.bsky.feed.post record"}, 400)
    bluesky.server.answers["POST /xrpc/com.atproto.repo.createRecord"] = refusal
    with pytest.raises(NetworkRefused, match=r"Invalid app\.bsky"):
        Bluesky().publish(access, message())


def test_a_token_that_is_no_longer_good_is_access_lost(bluesky) -> None:
    access = access_to(bluesky)
    bluesky.access.clear()
    with pytest.raises(AccessLost):
        Bluesky().publish(access, message())


def test_tokens_turn_over_once_a_day_and_each_is_used_once(people, bluesky, api) -> None:
    connect(api, people.partner, bluesky)
    (first,) = bluesky.refresh
    tasks.refresh_due()
    assert bluesky.refresh == {first}
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        tasks.refresh_due()
        (second,) = bluesky.refresh
        tasks.refresh_due()
    assert second != first
    assert bluesky.refresh == {second}
    assert api(people.partner).get("/social-accounts").json["items"][0]["state"] == "connected"


def test_a_session_that_was_ended_there_is_told_and_the_account_not_used_any_more(people, bluesky, api) -> None:
    account_id = connect(api, people.partner, bluesky).json["account"]["id"]
    bluesky.refresh.clear()
    with clock.frozen(clock.now() + timedelta(days=2)):
        tasks.refresh_due()
    account = api(people.partner).get(f"/social-accounts/{account_id}").json
    assert account["state"] == "expired"
    with reading(people.partner):
        assert service.usable_accounts(people.partner, people.partner.partner_id or 0, Network.BLUESKY) == []


def test_disconnecting_ends_the_session_there(people, bluesky, api) -> None:
    account_id = connect(api, people.partner, bluesky).json["account"]["id"]
    assert api(people.partner).post(f"/social-accounts/{account_id}/disconnect").json["state"] == "disconnected"
    assert bluesky.refresh == set()


def test_two_jobs_at_once_renew_an_account_once(people, bluesky, api) -> None:
    account_id = connect(api, people.partner, bluesky).json["account"]["id"]
    job = Actor.partner_job(people.partner.partner_id or 0)
    with transaction(job):
        renewal = service.begin_renewal(job, account_id)
    with pytest.raises(BeingRefreshed), transaction(job):
        service.begin_renewal(job, account_id)
    renewed = renewal.ask()
    with transaction(job):
        service.end_renewal(job, renewal, renewed)
    with reading(job):
        _, access = service.open_account(job, account_id)
    assert access.tokens.access in bluesky.access
    assert access.tokens.refresh in bluesky.refresh


def test_an_account_that_was_disconnected_meanwhile_stays_so_whatever_a_renewal_brings(people, bluesky, api) -> None:
    account_id = connect(api, people.partner, bluesky).json["account"]["id"]
    job = Actor.partner_job(people.partner.partner_id or 0)
    with transaction(job):
        renewal = service.begin_renewal(job, account_id)
    renewed = renewal.ask()
    api(people.partner).post(f"/social-accounts/{account_id}/disconnect")
    with transaction(job):
        service.end_renewal(job, renewal, renewed)
    assert api(people.partner).get(f"/social-accounts/{account_id}").json["state"] == "disconnected"
