"""Signing in, invitations, resets, tokens and profiles, through the API and the services."""

import re
from datetime import timedelta
from email.message import EmailMessage

import psycopg
import pytest

from tcma.accounts import rules, service, signin, tasks
from tcma.accounts.errors import LinkExpired, TooManyTries, WeakPassword, WrongCredentials
from tcma.accounts.rules import LinkPurpose
from tcma.infra import cache, mail
from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make

PASSWORD = "correct horse battery"


@pytest.fixture
def people(world):
    with transaction(SYSTEM):
        make.brand()
        north, south = make.partner("North"), make.partner("South")
        found = {
            "admin": make.user(Role.ADMIN, email="admin@brand.example"),
            "manager": make.user(Role.CHANNEL_MANAGER),
            "owner": make.user(Role.OWNER, north, email="owner@north.example"),
            "marketer": make.user(Role.MARKETER, north),
            "stranger": make.user(Role.OWNER, south),
        }
    signin.set_password(found["owner"].id, PASSWORD)
    return found


@pytest.fixture
def outbox(monkeypatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "deliver", sent.append)
    return sent


def run_errands(errands):
    jobs = {"accounts.mail_link": tasks.mail_link}
    for errand in list(errands):
        jobs[errand.name](**errand.ids)
    errands.clear()


def token_in(message: EmailMessage) -> str:
    return re.search(r"/(?:invitation|reset)/(\S+)", message.get_content()).group(1)


def test_an_address_and_a_password_give_a_token_that_says_who_asks(people, api):
    answer = api().post("/tokens", json={"email": "Owner@North.example", "password": PASSWORD})
    assert answer.status_code == 201
    client = api()
    client.token = answer.json["token"]
    assert client.get("/users/me").json["email"] == "owner@north.example"
    with clock.frozen(clock.now() + rules.SIGN_IN_TOKEN_LIVES + timedelta(seconds=1)):
        assert client.get("/users/me").status_code == 401


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(people, api):
    wrong = api().post("/tokens", json={"email": "owner@north.example", "password": "not this one"})
    unknown = api().post("/tokens", json={"email": "nobody@north.example", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    same = [{key: value for key, value in answer.json.items() if key != "request_id"} for answer in (wrong, unknown)]
    assert same[0] == same[1]
    assert same[0]["code"] == "wrong_credentials"


def test_guessing_is_throttled_even_when_the_last_guess_is_right(people):
    for _ in range(rules.TRIES_PER_ADDRESS):
        with pytest.raises(WrongCredentials):
            signin.sign_in(email="owner@north.example", password="wrong", network="203.0.113.7")
    with pytest.raises(TooManyTries):
        signin.sign_in(email="owner@north.example", password=PASSWORD, network="203.0.113.7")


def test_nothing_of_a_password_or_a_token_is_kept_in_the_clear(people, api, database_url):
    token = api().post("/tokens", json={"email": "owner@north.example", "password": PASSWORD}).json["token"]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT row_to_json(u)::text FROM users u").fetchall()
        rows += connection.execute("SELECT row_to_json(t)::text FROM api_tokens t").fetchall()
        rows += connection.execute("SELECT row_to_json(a)::text FROM audit_entries a").fetchall()
    everything = "".join(row for (row,) in rows)
    assert PASSWORD not in everything
    assert token not in everything
    assert "$argon2id$" in everything


def test_an_invitation_arrives_by_mail_works_once_and_then_its_person_can_sign_in(people, errands, outbox, api):
    answer = api(people["owner"]).post(
        "/users",
        json={
            "email": "New@North.example",
            "name": "Nia",
            "roles": ["marketer"],
            "partner_id": people["owner"].partner_id,
        },
    )
    assert answer.status_code == 201, answer.json
    run_errands(errands)
    (message,) = outbox
    assert message["To"] == "new@north.example"
    assert "Aurelia" in message["Subject"]
    token = token_in(message)
    signin.use_link(token=token, purpose=LinkPurpose.INVITATION, password=PASSWORD)
    with pytest.raises(LinkExpired):
        signin.use_link(token=token, purpose=LinkPurpose.INVITATION, password=PASSWORD)
    actor = signin.sign_in(email="new@north.example", password=PASSWORD, network="203.0.113.7")
    assert (actor.partner_id, actor.roles) == (people["owner"].partner_id, {Role.MARKETER})


def test_an_invitation_ends_after_seven_days_and_does_not_serve_as_a_reset(people, errands, outbox):
    with transaction(SYSTEM):
        service.invite(SYSTEM, email="late@brand.example", name="Late", roles=[Role.FINANCE])
    run_errands(errands)
    token = token_in(outbox[0])
    with pytest.raises(LinkExpired):
        signin.use_link(token=token, purpose=LinkPurpose.PASSWORD_RESET, password=PASSWORD)
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)), pytest.raises(LinkExpired):
        signin.use_link(token=token, purpose=LinkPurpose.INVITATION, password=PASSWORD)


def test_a_job_that_runs_twice_mails_once_and_the_sweep_finds_a_lost_one(people, errands, outbox):
    with transaction(SYSTEM):
        service.invite(SYSTEM, email="new@brand.example", name="New", roles=[Role.FINANCE])
    errands.clear()
    tasks.mail_owed_links()
    (errand,) = errands
    tasks.mail_link(**errand.ids)
    tasks.mail_link(**errand.ids)
    assert len(outbox) == 1
    errands.clear()
    tasks.mail_owed_links()
    assert errands == []


def test_a_mail_that_the_server_refuses_is_given_up_and_one_that_has_to_wait_is_tried_later(
    people, errands, monkeypatch
):
    with transaction(SYSTEM):
        service.invite(SYSTEM, email="new@brand.example", name="New", roles=[Role.FINANCE])
    (errand,) = errands
    tries = []

    def busy(message):
        tries.append(message)
        raise mail.MailDeferred("busy", 451)

    monkeypatch.setattr(mail, "deliver", busy)
    tasks.mail_link(**errand.ids)
    tasks.mail_link(**errand.ids)
    assert len(tries) == 1
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        tasks.mail_link(**errand.ids)
        assert len(tries) == 2

    def refuse(message):
        tries.append(message)
        raise mail.MailRefused("no such person", 550)

    monkeypatch.setattr(mail, "deliver", refuse)
    for days in (1, 2, 3):
        with clock.frozen(clock.now() + timedelta(days=days)):
            tasks.mail_link(**errand.ids)
    assert len(tries) == 3


@pytest.mark.parametrize("name", ["Acme; Sons", "A <b@evil.example>", "ÄÖ: x;", 'Quote "d"', "Comma, Inc."])
def test_the_brands_name_cannot_change_who_a_mail_is_from(people, name, errands, outbox):
    with transaction(SYSTEM):
        service.set_up_brand(SYSTEM, name=name)
        service.invite(SYSTEM, email="new@brand.example", name="New", roles=[Role.FINANCE])
    run_errands(errands)
    (sender,) = outbox[0]["From"].addresses
    assert sender.addr_spec == "no-reply@portal.brand.example"
    assert sender.display_name == name


def test_a_reset_changes_the_password_and_ends_other_sessions_and_every_token(people, errands, outbox, portal, api):
    browser, script = portal(people["admin"]), api(people["admin"])
    assert browser.get("/audit/").status_code == 200
    assert script.get("/users/me").status_code == 200
    signin.ask_for_reset(email="admin@brand.example", network="203.0.113.7")
    signin.ask_for_reset(email="nobody@brand.example", network="203.0.113.7")
    run_errands(errands)
    (message,) = outbox
    signin.use_link(token=token_in(message), purpose=LinkPurpose.PASSWORD_RESET, password="another long secret")
    assert signin.sign_in(email="admin@brand.example", password="another long secret", network="x").is_brand
    assert browser.get("/audit/").location.startswith("/sign-in")
    assert script.get("/users/me").status_code == 401


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 300])
def test_a_weak_password_is_refused_with_its_field(people, password):
    with pytest.raises(WeakPassword) as caught:
        signin.set_password(people["owner"].id, password)
    assert "password" in caught.value.errors


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(people, portal):
    browser, copy = portal(people["admin"]), portal(people["admin"])
    assert copy.get("/audit/").status_code == 200
    browser.post("/sign-out")
    assert copy.get("/audit/").status_code == 302


def test_one_reset_uses_up_every_other_one(people, errands, outbox):
    for _ in range(2):
        signin.ask_for_reset(email="admin@brand.example", network="203.0.113.7")
    run_errands(errands)
    first, second = (token_in(message) for message in outbox)
    signin.use_link(token=first, purpose=LinkPurpose.PASSWORD_RESET, password="another long secret")
    with pytest.raises(LinkExpired):
        signin.use_link(token=second, purpose=LinkPurpose.PASSWORD_RESET, password="a third long secret")


def test_signing_in_rightly_does_not_use_up_the_tries_of_a_network(people):
    for _ in range(rules.TRIES_PER_NETWORK + 5):
        cache.count_up("sign-in-from:203.0.113.9", window_s=60)
        cache.count_down("sign-in-from:203.0.113.9")
    assert signin.sign_in(email="owner@north.example", password=PASSWORD, network="203.0.113.9").is_partner


def test_the_present_password_cannot_be_guessed_for_ever(people):
    actor = service.actor_of(people["owner"])
    for _ in range(rules.TRIES_PER_ADDRESS):
        with pytest.raises(WrongCredentials):
            signin.change_password(actor, present="wrong", password="another long secret")
    with pytest.raises(TooManyTries):
        signin.change_password(actor, present=PASSWORD, password="another long secret")


def test_a_partner_cannot_use_invitations_to_write_to_strangers(people, api):
    owner, partner_id = api(people["owner"]), people["owner"].partner_id
    body = {
        "name": "Win at http://evil.example",
        "email": "a@x.example",
        "roles": ["marketer"],
        "partner_id": partner_id,
    }
    assert "name" in owner.post("/users", json=body).json["errors"]
    answers = [
        owner.post("/users", json=body | {"name": "N", "email": f"p{number}@x.example"})
        for number in range(rules.INVITATIONS_A_DAY + 1)
    ]
    assert answers[0].status_code == 201
    assert (answers[-1].status_code, answers[-1].json["code"]) == (409, "too_many_invitations")


def test_a_suspended_person_is_out_at_once(people, api):
    client = api(people["marketer"])
    assert client.get("/users/me").status_code == 200
    assert api(people["owner"]).post(f"/users/{people['marketer'].id}/suspend").json["is_active"] is False
    assert client.get("/users/me").status_code == 401
    api(people["owner"]).post(f"/users/{people['marketer'].id}/restore")
    assert client.get("/users/me").status_code == 401


def test_a_scoped_token_makes_no_other_token(people, api):
    scopes = ["accounts:token:create", "accounts:partner:read"]
    script = api()
    script.token = api(people["owner"]).post("/tokens/scoped", json={"name": "x", "scopes": scopes}).json["token"]
    for body in ({"name": "wider"}, {"name": "same", "scopes": scopes}):
        answer = script.post("/tokens/scoped", json=body)
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_scoped_token_can_only_do_what_it_says(people, api):
    owner = api(people["owner"])
    issued = owner.post("/tokens/scoped", json={"name": "report", "scopes": ["accounts:partner:read"]})
    assert issued.status_code == 201
    script = api()
    script.token = issued.json["token"]
    partner_id = people["owner"].partner_id
    assert script.get(f"/partners/{partner_id}").status_code == 200
    refused = script.patch(f"/partners/{partner_id}", json={"city": "Kiel"})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert "city" not in issued.text


def test_a_revoked_token_is_worth_nothing(people, api):
    owner = api(people["owner"])
    script = api()
    script.token = owner.post("/tokens/scoped", json={"name": "gone"}).json["token"]
    (row,) = [item for item in owner.get("/tokens").json["items"] if item["name"] == "gone"]
    assert script.get("/users/me").status_code == 200
    owner.delete(f"/tokens/{row['id']}")
    assert script.get("/users/me").status_code == 401


@pytest.mark.parametrize(
    ("who", "roles", "elsewhere"),
    [
        ("owner", ["admin"], False),
        ("owner", ["owner"], True),
        ("manager", ["finance"], False),
        ("marketer", ["marketer"], False),
    ],
)
def test_nobody_gives_roles_that_are_not_theirs_to_give(people, api, who, roles, elsewhere):
    partner_id = people["stranger"].partner_id if elsewhere else people[who].partner_id
    body = {"email": "x@x.example", "name": "X", "roles": roles, "partner_id": partner_id}
    answer = api(people[who]).post("/users", json=body)
    assert answer.status_code in {403, 404}
    with transaction(SYSTEM):
        assert service.queries.user_by_email("x@x.example") is None


def test_an_address_is_only_taken_once_and_nothing_is_said_about_where(people, api):
    body = {
        "email": "owner@north.example",
        "name": "X",
        "roles": ["marketer"],
        "partner_id": people["stranger"].partner_id,
    }
    answer = api(people["stranger"]).post("/users", json=body)
    assert (answer.status_code, answer.json["code"]) == (409, "address_taken")
    assert "North" not in answer.text


def test_a_profile_is_edited_once_per_revision(people, api):
    owner = api(people["owner"])
    path = f"/partners/{people['owner'].partner_id}"
    etag = owner.get(path).headers["ETag"]
    saved = owner.patch(path, json={"city": "Kiel"}, headers={"If-Match": etag})
    assert (saved.status_code, saved.json["city"]) == (200, "Kiel")
    stale = owner.patch(path, json={"city": "Bonn"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json["code"]) == (412, "stale_edit")
    assert owner.get(path).json["city"] == "Kiel"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"city": 5}, "city"),
        ({"nickname": "x"}, "nickname"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"web": "javascript:alert(1)"}, "web"),
        ({"trade_name": "A\r\nBcc: x@x.example"}, "trade_name"),
        ({"city": "x" * 101}, "city"),
        ({"country": "Germany"}, "country"),
        ({"specialties": "cloud"}, "specialties"),
        ({"tier": "platinum"}, "tier"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_a_bad_profile_is_refused_with_the_name_of_the_field(people, api, body, field):
    owner = api(people["owner"])
    path = f"/partners/{people['owner'].partner_id}"
    before = owner.get(path).json
    answer = owner.patch(path, json=body)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert field in answer.json["errors"]
    assert owner.get(path).json == before


def test_a_partner_sees_its_own_people_and_the_brand_sees_all(people, api):
    mine = {item["id"] for item in api(people["owner"]).get("/users").json["items"]}
    assert mine == {people["owner"].id, people["marketer"].id}
    everybody = {item["id"] for item in api(people["admin"]).get("/users").json["items"]}
    assert everybody == {person.id for person in people.values()}


def test_lists_go_on_where_the_page_before_ended(people, api):
    admin = api(people["admin"])
    first = admin.get("/users?limit=3").json
    second = admin.get(f"/users?limit=3&after={first['next']}").json
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted((person.id for person in people.values()), reverse=True)
    assert second["next"] is None
