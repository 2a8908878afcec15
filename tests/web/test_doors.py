"""What every door does the same: problem documents, replays, forms that cannot run twice, headers."""

import io
import threading
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from openapi_spec_validator import validate

from tcma.accounts import queries
from tcma.app import create_app
from tcma.infra import replays
from tcma.infra.db import Unstorable, reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make

NEW = {"legal_name": "East GmbH", "trade_name": "East"}


@pytest.fixture
def admin(world):
    with transaction(SYSTEM):
        make.brand()
        return make.user(Role.ADMIN)


def partner_names():
    with reading(SYSTEM):
        return [partner.trade_name for partner in queries.partners(SYSTEM)]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"null", "application/json", 422),
        (b"", "application/json", 422),
        (b'{"trade_name": ["x"], "legal_name": 5}', "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b"trade_name=East", "application/x-www-form-urlencoded", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_answered_with_a_problem_document(admin, api, body, content_type, status):
    answer = api(admin).post("/partners", data=body, content_type=content_type)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert answer.json["status"] == status
    assert partner_names() == []


@pytest.mark.parametrize(
    ("path", "signed_in", "size"), [("/partners", True, 1024 * 1024 + 1), ("/tokens", False, 16 * 1024 + 1)]
)
def test_a_body_that_is_too_large_is_not_read(admin, api, path, signed_in, size):
    client = api(admin) if signed_in else api()
    answer = client.post(path, data=b"x" * size, content_type="application/json")
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


def test_what_came_in_is_not_sent_back_whole(admin, api):
    answer = api(admin).post("/partners", json={f"field{number}": 1 for number in range(5000)})
    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 50


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000 + b"]" * 50_000,
        b'{"trade_name": ' + b"9" * 6000 + b"}",
        b'{"trade_name": "\\ud800", "legal_name": "x"}',
        b'{"trade_name": "a\\u0000b", "legal_name": "x"}',
    ],
)
def test_json_that_nothing_can_store_is_refused(admin, api, body):
    answer = api(admin).post("/partners", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert partner_names() == []


@pytest.mark.parametrize(
    "form",
    [
        {"social": "x", "social.x": "y"},
        {".".join(["a"] * 3000): "x"},
        {"specialties." + "1" * 5000: "x"},
        {"trade_name": "a\0b", "legal_name": "x"},
    ],
)
def test_a_form_that_no_page_sends_is_refused(admin, portal, form):
    answer = portal(admin).post("/partners/new", data=form)
    assert answer.status_code == 422
    assert partner_names() == []


@pytest.mark.parametrize(
    "path",
    ["/notifications/?after=" + "9" * 23, "/sign-in?next=//[", "/people/?after=x", "/audit/?limit=zzz", "/?a=%00"],
)
def test_an_address_that_makes_no_sense_is_no_crash(admin, portal, path):
    assert portal(admin).get(path).status_code < 500


def test_a_text_that_the_database_cannot_hold_is_refused_with_a_sentence(world):
    with pytest.raises(Unstorable), transaction(SYSTEM):
        make.partner("Half \ud800 a character")


@pytest.mark.parametrize("path", ["/partners/0", "/partners/99999999999999999999999", "/partners/-1", "/partners/abc"])
def test_ids_that_nothing_can_have_are_simply_not_there(admin, api, path):
    assert api(admin).get(path).status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=0", "after=-1", "color=red"])
def test_a_bad_question_for_a_list_names_the_field(admin, api, query):
    answer = api(admin).get(f"/partners?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_no_token_of_an_address_stands_in_the_log(app, world, portal, caplog):
    caplog.set_level("INFO")
    answer = portal().post("/reset/a-secret-token", data={"password": "a long new password"})
    assert answer.status_code == 422
    assert "a-secret-token" not in caplog.text


def test_a_crash_says_nothing_about_itself(admin, api, monkeypatch):
    def crash(*_, **__):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(queries, "partner_page", crash)
    answer = api(admin).get("/partners")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_repeated_command_has_one_effect_and_the_same_answer(admin, api):
    client = api(admin)
    first = client.post("/partners", json=NEW, key="k1")
    again = client.post("/partners", json=NEW, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert partner_names() == ["East"]


def test_a_key_with_another_body_or_another_address_is_a_conflict(admin, api):
    client = api(admin)
    client.post("/partners", json=NEW, key="k1")
    other = client.post("/partners", json=NEW | {"trade_name": "West"}, key="k1")
    elsewhere = client.post("/users", json={"email": "a@b.example", "name": "A", "roles": ["finance"]}, key="k1")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_key_reused")
    assert elsewhere.status_code == 409
    assert partner_names() == ["East"]


def test_a_key_belongs_to_the_organization_that_used_it(admin, api):
    with transaction(SYSTEM):
        north, south = make.partner("North"), make.partner("South")
        people = [make.user(Role.OWNER, north), make.user(Role.OWNER, south)]
    for person in people:
        answer = api(person).patch(f"/partners/{person.partner_id}", json={"city": "Kiel"}, key="same")
        assert answer.status_code == 200
        assert "Idempotent-Replayed" not in answer.headers


def test_a_colleague_does_not_get_the_answer_that_somebody_else_got(admin, api):
    with transaction(SYSTEM):
        colleague = make.user(Role.MARKETING)
    api(admin).post("/partners", json=NEW, key="k1")
    answer = api(colleague).post("/partners", json=NEW, key="k1")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_reused")


def test_a_command_that_failed_leaves_its_key_free(admin, api):
    client = api(admin)
    assert client.post("/partners", json=NEW | {"time_zone": "Mars"}, key="k1").status_code == 422
    assert client.post("/partners", json=NEW, key="k1").status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "\x07bell", "ключ"])
def test_a_key_that_cannot_be_kept_is_refused(admin, api, key):
    answer = api(admin).post("/partners", json=NEW, headers={"Idempotency-Key": key.encode().decode("latin-1")})
    assert answer.json["code"] == "idempotency_key_malformed"
    assert partner_names() == []


def test_what_was_answered_is_kept_sealed_and_only_for_a_week(admin, api, database_url):
    api(admin).post("/partners", json=NEW, key="k1")
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT set_config('tcma.scope', 'system', false)")
        (kept,) = connection.execute("SELECT answer FROM replays").fetchone()
    assert b"East" not in bytes(kept)
    with clock.frozen(clock.now() + timedelta(days=6)), transaction(SYSTEM):
        assert replays.forget_old() == 0
    with clock.frozen(clock.now() + timedelta(days=8)), transaction(SYSTEM):
        assert replays.forget_old() == 1


def test_two_requests_with_one_key_at_the_same_time_have_one_effect(admin, api):
    clients = [api(admin) for _ in range(6)]
    answers = []
    start = threading.Barrier(len(clients))

    def ask(client):
        start.wait(10)
        answers.append(client.post("/partners", json=NEW, key="same"))

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [201] * len(clients)
    assert len({answer.json["id"] for answer in answers}) == 1
    assert partner_names() == ["East"]


def test_the_same_form_sent_twice_has_one_effect(admin, portal):
    browser = portal(admin)
    form = NEW | {"_key": "form-1", "tier": "gold"}
    first = browser.post("/partners/new", data=form)
    again = browser.post("/partners/new", data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert partner_names() == ["East"]


def test_a_form_without_its_csrf_token_does_nothing(app, admin, portal):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        refused = portal(admin).post("/partners/new", data=NEW | {"_key": "form-1"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert refused.status_code == 400
    assert partner_names() == []


def test_a_browser_session_does_not_open_the_api(admin, portal):
    browser = portal(admin)
    assert browser.get("/partners/").status_code == 200
    assert browser.get("/api/v1/partners").status_code == 401
    assert browser.post("/api/v1/partners", json=NEW).status_code == 401
    assert partner_names() == []


def test_every_answer_carries_the_security_headers(admin, portal):
    for answer in (portal(admin).get("/"), portal().get("/sign-in"), portal().get("/api/v1/partners")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in portal(admin).get("/").headers["Cache-Control"]


def test_a_request_id_from_outside_is_kept_only_if_it_is_harmless(admin, portal):
    assert portal().get("/sign-in", headers={"X-Request-Id": "abc-12345"}).headers["X-Request-Id"] == "abc-12345"
    strange = portal().get("/sign-in", headers={"X-Request-Id": 'x"><script>'}).headers["X-Request-Id"]
    assert strange.isalnum()


def test_the_session_cookie_is_out_of_reach_for_scripts_and_for_other_sites(settings, monkeypatch):
    secure = create_app(replace(settings, base_url="https://portal.example"))
    assert secure.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert secure.config["SESSION_COOKIE_SECURE"] is True
    assert secure.config["SESSION_COOKIE_HTTPONLY"] is True
    assert secure.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    create_app(settings)


def test_the_description_of_the_api_is_valid_and_readable(app, world):
    client = app.test_client()
    description = client.get("/api/openapi.json").json
    assert description["openapi"] == "3.1.0"
    validate(description)
    page = client.get("/api/docs").text
    for path in ("/api/v1/partners", "/api/v1/tokens"):
        assert path in description["paths"]
        assert path in page


def test_a_file_in_a_json_command_is_not_taken_for_a_body(admin, api):
    answer = api(admin).post("/partners", data={"file": (io.BytesIO(b"x"), "x.txt")})
    assert answer.status_code == 422
