"""Links by which people without sign-in fetch one file."""

import re
from datetime import timedelta

import pytest

from assets.library.portal import links
from tcma.accounts.service import actor_of
from tcma.infra import crypto
from tcma.kernel import clock
from tests.factories.assets import asset, picture

HERE = "http://portal.brand.example"


@pytest.fixture
def later(monkeypatch):
    """Let time go on."""
    real = clock.now

    def go_on(**time):
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(**time))

    return go_on


def shared(client, asset_id, **body):
    answer = client.post(f"/assets/{asset_id}/shares", json=body)
    assert answer.status_code == 201, answer.json
    assert answer.json["url"].startswith(f"{HERE}/s/")
    return answer.json


def path_of(link):
    return link["url"].removeprefix(HERE)


def test_a_stranger_fetches_the_file_behind_a_link_and_nothing_in_it_runs(api, portal, crowd):
    made = asset(actor_of(crowd["a"]), name="Anchor")
    client, stranger = api(crowd["a"]), portal()
    link = shared(client, made.id)
    answer = stranger.get(path_of(link))
    assert answer.status_code == 200
    assert answer.data == client.get(f"/assets/{made.id}/content").data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Anchor.png" in answer.headers["Content-Disposition"]
    stranger.get(path_of(link))
    (listed,) = client.get(f"/assets/{made.id}/shares").json["items"]
    assert (listed["downloads"], listed["url"]) == (2, link["url"])


def test_a_link_opens_for_fourteen_days_or_as_long_as_wanted(api, portal, crowd, later):
    made = asset(actor_of(crowd["a"]))
    usual, long = shared(api(crowd["a"]), made.id), shared(api(crowd["a"]), made.id, days=90)
    later(days=13, hours=23)
    assert portal().get(path_of(usual)).status_code == 200
    later(days=14, hours=1)
    gone = portal().get(path_of(usual))
    assert gone.status_code == 404
    assert "expired or was taken back" in gone.text
    assert portal().get(path_of(long)).status_code == 200
    later(days=91)
    assert portal().get(path_of(long)).status_code == 404


@pytest.mark.parametrize("days", [0, 91, -1, "x"])
def test_a_link_opens_for_ninety_days_at_most(api, crowd, days):
    made = asset(actor_of(crowd["a"]))
    answer = api(crowd["a"]).post(f"/assets/{made.id}/shares", json={"days": days})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["days"])


def test_a_link_that_was_taken_back_opens_nothing_and_the_others_still_do(api, portal, crowd):
    made = asset(actor_of(crowd["a"]))
    client = api(crowd["a"])
    first, second = shared(client, made.id), shared(client, made.id)
    for _ in range(2):
        answer = client.post(f"/assets/{made.id}/shares/{first['id']}/revoke")
        assert answer.json["revoked_at"] is not None
    assert portal().get(path_of(first)).status_code == 404
    assert portal().get(path_of(second)).status_code == 200


def test_a_link_ends_with_the_rights_and_with_the_file(api, portal, crowd, later):
    today = clock.today()
    ends = asset(actor_of(crowd["a"]), rights_until_on=today)
    put_away = asset(actor_of(crowd["a"]))
    client = api(crowd["a"])
    first, second = shared(client, ends.id), shared(client, put_away.id)
    assert portal().get(path_of(first)).status_code == 200
    client.post(f"/assets/{put_away.id}/archive")
    assert portal().get(path_of(second)).status_code == 404
    assert client.post(f"/assets/{put_away.id}/shares", json={}).json["code"] == "asset_archived"
    later(days=1)
    assert portal().get(path_of(first)).status_code == 404
    refused = client.post(f"/assets/{ends.id}/shares", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "asset_rights_not_running")
    assert "ended on" in refused.json["detail"]


def test_nobody_shares_what_is_not_theirs_or_not_for_everybody(api, crowd):
    brands, theirs = asset(actor_of(crowd["marketing"])), asset(actor_of(crowd["b"]))
    proof = asset(actor_of(crowd["a"]), picture(), kind="proof")
    regional = asset(actor_of(crowd["a"]), rights_regions=["EMEA"])

    def refusal(person, made):
        return api(crowd[person]).post(f"/assets/{made.id}/shares", json={}).json["code"]

    assert refusal("a", theirs) == "asset_not_found"
    assert refusal("a", brands) in {"asset_not_found", "asset_other_owner"}
    assert refusal("marketing", theirs) == "asset_other_owner"
    assert refusal("finance", brands) == "forbidden"
    assert refusal("a", proof) == refusal("a", regional) == "asset_not_shareable"


def test_links_of_others_are_not_there(api, crowd):
    made, own = asset(actor_of(crowd["b"])), asset(actor_of(crowd["a"]))
    link = shared(api(crowd["b"]), made.id)
    client = api(crowd["a"])
    assert client.get(f"/assets/{made.id}/shares").status_code == 404
    assert client.post(f"/assets/{made.id}/shares/{link['id']}/revoke").status_code == 404
    assert client.post(f"/assets/{own.id}/shares/{link['id']}/revoke").status_code == 404


@pytest.mark.parametrize(
    "token",
    ["x", "", "a" * 3000, "ÿ", crypto.base64.urlsafe_b64encode(b"0" * 16 + b"[1]").decode()],
)
def test_a_link_that_is_not_ours_opens_nothing(portal, crowd, token):
    assert portal().get(f"/s/{token}").status_code == 404


def test_a_token_made_for_something_else_opens_nothing(portal, api, crowd):
    made = asset(actor_of(crowd["a"]))
    link = shared(api(crowd["a"]), made.id)
    assert portal().get(f"/s/{crypto.sign('cobranding.picture', link['id'])}").status_code == 404


def test_a_file_has_twenty_open_links_at_most(api, crowd):
    made = asset(actor_of(crowd["a"]))
    client = api(crowd["a"])
    made_links = [shared(client, made.id) for _ in range(20)]
    assert client.post(f"/assets/{made.id}/shares", json={}).json["code"] == "asset_too_many_shares"
    client.post(f"/assets/{made.id}/shares/{made_links[0]['id']}/revoke")
    shared(client, made.id)


def test_a_link_that_is_opened_all_the_time_is_closed_for_a_while(api, portal, crowd, monkeypatch):
    monkeypatch.setattr(links, "MOST_AN_HOUR", 2)
    made = asset(actor_of(crowd["a"]))
    link = shared(api(crowd["a"]), made.id)
    answers = [portal().get(path_of(link)).status_code for _ in range(4)]
    assert answers == [200, 200, 503, 503]
    assert api(crowd["a"]).get(f"/assets/{made.id}/shares").json["items"][0]["downloads"] == 2


def test_the_page_makes_shows_and_takes_back_a_link(portal, crowd):
    made = asset(actor_of(crowd["a"]))
    browser, path = portal(crowd["a"]), f"/files/{made.id}"
    assert browser.post(f"{path}/shares", data={"days": "7"}).status_code == 303
    page = browser.get(path).text
    url = page.partition(f'href="{HERE}/s/')[2].partition('"')[0]
    assert portal().get(f"/s/{url}").status_code == 200
    (revoke,) = re.findall(rf'action="({path}/shares/\d+/revoke)"', page)
    assert browser.post(revoke, data={}).status_code == 303
    assert "Taken back" in browser.get(path).text
    assert portal().get(f"/s/{url}").status_code == 404
    assert browser.post(f"{path}/shares", data={"days": "1000"}).status_code == 422
