"""Claims through the JSON API: what a script sends, what it gets, what it is refused."""

import io

import pypdfium2
import pytest

from mdf.claims import queries
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM
from tests.factories import assets as files
from tests.factories import claims as make

INVOICE = {
    "supplier": "Print House Ltd",
    "supplier_tax_id": "DE123456789",
    "invoice_number": "RE-2026-0042",
    "net": {"amount": "400.00", "currency": "EUR"},
    "tax": {"amount": "76.00", "currency": "EUR"},
    "figures": {"leads": 12},
}


@pytest.fixture
def case(world):
    return make.case("Nordwind")


@pytest.fixture
def owner(case, api):
    return api(case.owner)


@pytest.fixture
def finance(case, api):
    return api(case.finance)


def upload(client, number):
    picture = files.picture(colour=(number, 3, 3))
    answer = client.post(
        "/assets",
        data={"kind": "proof", "name": f"proof {number}", "file": (io.BytesIO(picture), "proof.png")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def submitted(owner, case, **changes):
    claim_id = owner.post("/mdf/claims", json={"request_id": case.request_id}).json["id"]
    today = make.today().isoformat()
    edited = owner.patch(f"/mdf/claims/{claim_id}", json={**INVOICE, "invoiced_on": today, **changes})
    assert edited.status_code == 200, edited.json
    for number, proof in enumerate(("invoice", "report")):
        asset_id = upload(owner, claim_id * 2 + number)
        attached = owner.post(f"/mdf/claims/{claim_id}/proofs", json={"proof": proof, "asset_id": asset_id})
        assert attached.status_code == 201, attached.json
    answer = owner.post(f"/mdf/claims/{claim_id}/submit", json={})
    assert answer.status_code == 200, answer.json
    return claim_id


def test_a_claim_travels_from_opened_to_approved_and_its_statement_says_so(owner, finance, case):
    claim_id = submitted(owner, case)
    checked = finance.get(f"/mdf/claims/{claim_id}/check").json
    assert checked["passed"] is True
    assert checked["expected"] == {"amount": "200.00", "currency": "EUR"}
    seen = finance.get(f"/mdf/claims/{claim_id}").json["money_hash"]
    answer = finance.post(f"/mdf/claims/{claim_id}/approve", json={"seen": seen}, key="approve-1")
    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["approved"]) == ("approved", {"amount": "200.00", "currency": "EUR"})
    assert answer.headers["ETag"] == f'"{answer.json["revision"]}"'
    again = finance.post(f"/mdf/claims/{claim_id}/approve", json={"seen": seen}, key="approve-1")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (answer.json, "true")
    statement = owner.get(f"/mdf/claims/{claim_id}/statement.pdf")
    assert statement.mimetype == "application/pdf"
    text = pypdfium2.PdfDocument(statement.data)[0].get_textpage().get_text_bounded()
    assert "EUR 200.00" in text
    assert "RE-2026-0042" in text
    events = owner.get(f"/mdf/claims/{claim_id}/events").json["items"]
    assert [event["kind"] for event in events] == ["opened", "edited", "attached", "attached", "submitted", "approved"]


def test_money_commands_need_a_key_and_the_same_key_for_something_else_is_a_conflict(owner, finance, case):
    claim_id = submitted(owner, case)
    path = f"/mdf/claims/{claim_id}/approve"
    bare = finance.post(path, json={"seen": "0" * 64})
    assert (bare.status_code, bare.json["code"]) == (422, "idempotency_key_required")
    seen = finance.get(f"/mdf/claims/{claim_id}").json["money_hash"]
    small = {"amount": {"amount": "100.00", "currency": "EUR"}, "reason": "other", "note": "Half of it.", "seen": seen}
    assert finance.post(path, json=small, key="k").status_code == 200
    other = finance.post(path, json={"seen": seen}, key="k")
    assert other.status_code == 409
    second = finance.post(path, json={"seen": seen}, key="another")
    assert (second.status_code, second.json["code"]) == (409, "illegal_move")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"amount": {"amount": "1000.01", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "150.00", "currency": "EUR"}}, "reason"),
        ({"amount": {"amount": 150, "currency": "EUR"}}, "amount"),
        ({"amount": "150"}, "amount"),
        ({"amount": {"amount": "-1", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "1", "currency": "USD"}}, "amount"),
        ({"reason": "mood"}, "reason"),
        ({"surprise": 1}, "surprise"),
        ({"seen": None}, "seen"),
        ({"seen": ""}, "seen"),
    ],
)
def test_a_bad_approval_names_its_field_and_nothing_is_written(owner, finance, case, payload, field):
    claim_id = submitted(owner, case)
    seen = finance.get(f"/mdf/claims/{claim_id}").json["money_hash"]
    answer = finance.post(f"/mdf/claims/{claim_id}/approve", json={"seen": seen, **payload}, key="k")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.json["errors"]) == [field]
    with reading(SYSTEM):
        assert queries.one(SYSTEM, claim_id).approvals == []


def test_nobody_decides_about_what_they_did_not_look_at(owner, finance, case):
    claim_id = submitted(owner, case)
    decisions = {"approve": {}, "reject": {"reason": "other", "note": "No.", "fix": "Yes."}}
    for verb, payload in decisions.items():
        blind = finance.post(f"/mdf/claims/{claim_id}/{verb}", json=payload, key=verb)
        assert (blind.status_code, list(blind.json["errors"])) == (422, ["seen"])
        stale = finance.post(f"/mdf/claims/{claim_id}/{verb}", json=payload | {"seen": "0" * 64}, key=f"{verb} 2")
        assert (stale.status_code, stale.json["code"]) == (409, "claim_changed")
    assert finance.get(f"/mdf/claims/{claim_id}").json["state"] == "submitted"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"net": {"amount": "1.234", "currency": "EUR"}}, "net"),
        ({"net": {"amount": "12e400", "currency": "EUR"}}, "net"),
        ({"net": {"amount": "1", "currency": "EURO"}}, "net"),
        (
            {"net": {"amount": "1", "currency": "EUR"}, "tax": {"amount": "1", "currency": "USD"}},
            "tax",
        ),
        ({"invoiced_on": "yesterday"}, "invoiced_on"),
        ({"invoiced_on": "9999-12-31"}, "invoiced_on"),
        ({"invoiced_on": "0001-01-01"}, "invoiced_on"),
        ({"supplier": "x" * 201}, "supplier"),
        ({"figures": {"leads": "many"}}, "figures.leads.value"),
        ({"figures": {"leads": "1E-999999"}}, "figures.leads.value"),
        ({"figures": {"leads": "1E+9"}}, "figures.leads.value"),
        ({"figures": {"leads": "1.001"}}, "figures.leads.value"),
        ({"figures": {"leads": "1000000000000"}}, "figures.leads.value"),
        ({"figures": {"leads": "-0"}}, "figures.leads.value"),
        ({"figures": {"smiles": 3}}, "figures.smiles"),
        ({"state": "paid"}, "state"),
        ({"approved_minor": 1}, "approved_minor"),
    ],
)
def test_a_bad_edit_names_its_field(owner, case, payload, field):
    claim_id = owner.post("/mdf/claims", json={"request_id": case.request_id}).json["id"]
    answer = owner.patch(f"/mdf/claims/{claim_id}", json=payload)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_an_edit_against_a_newer_revision_is_refused(owner, case):
    opened = owner.post("/mdf/claims", json={"request_id": case.request_id})
    path = f"/mdf/claims/{opened.json['id']}"
    tag = opened.headers["ETag"]
    first = owner.patch(path, json={"supplier": "First"}, headers={"If-Match": tag})
    assert first.status_code == 200
    second = owner.patch(path, json={"supplier": "Second"}, headers={"If-Match": tag})
    assert (second.status_code, second.json["code"]) == (412, "stale_edit")


def test_a_duplicate_of_another_partners_invoice_is_a_conflict_that_names_nobody(owner, case, api):
    submitted(owner, case)
    other = make.case("Southwind", brand=False)
    client = api(other.owner)
    claim_id = client.post("/mdf/claims", json={"request_id": other.request_id}).json["id"]
    client.patch(f"/mdf/claims/{claim_id}", json={**INVOICE, "invoiced_on": make.today().isoformat()})
    for number, proof in enumerate(("invoice", "report")):
        client.post(f"/mdf/claims/{claim_id}/proofs", json={"proof": proof, "asset_id": upload(client, 200 + number)})
    answer = client.post(f"/mdf/claims/{claim_id}/submit", json={})
    assert (answer.status_code, answer.json["code"]) == (409, "duplicate_invoice")
    assert "Nordwind" not in answer.text


def test_a_foreign_claim_answers_404_to_everything(owner, case, api):
    claim_id = submitted(owner, case)
    stranger = api(make.case("Southwind", brand=False).owner)
    say = {"note": "hello"}
    refusal = {"reason": "other", "note": "x", "fix": "x", "seen": "0" * 64}
    answers = [
        stranger.get(f"/mdf/claims/{claim_id}"),
        stranger.get(f"/mdf/claims/{claim_id}/check"),
        stranger.get(f"/mdf/claims/{claim_id}/events"),
        stranger.get(f"/mdf/claims/{claim_id}/statement.pdf"),
        stranger.patch(f"/mdf/claims/{claim_id}", json={"note": "x"}),
        stranger.post(f"/mdf/claims/{claim_id}/proofs", json={"proof": "invoice", "asset_id": 1}),
        stranger.delete(f"/mdf/claims/{claim_id}/proofs/1"),
        *(stranger.post(f"/mdf/claims/{claim_id}/{verb}", json={}) for verb in ("submit", "withdraw")),
        *(stranger.post(f"/mdf/claims/{claim_id}/{verb}", json=say) for verb in ("answer", "dispute", "ask")),
        stranger.post(f"/mdf/claims/{claim_id}/approve", json={"seen": "0" * 64}, key="a"),
        stranger.post(f"/mdf/claims/{claim_id}/reject", json=refusal, key="b"),
        stranger.get("/mdf/claims/0"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert stranger.get("/mdf/claims").json["items"] == []


def test_a_list_is_filtered_and_paged(owner, case):
    ids = [submitted(owner, case, invoice_number=f"N-{number}") for number in range(3)]
    draft = owner.post("/mdf/claims", json={"request_id": case.request_id}).json["id"]
    first = owner.get("/mdf/claims?limit=2").json
    assert [claim["id"] for claim in first["items"]] == [draft, ids[2]]
    rest = owner.get(f"/mdf/claims?limit=2&after={first['next']}").json
    assert [claim["id"] for claim in rest["items"]] == [ids[1], ids[0]]
    assert rest["next"] is None
    assert len(owner.get("/mdf/claims?state=submitted").json["items"]) == 3
    assert owner.get("/mdf/claims?state=lost").status_code == 422
