"""The API of funds and allocations: budget, allocate, take back; every amount is a balance."""

import pytest

from mdf.funds import queries
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def cast(api):
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner("Nordwind")
        people = {
            "finance": accounts.user(Role.FINANCE),
            "manager": accounts.user(Role.CHANNEL_MANAGER),
            "marketing": accounts.user(Role.MARKETING),
            "owner": accounts.user(Role.OWNER, partner),
            "stranger": accounts.user(Role.OWNER, accounts.partner("Other")),
        }
        program_id = mdf.program()
    return {name: api(person) for name, person in people.items()}, partner.id, program_id


def fund(program, **fields):
    values = {
        "program_id": program,
        "name": "EMEA 2026",
        "currency": "EUR",
        "period_start_on": "2026-01-01",
        "period_end_on": "2026-12-31",
        "budget": {"amount": "1000.00", "currency": "EUR"},
    }
    return values | fields


def created(people, program_id):
    answer = people["finance"].post("/mdf/funds", json=fund(program_id), key="fund")
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def amount(text, currency="EUR"):
    return {"amount": text, "currency": currency}


def test_a_fund_is_budgeted_and_allocated(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    assert (
        people["finance"].post(f"/mdf/funds/{made}/budget", json={"amount": amount("500.00")}, key="b").status_code
        == 200
    )
    answer = people["manager"].post(
        "/mdf/allocations", json={"fund_id": made, "partner_id": partner_id, "amount": amount("400.00")}, key="a"
    )
    assert answer.status_code == 201, answer.json
    assert answer.json["available"] == amount("400.00")
    shown = people["manager"].get(f"/mdf/funds/{made}").json
    assert (shown["budget"], shown["unallocated"], shown["allocated"]) == (
        amount("1500.00"),
        amount("1100.00"),
        amount("400.00"),
    )


def test_a_fund_does_not_last_for_ever(cast):
    people, _, program_id = cast
    answer = people["finance"].post("/mdf/funds", json=fund(program_id, period_end_on="9999-12-31"), key="fund")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["period_end_on"])


def test_allocating_again_adds_to_the_same_allocation(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    give = {"fund_id": made, "partner_id": partner_id, "amount": amount("100.00")}
    first = people["finance"].post("/mdf/allocations", json=give, key="1").json
    second = people["finance"].post("/mdf/allocations", json=give, key="2").json
    assert (first["id"], second["available"]) == (second["id"], amount("200.00"))


def test_more_than_the_fund_has_is_a_conflict_and_allocates_nothing(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    answer = people["finance"].post(
        "/mdf/allocations", json={"fund_id": made, "partner_id": partner_id, "amount": amount("1000.01")}, key="a"
    )
    assert (answer.status_code, answer.json["code"]) == (409, "not_enough_money")
    assert people["finance"].get("/mdf/allocations").json["items"] == []


def test_what_is_available_can_be_taken_back_and_no_more(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    allocation = (
        people["finance"]
        .post("/mdf/allocations", json={"fund_id": made, "partner_id": partner_id, "amount": amount("100.00")}, key="a")
        .json["id"]
    )
    path = f"/mdf/allocations/{allocation}/take-back"
    assert people["finance"].post(path, json={"amount": amount("100.01")}, key="1").status_code == 409
    assert people["finance"].post(path, json={"amount": amount("40.00")}, key="2").json["available"] == amount("60.00")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "euro"}, "currency"),
        ({"period_end_on": "2025-12-31"}, "period_end_on"),
        ({"budget": {"amount": "5", "currency": "USD"}}, "budget"),
        ({"budget": {"amount": "-5", "currency": "EUR"}}, "budget"),
        ({"budget": {"amount": "0", "currency": "EUR"}}, "budget"),
        ({"name": ""}, "name"),
        ({"color": "red"}, "color"),
        ({"program_id": "x"}, "program_id"),
    ],
)
def test_bad_input_is_named_by_field_and_makes_no_fund(cast, change, field):
    people, _, program_id = cast
    answer = people["finance"].post("/mdf/funds", json=fund(program_id, **change), key="f")
    assert answer.status_code == 422, answer.json
    assert any(name.startswith(field) for name in answer.json["errors"])
    assert people["finance"].get("/mdf/funds").json["items"] == []


def test_an_unknown_program_or_partner_is_not_there(cast):
    people, _, program_id = cast
    assert people["finance"].post("/mdf/funds", json=fund(2**40), key="f").status_code == 404
    made = created(people, program_id)
    answer = people["finance"].post(
        "/mdf/allocations", json={"fund_id": made, "partner_id": 2**40, "amount": amount("1.00")}, key="a"
    )
    assert answer.status_code == 404


def test_who_may_do_what(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    give = {"fund_id": made, "partner_id": partner_id, "amount": amount("1.00")}
    assert people["manager"].post("/mdf/funds", json=fund(program_id, name="Other"), key="f").status_code == 403
    assert people["marketing"].post("/mdf/allocations", json=give, key="a").status_code == 403
    assert people["owner"].post("/mdf/allocations", json=give, key="a").status_code == 404
    assert people["owner"].get(f"/mdf/funds/{made}").status_code == 404
    assert people["owner"].get("/mdf/funds").json["items"] == []


def test_a_partner_sees_its_own_allocation_and_no_others(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    allocation = (
        people["finance"]
        .post("/mdf/allocations", json={"fund_id": made, "partner_id": partner_id, "amount": amount("100.00")}, key="a")
        .json["id"]
    )
    assert people["owner"].get(f"/mdf/allocations/{allocation}").json["available"] == amount("100.00")
    assert people["stranger"].get(f"/mdf/allocations/{allocation}").status_code == 404
    assert people["stranger"].get("/mdf/allocations").json["items"] == []
    assert people["owner"].get("/mdf/allocations/0").status_code == 404


def test_the_ledger_shows_finance_everything_and_a_partner_its_own_postings(cast):
    people, partner_id, program_id = cast
    made = created(people, program_id)
    people["finance"].post(
        "/mdf/allocations", json={"fund_id": made, "partner_id": partner_id, "amount": amount("100.00")}, key="a"
    )
    everything = people["finance"].get(f"/mdf/ledger/postings?fund_id={made}").json["items"]
    assert sum(float(entry["amount"]["amount"]) for entry in everything) == 0
    assert [entry["account_kind"] for entry in everything] == ["available", "unallocated", "unallocated", "funding"]
    own = people["owner"].get("/mdf/ledger/postings").json["items"]
    assert [(entry["account_kind"], entry["amount"]) for entry in own] == [("available", amount("100.00"))]
    balances = people["finance"].get(f"/mdf/ledger/accounts?fund_id={made}").json["items"]
    assert {entry["kind"]: entry["balance"]["amount"] for entry in balances} == {
        "funding": "-1000.00",
        "unallocated": "900.00",
        "available": "100.00",
    }
    chain = people["finance"].get(f"/mdf/ledger/transactions?fund_id={made}").json["items"]
    assert chain[0]["previous_hash"] == chain[1]["hash"]
    assert people["marketing"].get("/mdf/ledger/postings").status_code == 403
    foreign = next(entry["account_id"] for entry in everything if entry["account_kind"] == "funding")
    assert people["owner"].get(f"/mdf/ledger/accounts/{foreign}").status_code == 404
    assert people["stranger"].get(f"/mdf/ledger/accounts/{balances[0]['id']}").status_code == 404
    assert people["stranger"].get("/mdf/ledger/accounts").json["items"] == []


def test_of_two_who_take_one_name_at_the_same_moment_the_second_is_told(cast, monkeypatch):
    people, _, program_id = cast
    created(people, program_id)
    monkeypatch.setattr(queries, "name_is_taken", lambda _: False)  # the other one commits after the look
    answer = people["finance"].post("/mdf/funds", json=fund(program_id), key="another")
    assert (answer.status_code, set(answer.json["errors"])) == (409, {"name"}), answer.json
