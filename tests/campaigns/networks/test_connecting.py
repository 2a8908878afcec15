"""Connect an account at a Mastodon server, over real sockets, and let go of it again."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.networks import service, tasks
from campaigns.networks.errors import AccountNotFound, HandshakeGone
from campaigns.networks.rules import Network
from tcma.infra import http
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tests.campaigns.networks.conftest import person
from tests.factories import networks
from tests.speaking import Said


def begin(api, actor: Actor, server: str) -> str:
    answer = api(actor).post("/social-accounts", json={"network": "mastodon", "server": server})
    assert answer.status_code == 200, answer.text
    return answer.json["sign_in_url"]


def told(browser) -> str:
    return browser.get("/social-accounts/").get_data(as_text=True)


def test_a_partner_connects_its_account_and_sees_it(people, mastodon, api, portal) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    browser = portal(person(people.partner))
    assert browser.get("/social-accounts/callback", query_string=back).location == "/social-accounts/"
    assert "@nordwind@" in told(browser)
    (found,) = api(people.partner).get("/social-accounts").json["items"]
    assert (found["network"], found["state"], found["name"]) == ("mastodon", "connected", "Nordwind GmbH")
    assert found["server"] == mastodon.url
    assert found["expires_at"] is None


def test_a_partner_connects_from_the_page(people, mastodon, portal) -> None:
    browser = portal(person(people.partner))
    page = browser.post("/social-accounts/connect", data={"network": "mastodon", "server": mastodon.url})
    assert page.status_code == 200
    url = page.get_data(as_text=True).split('btn-primary" href="')[1].split('"')[0].replace("&amp;", "&")
    browser.get("/social-accounts/callback", query_string=mastodon.sign_in(url))
    assert "is connected" in told(browser)


def test_tokens_are_sealed_in_the_database_and_shown_nowhere(people, mastodon, api, portal, caplog) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    portal(person(people.partner)).get("/social-accounts/callback", query_string=back)
    (token,) = mastodon.tokens
    with reading(people.partner):
        rows = session.execute(text("SELECT a::text, encode(a.sealed, 'escape') FROM social_accounts a")).one()
        trail = session.execute(text("SELECT string_agg(e::text, ' ') FROM audit_entries e")).scalar_one()
    shown = api(people.partner).get("/social-accounts").text + told(portal(person(people.partner)))
    for place in (*rows, trail, shown, caplog.text):
        assert token not in place


def test_a_handshake_is_used_once(people, mastodon, api, portal) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    browser = portal(person(people.partner))
    browser.get("/social-accounts/callback", query_string=back)
    browser.get("/social-accounts/callback", query_string=back)
    assert "Begin again" in told(browser)
    assert len(mastodon.server.calls("POST", "/oauth/token")) == 1


def test_a_handshake_belongs_to_whoever_began_it(people, mastodon, api, portal) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    for stranger in (people.other, people.colleague):
        portal(person(stranger)).get("/social-accounts/callback", query_string=back)
    assert mastodon.server.calls("POST", "/oauth/token") == []
    browser = portal(person(people.partner))
    browser.get("/social-accounts/callback", query_string=back)
    assert "is connected" in told(browser)


def test_a_handshake_is_over_after_ten_minutes(people, mastodon, api) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    with clock.frozen(clock.now() + timedelta(minutes=10, seconds=1)):
        with pytest.raises(HandshakeGone), transaction(people.partner):
            service.take_handshake(people.partner, state=back["state"])
        tasks.warn_expiring()
    with reading(people.partner):
        assert session.execute(text("SELECT count(*) FROM social_handshakes")).scalar() == 0


def test_a_person_who_says_no_is_told_that_nothing_was_connected(people, mastodon, api, portal) -> None:
    state = mastodon.sign_in(begin(api, people.partner, mastodon.url))["state"]
    browser = portal(person(people.partner))
    browser.get("/social-accounts/callback", query_string={"state": state, "error": "access_denied"})
    assert "did not allow this" in told(browser)
    assert api(people.partner).get("/social-accounts").json["items"] == []


def test_a_code_that_somebody_else_caught_is_worth_nothing_without_our_verifier(people, mastodon, api, portal) -> None:
    mine = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    theirs = mastodon.sign_in(begin(api, people.other, mastodon.url))
    browser = portal(person(people.other))
    browser.get("/social-accounts/callback", query_string={"state": theirs["state"], "code": mine["code"]})
    assert api(people.other).get("/social-accounts").json["items"] == []


@pytest.mark.parametrize(
    ("server", "status"),
    [("", 422), ("not a server", 422), ("https://", 422), ("localhost", 422), ("10.0.0.7", 422)],
)
def test_a_server_that_is_none_is_refused_with_a_sentence(people, api, server, status) -> None:
    answer = api(people.partner).post("/social-accounts", json={"network": "mastodon", "server": server})
    assert answer.status_code == status
    assert answer.json["code"] == "server_needed"


def test_a_server_that_leads_inside_is_not_gone_to(people, mastodon, api) -> None:
    http.configure(allow_loopback=False)
    answer = api(people.partner).post("/social-accounts", json={"network": "mastodon", "server": mastodon.url})
    assert answer.status_code == 503
    assert "public addresses" in answer.json["detail"]
    assert mastodon.server.asked == []


def test_nobody_lets_the_service_knock_at_servers_without_end(people, mastodon, api) -> None:
    body = {"network": "mastodon", "server": mastodon.url}
    statuses = [api(people.partner).post("/social-accounts", json=body).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [503]
    assert api(people.other).post("/social-accounts", json=body).status_code == 200


@pytest.mark.parametrize(
    "given", ["@me@Social.example", "https://social.example/@me", "social.example/", " social.example"]
)
def test_a_server_is_understood_however_it_is_written(people, given) -> None:
    with reading(people.partner):
        plan = service.plan_connect(people.partner, network=Network.MASTODON, server=given)
    assert plan.way.server == "https://social.example"


def test_another_partner_and_the_brand_see_no_account(people, api, portal) -> None:
    with transaction(people.partner):
        row = networks.account(people.partner)
    path = f"/social-accounts/{row.id}"
    assert api(people.colleague).get(path).status_code == 200
    assert api(people.other).get(path).status_code == 404
    assert api(people.other).post(f"{path}/disconnect").status_code == 404
    assert portal(person(people.other)).post(f"{path}/disconnect").status_code == 404
    assert api(people.other).get("/social-accounts").json["items"] == []
    assert api(people.brand).get(path).status_code == 404
    assert api(people.brand).get("/social-accounts").status_code == 403
    assert api().get("/social-accounts").status_code == 401


def test_the_database_itself_hides_accounts_from_another_partner_and_the_brand(people) -> None:
    with transaction(people.partner):
        networks.account(people.partner)
    for actor, seen in ((people.partner, 1), (people.other, 0), (people.brand, 0), (SYSTEM, 1)):
        with reading(actor):
            assert session.execute(text("SELECT count(*) FROM social_accounts")).scalar() == seen


def test_an_account_is_not_opened_for_another_partner(people) -> None:
    with transaction(people.partner):
        row = networks.account(people.partner)
    theirs = Actor.partner_job(people.other.partner_id or 0)
    with pytest.raises(AccountNotFound), reading(theirs):
        service.open_account(theirs, row.id)


def test_disconnecting_revokes_the_token_and_forgets_it(people, mastodon, api, portal) -> None:
    back = mastodon.sign_in(begin(api, people.partner, mastodon.url))
    portal(person(people.partner)).get("/social-accounts/callback", query_string=back)
    (found,) = api(people.partner).get("/social-accounts").json["items"]
    answer = api(people.partner).post(f"/social-accounts/{found['id']}/disconnect")
    assert answer.json["state"] == "disconnected"
    assert mastodon.tokens == set()
    with reading(people.partner):
        assert session.execute(text("SELECT sealed FROM social_accounts")).scalar() == b""
    assert api(people.partner).post(f"/social-accounts/{found['id']}/disconnect").status_code == 409


def test_an_account_is_disconnected_here_even_when_its_server_is_gone(people, mastodon, api) -> None:
    mastodon.server.answers["POST /oauth/revoke"] = Said({}, 500)
    with transaction(people.partner):
        row = networks.account(people.partner, server=mastodon.url)
    assert api(people.partner).post(f"/social-accounts/{row.id}/disconnect").json["state"] == "disconnected"


def test_connected_again_it_is_the_same_account(people) -> None:
    with transaction(people.partner):
        first = networks.account(people.partner, subject="7")
    with transaction(people.partner):
        service.disconnect(people.partner, first.id)
    with transaction(people.partner):
        again = networks.account(people.partner, subject="7")
    assert (again.id, again.state) == (first.id, "connected")
