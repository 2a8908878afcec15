"""The money's way, through the API of the running service: asked for, approved, claimed, approved in part, paid."""

from datetime import timedelta

import pytest

from tests import story
from tests.story import TODAY, money

pytestmark = pytest.mark.xdist_group("service")

NUMBER = "2026-0815"


def _standing(cast):
    return {
        name: amount["amount"]
        for name, amount in cast.owner.get(f"/mdf/allocations/{cast.allocation_id}").items()
        if isinstance(amount, dict)
    }


def _upload(person, data, filename, kind):
    media_type = "application/pdf" if filename.endswith(".pdf") else "image/png"
    return person.post("/assets", files={"file": (filename, data, media_type)}, data={"kind": kind, "name": filename})[
        "id"
    ]


@pytest.mark.xdist_group("service")
def test_money_is_requested_approved_claimed_approved_in_part_and_paid(service, cast):
    start = TODAY() + timedelta(days=1)
    plan = {
        "allocation_id": cast.allocation_id,
        "activity_type": "email_campaign",
        "title": "Cloud week",
        "starts_on": str(start),
        "ends_on": str(start + timedelta(days=7)),
        "lines": [
            {"kind": "media", "description": "Sending", "amount": money("1500.00")},
            {"kind": "production", "description": "Photos", "amount": money("500.00")},
        ],
    }
    request = cast.owner.post("/mdf/requests/", plan)
    rules = cast.owner.get(f"/mdf/requests/{request['id']}/rules")
    assert rules["passed"], rules
    assert rules["requested"] == money("1000.00")

    request = cast.owner.post(f"/mdf/requests/{request['id']}/submit")
    assert _standing(cast)["pending"] == "1000.00"
    assert _standing(cast)["available"] == "3000.00"

    path = f"/mdf/requests/{request['id']}"
    cast.channel.post(f"{path}/approve", {"note": "Without having looked"}, status=422)
    looked_at = cast.channel.get(path)["revision"]
    approved = cast.channel.post(f"{path}/approve", {"note": "Good plan", "seen": looked_at})
    assert approved["state"] == "approved"
    assert _standing(cast)["committed"] == "1000.00"
    cast.channel.post(f"/mdf/requests/{request['id']}/approve", {"seen": approved["revision"]}, status=409)

    claim = cast.owner.post("/mdf/claims", {"request_id": request["id"]})
    path = f"/mdf/claims/{claim['id']}"
    cast.owner.post(f"{path}/submit", {}, status=422)
    for proof, data, name in (
        ("invoice", story.invoice(NUMBER, "1,800.00"), "invoice.pdf"),
        ("report", story.report(), "report.png"),
    ):
        asset_id = _upload(cast.owner, data, name, "proof")
        cast.owner.post(f"{path}/proofs", {"proof": proof, "asset_id": asset_id})
    cast.owner.patch(
        path,
        {
            "supplier": "Print & Post KG",
            "invoice_number": NUMBER,
            "invoiced_on": str(TODAY()),
            "net": money("1800.00"),
            "tax": money("342.00"),
            "figures": {"leads": "12"},
        },
    )
    check = cast.owner.get(f"{path}/check")
    assert check["passed"], check
    assert check["expected"] == money("900.00")
    cast.owner.post(f"{path}/submit", {"note": "With love"})

    seen = cast.finance.get(path)["money_hash"]
    cast.owner.post(f"{path}/approve", {"seen": seen}, status=403)
    cast.channel.post(f"{path}/approve", {"seen": seen}, status=403)
    decision = {"amount": money("850.00"), "reason": "cost_excluded", "note": "Postage is not paid", "seen": seen}
    done = cast.finance.post(f"{path}/approve", decision)
    assert done["approved"] == money("850.00")
    assert _standing(cast)["payable"] == "850.00"

    statement = cast.owner.get(f"{path}/statement.pdf")
    assert "850.00" in story.text_of(statement)
    assert "Nordwind Systemhaus" in story.text_of(statement)

    batch = cast.treasurer.post("/mdf/payments/batches", {"claim_ids": [claim["id"]]})
    cast.treasurer.post(f"/mdf/payments/batches/{batch['id']}/release", status=403)
    cast.finance.post(f"/mdf/payments/batches/{batch['id']}/release", status=403)
    second = service.invite(cast.admin, "second@brand.example", "Sam Second", "finance")
    second.post(f"/mdf/payments/batches/{batch['id']}/release")
    second.post(f"/mdf/payments/batches/{batch['id']}/export")
    bank_file = second.get(f"/mdf/payments/batches/{batch['id']}/file.csv").decode()
    assert "850.00" in bank_file
    (payment,) = cast.finance.get(f"/mdf/payments/batches/{batch['id']}")["payments"]
    cast.finance.post(f"/mdf/payments/{payment['id']}/settle", {"paid_on": str(TODAY()), "bank_reference": "SEPA 1"})

    assert cast.owner.get(path)["state"] == "paid"
    standing = _standing(cast)
    assert (standing["paid"], standing["payable"], standing["pending"]) == ("850.00", "0.00", "0.00")
    assert float(standing["available"]) + float(standing["committed"]) == 3150.00
    _check_the_ledger(service, cast)


def _check_the_ledger(service, cast):
    sums = service.ask("SELECT currency, sum(amount_minor) FROM ledger_postings GROUP BY currency")
    assert all(total == 0 for _, total in sums)
    wrong = service.ask(
        "SELECT account_id FROM ledger_balances b WHERE balance_minor <> "
        "(SELECT coalesce(sum(p.amount_minor), 0) FROM ledger_postings p WHERE p.account_id = b.account_id)"
    )
    assert wrong == []
    paid = cast.finance.get("/mdf/ledger/accounts", fund_id=cast.fund_id, kind="paid")["items"]
    assert [account["balance"] for account in paid] == [money("850.00")]
    service.command("check", "ledger")
