"""The pages of payments: prepare, release as a second person, export, settle, and what the partner sees."""

import re

import pytest

from mdf.payments import queries
from tcma.accounts.model import User
from tcma.infra.db import reading, session
from tcma.kernel.actor import SYSTEM
from tests.factories import claims as make


@pytest.fixture
def case(world):
    return make.case("Nordwind")


@pytest.fixture
def signed_in(portal):
    def open_for(actor):
        with reading(SYSTEM):
            person = session.get(User, actor.user_id)
        return portal(person)

    return open_for


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text).replace("&nbsp;", " ").replace("\xa0", " "))


def test_a_payment_run_through_the_pages(case, signed_in):
    claim_id = make.approved(case)
    second, third, owner = signed_in(case.second), signed_in(case.third), signed_in(case.owner)
    assert "1 approved claim is in no payment run yet" in text_of(second.get("/mdf/payments/"))
    assert "EUR 200.00" in text_of(second.get("/mdf/payments/new"))
    nothing = second.post("/mdf/payments/batches", data={"note": ""})
    assert nothing.status_code == 422
    made = second.post(
        "/mdf/payments/batches", data={"claim_ids": str(claim_id), "pay_on": make.today().isoformat(), "note": "June"}
    )
    assert made.status_code == 303
    run = made.location
    own = second.get(run)
    assert "A second person releases this run" in text_of(own)
    assert "/release" not in own.text
    refused = second.post(f"{run}/release", data={})
    assert refused.status_code == 403
    assert "/release" in third.get(run).text
    assert third.post(f"{run}/release", data={}).status_code == 303
    assert third.post(f"{run}/export", data={}).status_code == 303
    assert second.get(f"{run}/file.csv").mimetype == "text/csv"
    with reading(SYSTEM):
        payment = queries.page_of(SYSTEM).items[0]
    page = f"/mdf/payments/{payment.id}"
    assert "The bank paid" in text_of(second.get(page))
    bad = second.post(f"{page}/settle", data={"paid_on": "2999-01-01"})
    assert bad.status_code == 422
    assert "lies in the future" in text_of(bad)
    today = make.today().isoformat()
    assert second.post(f"{page}/settle", data={"paid_on": today, "bank_reference": "NTRF 1"}).status_code == 303
    assert "Settled" in text_of(second.get(run))
    assert "EUR 200.00" in text_of(owner.get("/mdf/payments/"))
    assert owner.get(f"{page}/statement.pdf").data.startswith(b"%PDF-")
    assert "NTRF 1" in text_of(owner.get(page))


def test_a_run_can_be_cancelled_with_a_reason_only(case, signed_in):
    claim_id = make.approved(case)
    second = signed_in(case.second)
    run = second.post("/mdf/payments/batches", data={"claim_ids": str(claim_id)}).location
    assert second.post(f"{run}/cancel", data={"note": ""}).status_code == 422
    assert second.post(f"{run}/cancel", data={"note": "Wrong day."}).status_code == 303
    assert "Cancelled" in text_of(second.get(run))
    assert "EUR 200.00" in text_of(second.get("/mdf/payments/new"))


def test_neither_partners_nor_other_people_of_the_brand_see_payment_runs(case, signed_in):
    claim_id = make.approved(case)
    run = signed_in(case.second).post("/mdf/payments/batches", data={"claim_ids": str(claim_id)}).location
    for person in (case.owner, case.manager):
        client = signed_in(person)
        assert client.get(run).status_code == 404
        assert client.get("/mdf/payments/new").status_code == 403
        assert client.post(f"{run}/release", data={}).status_code == 404
    stranger = signed_in(make.case("Southwind", brand=False).owner)
    with reading(SYSTEM):
        payment = queries.page_of(SYSTEM).items[0]
    assert stranger.get(f"/mdf/payments/{payment.id}").status_code == 404
