"""The API of programs: drafts, versions that never change, and who sees which."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mdf.programs import queries, service
from mdf.programs.errors import NoVersionInForce
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, Scope
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def people(api):
    with transaction(SYSTEM):
        accounts.brand()
        users = {
            "manager": accounts.user(Role.CHANNEL_MANAGER),
            "marketing": accounts.user(Role.MARKETING),
            "owner": accounts.user(Role.OWNER, accounts.partner()),
        }
    return {name: api(person) for name, person in users.items()}


def created(people, **fields):
    body = {"name": "Co-op 2026", "document": mdf.document()} | fields
    answer = people["manager"].post("/mdf/programs", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def test_a_draft_is_the_brands_own_until_it_is_published(people):
    made = created(people)
    assert people["owner"].get(f"/mdf/programs/{made}").status_code == 404
    version = people["manager"].post(f"/mdf/programs/{made}/publish", json={}).json
    assert (version["state"], version["number"]) == ("published", 1)
    people["manager"].put(f"/mdf/programs/{made}/draft", json={"document": mdf.document(claim_within_days=30)})
    seen = {
        who: [entry["number"] for entry in people[who].get(f"/mdf/programs/{made}").json["versions"]]
        for who in ("manager", "owner")
    }
    assert seen == {"manager": [2, 1], "owner": [1]}
    draft = people["manager"].get(f"/mdf/programs/{made}").json["versions"][0]["id"]
    assert people["owner"].get(f"/mdf/programs/versions/{draft}").status_code == 404
    assert people["owner"].get(f"/mdf/programs/versions/{version['id']}").status_code == 200


def test_what_is_published_never_changes(people):
    made = created(people)
    version = people["manager"].post(f"/mdf/programs/{made}/publish", json={}).json["id"]
    answer = people["manager"].put(f"/mdf/programs/{made}/draft", json={"document": mdf.document(pay_within_days=5)})
    assert (answer.json["number"], answer.json["state"]) == (2, "draft")
    kept = people["manager"].get(f"/mdf/programs/versions/{version}").json["document"]
    assert kept == mdf.document()
    for sql in (
        "UPDATE mdf_program_versions SET document = '{}' WHERE id = :id",
        "DELETE FROM mdf_program_versions WHERE id = :id",
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction(SYSTEM):
            session.execute(text(sql), {"id": version})


def test_the_newest_rules_that_began_by_a_day_are_in_force(people):
    made = created(people)
    with reading(SYSTEM), pytest.raises(NoVersionInForce):
        service.in_force(SYSTEM, made, clock.today())
    people["manager"].post(f"/mdf/programs/{made}/publish", json={})
    people["manager"].put(f"/mdf/programs/{made}/draft", json={"document": mdf.document(claim_within_days=30)})
    later = clock.today() + timedelta(days=10)
    people["manager"].post(f"/mdf/programs/{made}/publish", json={"valid_from_on": later.isoformat()})
    with reading(SYSTEM):
        days = [service.in_force(SYSTEM, made, day).terms.claim_within_days for day in (clock.today(), later)]
    assert days == [60, 30]


def test_rules_do_not_begin_in_the_past(people):
    made = created(people)
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    answer = people["manager"].post(f"/mdf/programs/{made}/publish", json={"valid_from_on": yesterday})
    assert answer.status_code == 422
    assert "valid_from_on" in answer.json["errors"]


def test_rules_do_not_begin_when_nobody_lives(people):
    made = created(people)
    answer = people["manager"].post(f"/mdf/programs/{made}/publish", json={"valid_from_on": "9999-12-31"})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["valid_from_on"])


def test_a_faulty_document_is_refused_with_every_fault(people):
    bad = mdf.document(mdf.activity(share_percent="200"))
    answer = people["manager"].post("/mdf/programs", json={"name": "Bad", "document": bad})
    assert (answer.status_code, answer.json["code"]) == (422, "mdf_program_document_invalid")
    assert "document.activity_types.0.share_percent" in answer.json["errors"]
    assert people["manager"].get("/mdf/programs").json["items"] == []


def test_two_programs_do_not_share_a_name(people):
    created(people)
    answer = people["manager"].post("/mdf/programs", json={"name": "Co-op 2026", "document": mdf.document()})
    assert answer.status_code == 409


def test_a_stale_draft_is_refused(people):
    made = created(people)
    for title, status in ((5, 200), (6, 412)):
        answer = people["manager"].put(
            f"/mdf/programs/{made}/draft",
            json={"document": mdf.document(pay_within_days=title)},
            headers={"If-Match": '"1"'},
        )
        assert answer.status_code == status


@pytest.mark.parametrize("who", ["marketing", "owner"])
def test_only_those_who_run_the_program_write_it(people, who):
    assert people[who].post("/mdf/programs", json={"name": "x", "document": mdf.document()}).status_code == 403
    made = created(people)
    people["manager"].post(f"/mdf/programs/{made}/publish", json={})
    assert people[who].put(f"/mdf/programs/{made}/draft", json={"document": mdf.document()}).status_code == 403
    assert people[who].post(f"/mdf/programs/{made}/publish", json={}).status_code == 403


def test_of_two_who_take_one_name_at_the_same_moment_the_second_is_told(people, monkeypatch):
    created(people)
    monkeypatch.setattr(queries, "name_is_taken", lambda _: False)  # the other one commits after the look
    answer = people["manager"].post("/mdf/programs", json={"name": "Co-op 2026", "document": mdf.document()})
    assert (answer.status_code, set(answer.json["errors"])) == (409, {"name"}), answer.json


def test_whoever_may_not_read_programs_is_told_so(world):
    nobody = Actor(scope=Scope.BRAND, user_id=1)
    for read in (queries.visible_to, queries.versions_visible_to):
        with pytest.raises(Forbidden, match="mdf:program:read"):
            read(nobody)
