"""Payment runs through the JSON API."""

import csv
import io

import pytest

from tests.factories import claims as make


@pytest.fixture
def case(world):
    return make.case("Nordwind")


def test_a_payment_run_through_the_api_ends_paid_with_a_statement(case, api):
    claim_id = make.approved(case)
    second, third, owner = api(case.second), api(case.third), api(case.owner)
    assert [claim["id"] for claim in second.get("/mdf/payments/payable").json["items"]] == [claim_id]
    prepared = second.post("/mdf/payments/batches", json={"claim_ids": [claim_id]}, key="p")
    assert prepared.status_code == 201
    assert (prepared.json["state"], prepared.json["total"]) == ("draft", {"amount": "200.00", "currency": "EUR"})
    batch = f"/mdf/payments/batches/{prepared.json['id']}"
    payment = f"/mdf/payments/{prepared.json['payments'][0]['id']}"

    own = second.post(f"{batch}/release", key="r1")
    assert (own.status_code, own.json["code"]) == (403, "second_person_needed")
    assert third.post(f"{batch}/release", key="r2").json["state"] == "released"
    assert second.get(f"{batch}/file.csv").status_code == 409
    assert third.post(f"{batch}/export", key="e").json["state"] == "exported"
    file = second.get(f"{batch}/file.csv")
    assert file.mimetype == "text/csv"
    assert "attachment" in file.headers["Content-Disposition"]
    assert [row["claim"] for row in csv.DictReader(io.StringIO(file.text))] == [str(claim_id)]

    assert owner.get(f"{payment}/statement.pdf").status_code == 404
    body = {"paid_on": make.today().isoformat(), "bank_reference": "NTRF 1"}
    settled = second.post(f"{payment}/settle", json=body, key="s")
    assert (settled.status_code, settled.json["state"]) == (200, "settled")
    assert second.post(f"{payment}/settle", json=body, key="s").headers["Idempotent-Replayed"] == "true"
    twice = second.post(f"{payment}/settle", json=body, key="s2")
    assert (twice.status_code, twice.json["code"]) == (409, "already_settled")
    assert second.get(batch).json["state"] == "settled"
    assert owner.get(f"/mdf/claims/{claim_id}").json["state"] == "paid"
    assert owner.get(f"{payment}/statement.pdf").data.startswith(b"%PDF-")
    assert [item["amount"]["amount"] for item in owner.get("/mdf/payments").json["items"]] == ["200.00"]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "claim_ids"),
        ({"claim_ids": []}, "claim_ids"),
        ({"claim_ids": [0]}, "claim_ids.0"),
        ({"claim_ids": ["x"]}, "claim_ids.0"),
        ({"claim_ids": [1], "pay_on": "soon"}, "pay_on"),
        ({"claim_ids": [1], "bank": "mine"}, "bank"),
    ],
)
def test_a_bad_batch_names_its_field(case, api, payload, field):
    answer = api(case.finance).post("/mdf/payments/batches", json=payload, key="k")
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_every_money_command_needs_a_key(case, api):
    client = api(case.finance)
    note = {"note": "x"}
    for path, body in (
        ("/mdf/payments/batches", {"claim_ids": [1]}),
        ("/mdf/payments/batches/1/release", None),
        ("/mdf/payments/batches/1/export", None),
        ("/mdf/payments/batches/1/cancel", note),
        ("/mdf/payments/1/settle", {"paid_on": "2026-01-01"}),
        ("/mdf/payments/1/fail", note),
    ):
        answer = client.post(path, json=body) if body else client.post(path)
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_required"), path


def test_no_partner_and_no_stranger_sees_a_batch_or_a_foreign_payment(case, api):
    claim_id = make.approved(case)
    prepared = api(case.second).post("/mdf/payments/batches", json={"claim_ids": [claim_id]}, key="p").json
    payment_id, batch_id = prepared["payments"][0]["id"], prepared["id"]
    other = api(make.case("Southwind", brand=False).owner)
    for client in (api(case.owner), other):
        assert client.get(f"/mdf/payments/batches/{batch_id}").status_code == 404
        assert client.get("/mdf/payments/batches").json["items"] == []
        assert client.get(f"/mdf/payments/batches/{batch_id}/file.csv").status_code == 404
        assert client.post(f"/mdf/payments/batches/{batch_id}/release", key="r").status_code == 404
    assert other.get(f"/mdf/payments/{payment_id}").status_code == 404
    assert other.get(f"/mdf/payments/{payment_id}/statement.pdf").status_code == 404
    assert other.post(f"/mdf/payments/{payment_id}/settle", json={"paid_on": "2026-01-01"}, key="s").status_code == 404
    assert api(case.owner).get(f"/mdf/payments/{payment_id}").json["state"] == "waiting"
    assert api(case.owner).get("/mdf/payments/payable").status_code in (200, 403)
