"""LinkedIn, Facebook and X against their documented requests and answers, and every documented way to fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campaigns.networks.drivers import Access, Driver, Way
from campaigns.networks.drivers.facebook import Facebook
from campaigns.networks.drivers.linkedin import LinkedIn, escaped, unescaped
from campaigns.networks.drivers.x import X
from campaigns.networks.errors import (
    AccessLost,
    ConsentRefused,
    NetworkRefused,
    NetworkUnavailable,
    NothingToChoose,
    Throttled,
    Unconfirmed,
)
from campaigns.networks.rules import App, Message, Picture, Tokens
from tcma.infra import http
from tcma.kernel import clock
from tests.campaigns.networks import answers
from tests.speaking import Said, Server, serving

LINK = "https://portal.brand.example/t/c/abc"
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PICTURE = Picture("p.jpg", "image/jpeg", b"\xff\xd8\xff", 1200, 900, "A boat")
MESSAGE = Message(key="k", number=7, made_at=NOON, text=f"News (really) {LINK}", link=LINK, locale="en")
PICTURED = Message(key="k", number=7, made_at=NOON, text=f"News {LINK}", link=LINK, locale="en", picture=PICTURE)


@dataclass
class Side:
    """One network: who speaks to it, who answers, and the request that publishes."""

    driver: Driver
    server: Server
    subject: str
    publishing: str
    listing: str
    found: Callable[[str], Any]

    @property
    def app(self) -> App:
        return App("client", "secret")

    @property
    def access(self) -> Access:
        tokens = Tokens("token", "refresh 0")
        return Access(self.server.url, self.subject, "@nordwind", self.app, tokens)

    @property
    def way(self) -> Way:
        return Way("", self.app, "verifier", "https://portal.example/social-accounts/callback")


def linkedin_side(server: Server) -> Side:
    answers.linkedin(server)
    return Side(
        LinkedIn(site=server.url, api=server.url),
        server,
        answers.ORGANIZATION,
        "POST /rest/posts",
        "GET /rest/posts",
        lambda text: {"elements": [{"id": answers.SHARE, "commentary": escaped(text)}]},
    )


def facebook_side(server: Server) -> Side:
    answers.facebook(server)
    post = {"id": "546349135390552_1", "permalink_url": "https://www.facebook.com/546349135390552/posts/1"}
    return Side(
        Facebook(site=server.url, api=server.url),
        server,
        "546349135390552",
        "POST /v25.0/546349135390552/feed",
        "GET /v25.0/546349135390552/published_posts",
        lambda text: {"data": [{**post, "message": text}]},
    )


def x_side(server: Server) -> Side:
    answers.x(server)
    short = {"url": "https://t.co/1", "expanded_url": LINK}
    return Side(
        X(site=server.url, api=server.url),
        server,
        "2244994945",
        "POST /2/tweets",
        "GET /2/users/2244994945/tweets",
        lambda text: {
            "data": [
                {
                    "id": "1",
                    "text": text.replace(LINK, "https://t.co/1").replace("&", "&amp;"),
                    "entities": {"urls": [short]},
                }
            ]
        },
    )


SIDES = {"linkedin": linkedin_side, "facebook": facebook_side, "x": x_side}


@pytest.fixture(params=sorted(SIDES))
def side(request, loopback) -> Iterator[Side]:
    with serving() as server:
        yield SIDES[request.param](server)


@pytest.fixture
def linkedin(loopback) -> Iterator[Side]:
    with serving() as server:
        yield linkedin_side(server)


@pytest.fixture
def facebook(loopback) -> Iterator[Side]:
    with serving() as server:
        yield facebook_side(server)


@pytest.fixture
def x(loopback) -> Iterator[Side]:
    with serving() as server:
        yield x_side(server)


# ---- what all of them do


def test_a_person_who_says_no_connects_nothing(side) -> None:
    with pytest.raises(ConsentRefused):
        side.driver.grant(side.way, {"error": "access_denied", "state": "s"})
    assert side.server.asked == []


def test_a_post_is_published_with_one_request_that_publishes(side) -> None:
    published = side.driver.publish(side.access, MESSAGE)
    assert published.id
    assert published.url.startswith(side.server.url)
    assert len(side.server.calls(*side.publishing.split())) == 1
    assert side.server.calls(*side.publishing.split())[0].token == "token"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_of_theirs_while_publishing_leaves_it_unconfirmed(side, status) -> None:
    side.server.answers[side.publishing] = Said({}, status)
    with pytest.raises(Unconfirmed):
        side.driver.publish(side.access, MESSAGE)


def test_no_answer_while_publishing_leaves_it_unconfirmed(side, monkeypatch) -> None:
    real = http.send
    monkeypatch.setattr(http, "send", lambda *args, **sent: real(*args, **{**sent, "timeout_s": 0.2}))
    side.server.answers[side.publishing] = Said(hang=True)
    with pytest.raises(Unconfirmed):
        side.driver.publish(side.access, MESSAGE)
    assert len(side.server.asked) == 1


def test_an_answer_without_the_name_of_the_post_leaves_it_unconfirmed(side) -> None:
    side.server.answers[side.publishing] = Said({}, 201)
    with pytest.raises(Unconfirmed):
        side.driver.publish(side.access, MESSAGE)


def test_a_limit_is_kept_for_as_long_as_it_says(side) -> None:
    side.server.answers[side.publishing] = Said({}, 429, {"Retry-After": "120"})
    with pytest.raises(Throttled) as limited:
        side.driver.publish(side.access, MESSAGE)
    assert 119 <= limited.value.wait_s <= 120


def test_a_token_that_they_do_not_take_needs_a_person(side) -> None:
    side.server.answers[side.publishing] = Said({"message": "Invalid access token"}, 401)
    with pytest.raises(AccessLost):
        side.driver.publish(side.access, MESSAGE)


def test_what_they_forbid_is_told_in_their_words(side) -> None:
    side.server.answers[side.publishing] = Said({"message": "Not enough permissions", "status": 403}, 403)
    with pytest.raises(NetworkRefused, match="Not enough permissions"):
        side.driver.publish(side.access, MESSAGE)


def test_a_redirect_is_no_answer(side) -> None:
    side.server.answers[side.publishing] = Said({}, 302, {"Location": f"{side.server.url}/elsewhere"})
    with pytest.raises(NetworkUnavailable):
        side.driver.publish(side.access, MESSAGE)


def test_a_picture_that_cannot_be_uploaded_publishes_nothing(side) -> None:
    for place in ("POST /rest/images", "POST /v25.0/546349135390552/photos", "POST /2/media/upload"):
        side.server.answers[place] = Said({}, 502)
    with pytest.raises(NetworkUnavailable):
        side.driver.publish(side.access, PICTURED)
    assert side.server.calls(*side.publishing.split()) == []


def test_what_was_published_is_found_by_its_words_or_its_link_and_nothing_else(side) -> None:
    assert side.driver.find(side.access, MESSAGE) is None
    side.server.answers[side.listing] = side.found("Other words")
    other = Message(key="k", number=8, made_at=NOON, text="News", link="", locale="en")
    assert side.driver.find(side.access, other) is None
    side.server.answers[side.listing] = side.found(f"Somebody shortened it: {LINK}")
    found = side.driver.find(side.access, MESSAGE)
    assert found is not None
    assert found.id
    side.server.answers[side.listing] = side.found("Fish & chips <today>")
    words = Message(key="k", number=9, made_at=NOON, text="Fish & chips\n<today>", link="", locale="en")
    assert side.driver.find(side.access, words) is not None


@pytest.mark.parametrize(("answer", "error"), [(Said({}, 500), NetworkUnavailable), (Said({}, 401), AccessLost)])
def test_a_list_that_is_not_shown_says_nothing_about_the_post(side, answer, error) -> None:
    side.server.answers[side.listing] = answer
    with pytest.raises(error):
        side.driver.find(side.access, MESSAGE)


def test_nonsense_in_place_of_an_answer_is_told_as_such(side) -> None:
    for name in list(side.server.answers):
        side.server.answers[name] = Said(b"<html>")
    with pytest.raises(NetworkUnavailable):
        side.driver.grant(side.way, {"code": "c"})


# ---- LinkedIn


def test_linkedin_lists_the_organizations_that_a_person_may_post_for(linkedin) -> None:
    with clock.frozen(NOON):
        grant = linkedin.driver.grant(linkedin.way, {"code": "c"})
    assert [one.name for one in grant.candidates] == ["Nordwind GmbH", "Nordwind Süd"]
    first = grant.candidates[0]
    assert (first.subject, first.url) == (answers.ORGANIZATION, f"{linkedin.server.url}/company/nordwind")
    assert first.tokens.access_until == NOON + timedelta(days=60)
    assert first.tokens.until == NOON + timedelta(days=365)
    (form,) = [asked.form for asked in linkedin.server.calls("POST", "/oauth/v2/accessToken")]
    assert (form["code"], form["client_secret"], form["redirect_uri"]) == ("c", "secret", linkedin.way.callback)


def test_linkedin_without_a_refresh_token_needs_a_person_when_the_token_ends(linkedin) -> None:
    linkedin.server.answers["POST /oauth/v2/accessToken"] = {"access_token": "AQX", "expires_in": 5184000}
    with clock.frozen(NOON):
        grant = linkedin.driver.grant(linkedin.way, {"code": "c"})
        assert grant.candidates[0].tokens.until == NOON + timedelta(days=60)
        assert linkedin.driver.renew(linkedin.access).until is None


def test_linkedin_without_an_organization_is_told(linkedin) -> None:
    linkedin.server.answers["GET /rest/organizationAcls"] = {"elements": []}
    with pytest.raises(NothingToChoose):
        linkedin.driver.grant(linkedin.way, {"code": "c"})


def test_linkedin_gets_the_documented_request(linkedin) -> None:
    published = linkedin.driver.publish(linkedin.access, PICTURED)
    (post,) = linkedin.server.calls("POST", "/rest/posts")
    assert post.headers["linkedin-version"] == "202606"
    assert post.headers["x-restli-protocol-version"] == "2.0.0"
    assert post.json["author"] == answers.ORGANIZATION
    assert post.json["lifecycleState"] == "PUBLISHED"
    assert post.json["content"] == {"media": {"id": "urn:li:image:C4E10AQFoyyAjHPMQuQ", "altText": "A boat"}}
    (upload,) = [asked for asked in linkedin.server.asked if asked.method == "PUT"]
    assert (upload.body, upload.headers["content-type"]) == (PICTURE.data, "image/jpeg")
    assert published.url == f"{linkedin.server.url}/feed/update/{answers.SHARE}/"


def test_linkedin_reads_signs_as_signs_and_not_as_its_own_format() -> None:
    assert escaped("50 % (net) #1 @us {x} [y] <z> *a* _b_ ~c~ | \\") == (
        "50 % \\(net\\) \\#1 \\@us \\{x\\} \\[y\\] \\<z\\> \\*a\\* \\_b\\_ \\~c\\~ \\| \\\\"
    )
    assert unescaped(escaped("a_b (c) \\d")) == "a_b (c) \\d"


def test_linkedin_speaks_the_version_that_the_operator_names(linkedin) -> None:
    tokens = Tokens("token")
    newer = Access("", answers.ORGANIZATION, "", App("client", "secret", "202701"), tokens)
    linkedin.driver.publish(newer, MESSAGE)
    assert linkedin.server.asked[0].headers["linkedin-version"] == "202701"


def test_linkedin_keeps_the_token_of_the_other_pages_when_one_is_let_go(linkedin) -> None:
    linkedin.driver.let_go(linkedin.access)
    assert linkedin.server.asked == []


# ---- Facebook


def test_facebook_lists_the_pages_that_a_person_may_post_for_each_with_its_own_token(facebook) -> None:
    grant = facebook.driver.grant(facebook.way, {"code": "c"})
    (page,) = grant.candidates
    assert (page.subject, page.tokens.access, page.tokens.until) == ("546349135390552", "EAApage", None)
    (listing,) = facebook.server.calls("GET", "/v25.0/me/accounts")
    assert listing.token == "long"
    assert len(listing.query["appsecret_proof"]) == 64
    assert "client_secret" not in listing.query


def test_facebook_without_a_page_is_told(facebook) -> None:
    facebook.server.answers["GET /v25.0/me/accounts"] = {"data": []}
    with pytest.raises(NothingToChoose):
        facebook.driver.grant(facebook.way, {"code": "c"})


def test_facebook_gets_the_picture_unpublished_and_described_and_then_the_words(facebook) -> None:
    facebook.driver.publish(facebook.access, PICTURED)
    photo, feed = facebook.server.asked
    assert b"published" in photo.body
    assert b"A boat" in photo.body
    assert b'name="source"' in photo.body
    assert feed.form["attached_media[0]"] == '{"media_fbid": "17843"}'
    assert "link" not in feed.form
    facebook.driver.publish(facebook.access, MESSAGE)
    assert facebook.server.asked[-1].form["link"] == LINK


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (190, AccessLost),
        (102, AccessLost),
        (4, Throttled),
        (32, Throttled),
        (613, Throttled),
        (1, Unconfirmed),
        (2, Unconfirmed),
        (200, NetworkRefused),
        (368, NetworkRefused),
    ],
)
def test_facebook_means_something_by_its_codes(facebook, code, error) -> None:
    facebook.server.answers[facebook.publishing] = answers.graph_error(code, "Said by Facebook")
    with pytest.raises(error):
        facebook.driver.publish(facebook.access, MESSAGE)


def test_facebook_does_not_prove_by_its_list_that_a_post_is_not_there(facebook) -> None:
    assert not facebook.driver.shows_all


# ---- X


def test_x_turns_a_code_into_tokens_that_live_for_two_hours(x) -> None:
    with clock.frozen(NOON):
        (account,) = x.driver.grant(x.way, {"code": "c"}).candidates
    assert (account.subject, account.handle) == ("2244994945", "@nordwind")
    assert account.tokens.access_until == NOON + timedelta(hours=2)
    (asked,) = x.server.calls("POST", "/2/oauth2/token")
    assert asked.headers["authorization"] == "Basic Y2xpZW50OnNlY3JldA=="
    assert asked.form["code_verifier"] == "verifier"


def test_x_renews_with_the_refresh_token(x) -> None:
    tokens = x.driver.renew(x.access)
    (asked,) = x.server.calls("POST", "/2/oauth2/token")
    assert (asked.form["grant_type"], asked.form["refresh_token"]) == ("refresh_token", "refresh 0")
    assert (tokens.access, tokens.refresh) == ("access 1", "refresh 1")


def test_x_gets_the_picture_with_its_description_before_the_post(x) -> None:
    published = x.driver.publish(x.access, PICTURED)
    upload, described, post = x.server.asked
    assert b"tweet_image" in upload.body
    assert described.json == {"id": "1146654567674912769", "metadata": {"alt_text": {"text": "A boat"}}}
    assert post.json == {"text": PICTURED.text, "media": {"media_ids": ["1146654567674912769"]}}
    assert published.url == f"{x.server.url}/nordwind/status/1445880548472328192"


def test_x_says_until_when_to_wait_by_its_own_header(x) -> None:
    reset = str(int(NOON.timestamp()) + 900)
    x.server.answers[x.publishing] = Said({}, 429, {"x-rate-limit-reset": reset})
    with clock.frozen(NOON), pytest.raises(Throttled) as limited:
        x.driver.publish(x.access, MESSAGE)
    assert limited.value.wait_s == 900


def test_x_forbids_the_same_words_twice_and_says_so(x) -> None:
    words = "You are not allowed to create a Tweet with duplicate content."
    x.server.answers[x.publishing] = answers.problem("Forbidden", words, 403)
    with pytest.raises(NetworkRefused, match="duplicate content"):
        x.driver.publish(x.access, MESSAGE)


def test_x_is_told_when_an_account_is_let_go(x) -> None:
    x.driver.let_go(x.access)
    (asked,) = x.server.calls("POST", "/2/oauth2/revoke")
    assert asked.form["token"] == "refresh 0"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Tue, 01 Dec 2026 12:01:00 GMT"}, 60),
        ({"Retry-After": "999999999"}, 86400),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "Tue, 01 Dec 2020 12:01:00 GMT"}, 1),
        ({"X-RateLimit-Reset": "2026-12-01T12:05:00.000Z"}, 300),
        ({"ratelimit-reset": "99999999999999999999"}, 60),
        ({}, 60),
    ],
)
def test_however_a_network_says_it_the_wait_is_understood_and_bounded(x, headers, seconds) -> None:
    x.server.answers[x.publishing] = Said({}, 429, headers)
    with clock.frozen(NOON), pytest.raises(Throttled) as limited:
        x.driver.publish(x.access, MESSAGE)
    assert limited.value.wait_s == seconds
