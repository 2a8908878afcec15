"""The API of requests: what is answered, to whom, and what happens to bad input."""

from datetime import timedelta

import pytest

from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def cast(api):
    with transaction(SYSTEM):
        accounts.brand()
        nordwind, other = accounts.partner("Nordwind"), accounts.partner("Other")
        people = {
            "owner": accounts.user(Role.OWNER, nordwind),
            "stranger": accounts.user(Role.OWNER, other),
            "manager": accounts.user(Role.CHANNEL_MANAGER),
            "finance": accounts.user(Role.FINANCE),
        }
        allocation = mdf.allocation(nordwind)
    return {name: api(person) for name, person in people.items()}, allocation


def body(allocation, **fields):
    start = clock.today() + timedelta(days=30)
    values = {
        "allocation_id": allocation.id,
        "activity_type": "email_campaign",
        "title": "Spring campaign",
        "starts_on": start.isoformat(),
        "ends_on": (start + timedelta(days=14)).isoformat(),
        "lines": [{"kind": "media", "description": "Sending", "amount": {"amount": "2000.00", "currency": "EUR"}}],
    }
    return values | fields


def drafted(people, allocation, **fields):
    answer = people["owner"].post("/mdf/requests", json=body(allocation, **fields))
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def line(amount, currency="EUR"):
    return {"lines": [{"kind": "media", "description": "x", "amount": {"amount": amount, "currency": currency}}]}


def submitted(people, allocation):
    made = drafted(people, allocation)
    assert people["owner"].post(f"/mdf/requests/{made}/submit", key=f"submit-{made}").status_code == 200
    return made


def revision(people, request_id):
    return people["manager"].get(f"/mdf/requests/{request_id}").json["revision"]


def test_from_draft_to_approval(cast):
    people, allocation = cast
    made = drafted(people, allocation)
    rules = people["owner"].get(f"/mdf/requests/{made}/rules").json
    assert rules["passed"] is True
    assert rules["requested"] == {"amount": "1000.00", "currency": "EUR"}
    assert {"code", "field", "title", "passed", "why", "what_passes"} == set(rules["results"][0])

    answer = people["owner"].post(f"/mdf/requests/{made}/submit", key="s")
    assert (answer.status_code, answer.json["state"]) == (200, "submitted")
    granted = {"amount": {"amount": "600.00", "currency": "EUR"}, "seen": answer.json["revision"]}
    answer = people["manager"].post(f"/mdf/requests/{made}/approve", json=granted, key="a")
    assert answer.status_code == 200, answer.json
    assert answer.json["state"] == "approved"
    assert answer.json["approved"] == {"amount": "600.00", "currency": "EUR"}
    assert answer.json["share_percent"] == "50.00"
    assert answer.json["proof_list"]["proof_of_cost"] == [{"key": "invoice", "name": "Invoice"}]

    wallet = people["owner"].get(f"/mdf/allocations/{allocation.id}").json
    assert (wallet["available"]["amount"], wallet["committed"]["amount"]) == ("9400.00", "600.00")
    events = people["owner"].get(f"/mdf/requests/{made}/events").json["items"]
    assert [event["kind"] for event in events] == ["drafted", "submitted", "approved"]


def test_a_money_command_needs_a_key(cast):
    people, allocation = cast
    made = drafted(people, allocation)
    answer = people["owner"].post(f"/mdf/requests/{made}/submit")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_required")


def test_the_same_key_gets_the_first_answer_and_moves_nothing_again(cast):
    people, allocation = cast
    made = submitted(people, allocation)
    seen = {"seen": revision(people, made)}
    first = people["manager"].post(f"/mdf/requests/{made}/approve", json=seen, key="approve")
    again = people["manager"].post(f"/mdf/requests/{made}/approve", json=seen, key="approve")
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert people["owner"].get(f"/mdf/allocations/{allocation.id}").json["committed"]["amount"] == "1000.00"


def test_the_same_key_with_another_body_is_a_conflict(cast):
    people, allocation = cast
    made = submitted(people, allocation)
    assert (
        people["manager"]
        .post(f"/mdf/requests/{made}/approve", json={"seen": revision(people, made)}, key="approve")
        .status_code
        == 200
    )
    other = {"amount": {"amount": "1.00", "currency": "EUR"}, "seen": 1}
    answer = people["manager"].post(f"/mdf/requests/{made}/approve", json=other, key="approve")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_reused")


def test_nobody_approves_what_they_did_not_look_at(cast):
    people, allocation = cast
    made = submitted(people, allocation)
    path = f"/mdf/requests/{made}/approve"
    blind = people["manager"].post(path, json={}, key="1")
    assert (blind.status_code, list(blind.json["errors"])) == (422, ["seen"])
    stale = people["manager"].post(path, json={"seen": revision(people, made) - 1}, key="2")
    assert (stale.status_code, stale.json["code"]) == (412, "stale_edit")
    tag = people["manager"].get(f"/mdf/requests/{made}").headers["ETag"]
    assert people["manager"].post(path, json={}, key="3", headers={"If-Match": tag}).status_code == 200


def test_a_second_approval_is_a_conflict(cast):
    people, allocation = cast
    made = submitted(people, allocation)
    assert (
        people["manager"]
        .post(f"/mdf/requests/{made}/approve", json={"seen": revision(people, made)}, key="1")
        .status_code
        == 200
    )
    answer = people["manager"].post(f"/mdf/requests/{made}/approve", json={"seen": revision(people, made)}, key="2")
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_move")


def test_the_one_who_asked_does_not_approve(cast):
    people, allocation = cast
    made = people["manager"].post("/mdf/requests", json=body(allocation)).json["id"]
    assert people["manager"].post(f"/mdf/requests/{made}/submit", key="s").status_code == 200
    answer = people["manager"].post(f"/mdf/requests/{made}/approve", json={"seen": revision(people, made)}, key="a")
    assert (answer.status_code, answer.json["code"]) == (403, "approver_is_requester")
    assert people["manager"].get(f"/mdf/requests/{made}").json["state"] == "submitted"


@pytest.mark.parametrize("who", ["owner", "finance"])
def test_only_a_channel_manager_approves(cast, who):
    people, allocation = cast
    made = submitted(people, allocation)
    assert (
        people[who].post(f"/mdf/requests/{made}/approve", json={"seen": revision(people, made)}, key="a").status_code
        == 403
    )


def test_an_approval_above_the_request_is_a_field_error(cast):
    people, allocation = cast
    made = submitted(people, allocation)
    above = {"amount": {"amount": "1000.01", "currency": "EUR"}, "seen": revision(people, made)}
    answer = people["manager"].post(f"/mdf/requests/{made}/approve", json=above, key="a")
    assert answer.status_code == 422
    assert "1,000.00 EUR" in answer.json["errors"]["amount"][0]


def test_a_request_above_the_allocation_is_refused_by_field_and_holds_nothing(cast):
    people, allocation = cast
    lines = [
        {"kind": "media", "description": "Much", "amount": {"amount": "12000.00", "currency": "EUR"}},
    ]
    for _ in range(2):
        made = drafted(people, allocation, lines=lines)
        assert people["owner"].post(f"/mdf/requests/{made}/submit", key=f"s{made}").status_code == 200
    made = drafted(people, allocation, lines=lines)
    answer = people["owner"].post(f"/mdf/requests/{made}/submit", key="third")
    assert (answer.status_code, answer.json["code"]) == (422, "mdf_rules_not_met")
    assert "lines" in answer.json["errors"]
    assert people["owner"].get(f"/mdf/requests/{made}").json["state"] == "draft"
    assert people["owner"].get(f"/mdf/allocations/{allocation.id}").json["available"]["amount"] == "0.00"


@pytest.mark.parametrize("verb", ["submit", "approve", "reject", "decline", "ask", "answer", "withdraw"])
def test_what_belongs_to_another_partner_is_not_there(cast, verb):
    people, allocation = cast
    made = submitted(people, allocation)
    words = {"reject": "reason", "decline": "reason", "ask": "question", "answer": "answer"}
    payload = {words[verb]: "x"} if verb in words else {"seen": 1} if verb == "approve" else {}
    for request_id in (made, 0, 2**62):
        assert people["stranger"].post(f"/mdf/requests/{request_id}/{verb}", json=payload, key="k").status_code == 404
        assert people["stranger"].get(f"/mdf/requests/{request_id}").status_code == 404
        assert people["stranger"].get(f"/mdf/requests/{request_id}/rules").status_code == 404
        assert people["stranger"].patch(f"/mdf/requests/{request_id}", json={"title": "Mine"}).status_code == 404
    assert people["stranger"].get("/mdf/requests").json["items"] == []


def test_nobody_asks_from_the_allocation_of_another(cast):
    people, allocation = cast
    assert people["stranger"].post("/mdf/requests", json=body(allocation)).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"allocation_id": 0}, "allocation_id"),
        ({"allocation_id": 2**70}, "allocation_id"),
        ({"activity_type": "skydiving"}, "activity_type"),
        ({"surprise": 1}, "surprise"),
        ({"state": "approved"}, "state"),
        ({"lines": "many"}, "lines"),
        (line(5), "lines.0.amount"),
        (line("-5"), "lines.0.amount"),
        (line("0"), "lines.0.amount"),
        (line("1.001"), "lines.0.amount"),
        (line("5", "USD"), "lines.0.amount"),
    ],
)
def test_bad_input_is_named_by_field_and_writes_nothing(cast, change, field):
    people, allocation = cast
    answer = people["owner"].post("/mdf/requests", json=body(allocation, **change))
    assert answer.status_code == 422, answer.json
    assert answer.mimetype == "application/problem+json"
    assert any(name.startswith(field) for name in answer.json["errors"]), answer.json["errors"]
    assert people["owner"].get("/mdf/requests").json["items"] == []


def test_a_stale_edit_is_refused(cast):
    people, allocation = cast
    made = drafted(people, allocation)
    seen = people["owner"].get(f"/mdf/requests/{made}").headers["ETag"]
    first = people["owner"].patch(f"/mdf/requests/{made}", json={"title": "One"}, headers={"If-Match": seen})
    assert first.status_code == 200
    second = people["owner"].patch(f"/mdf/requests/{made}", json={"title": "Two"}, headers={"If-Match": seen})
    assert (second.status_code, second.json["code"]) == (412, "stale_edit")
    assert people["owner"].get(f"/mdf/requests/{made}").json["title"] == "One"


def test_lists_are_filtered_and_paged(cast):
    people, allocation = cast
    made = [drafted(people, allocation) for _ in range(3)]
    people["owner"].post(f"/mdf/requests/{made[1]}/submit", key="s")
    waiting = people["manager"].get("/mdf/requests?state=submitted").json
    assert [item["id"] for item in waiting["items"]] == [made[1]]
    first = people["manager"].get("/mdf/requests?limit=2").json
    assert [item["id"] for item in first["items"]] == [made[2], made[1]]
    rest = people["manager"].get(f"/mdf/requests?limit=2&after={first['next']}").json
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([made[0]], None)
    assert people["manager"].get("/mdf/requests?state=nonsense").status_code == 422
