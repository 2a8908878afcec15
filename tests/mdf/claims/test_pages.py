"""The pages of claims: a partner fills in and submits, finance reviews and decides, without a script."""

import io
import re

import pytest

from mdf.claims import queries
from mdf.claims import service as claims
from mdf.claims.rules import Reason
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tests.factories import assets as files
from tests.factories import claims as make
from tests.factories.claims import eur


@pytest.fixture
def case(world):
    return make.case("Nordwind")


@pytest.fixture
def signed_in(portal):
    """`signed_in(actor)` is that person's signed-in browser."""

    def open_for(actor):
        with reading(SYSTEM):
            person = session.get(User, actor.user_id)
        return portal(person)

    return open_for


def latest(case):
    with reading(SYSTEM):
        return queries.page_of(SYSTEM, request_id=case.request_id).items[0]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text).replace("&nbsp;", " ").replace("\xa0", " "))


FORM = {
    "supplier": "Print House Ltd",
    "supplier_tax_id": "DE123456789",
    "invoice_number": "RE-2026-0042",
    "net.amount": "400.00",
    "net.currency": "EUR",
    "tax.amount": "",
    "tax.currency": "EUR",
    "asked.amount": "",
    "asked.currency": "EUR",
    "figures.leads": "12",
    "note": "",
}


def test_a_partner_starts_fills_in_attaches_and_submits_a_claim(case, signed_in):
    partner = signed_in(case.owner)
    assert "Spring campaign" in text_of(partner.get("/mdf/claims/"))
    assert "1,000.00" in text_of(partner.get("/mdf/claims/new"))
    started = partner.post("/mdf/claims/", data={"request_id": case.request_id})
    assert started.status_code == 303
    claim = latest(case)
    page = f"/mdf/claims/{claim.id}"
    assert started.location.endswith(page)
    assert "What is still needed" in text_of(partner.get(page))

    saved = partner.post(f"{page}/edit", data={**FORM, "invoiced_on": make.today().isoformat()})
    assert saved.status_code == 303
    shown = text_of(partner.get(page))
    assert "Expected payout EUR 200.00" in shown
    assert "Invoice: missing. Attach a file." in shown

    refused = partner.post(f"{page}/submit", data={})
    assert refused.status_code == 422
    assert "Attach a file." in text_of(refused)

    for number, proof in enumerate(("invoice", "report")):
        picture = files.picture(colour=(number, 77, 3))
        sent = {"proof": proof, "file": (io.BytesIO(picture), "IMG_0001.png")}
        answer = partner.post(f"{page}/proofs", data=sent, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text
    assert "Submit for 200.00 EUR" in text_of(partner.get(page))
    assert partner.post(f"{page}/submit", data={}).status_code == 303
    assert latest(case).state == "submitted"
    shown = text_of(partner.get(page, follow_redirects=True))
    assert "Submitted" in shown


def test_a_file_that_is_no_picture_is_refused_beside_its_proof(case, signed_in):
    partner = signed_in(case.owner)
    with transaction(case.owner):
        claim_id = claims.open_claim(case.owner, case.request_id).id
    sent = {"proof": "invoice", "file": (io.BytesIO(b"#!/bin/sh"), "invoice.pdf")}
    answer = partner.post(f"/mdf/claims/{claim_id}/proofs", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.text
    missing = partner.post(f"/mdf/claims/{claim_id}/proofs", data={"proof": "invoice"})
    assert missing.status_code == 422
    assert "Choose a file" in text_of(missing)


def test_a_bad_entry_is_shown_beside_its_field_and_nothing_is_lost(case, signed_in):
    partner = signed_in(case.owner)
    with transaction(case.owner):
        claim_id = claims.open_claim(case.owner, case.request_id).id
    answer = partner.post(f"/mdf/claims/{claim_id}/edit", data={**FORM, "net.amount": "lots", "figures.leads": "many"})
    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert 'value="Print House Ltd"' in answer.text
    assert "is not an amount" in text_of(answer)
    assert latest(case).supplier == ""


def test_finance_sees_the_claim_beside_its_documents_and_approves_in_part_with_the_reason(case, signed_in):
    claim_id = make.submitted(case)
    finance = signed_in(case.finance)
    assert "Nordwind" in text_of(finance.get("/mdf/claims/desk"))
    page = finance.get(f"/mdf/claims/{claim_id}/review")
    shown = text_of(page)
    for part in ("Expected payout EUR 200.00", "Left of the reservation EUR 1,000.00", "As the partner says", "Leads"):
        assert part in shown
    assert re.search(r'src="/files/\d+/(content|thumbnail)"', page.text)
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.text).group(1)

    form = {"amount.amount": "150.00", "amount.currency": "EUR", "reason": "", "note": "", "seen": seen}
    refused = finance.post(f"/mdf/claims/{claim_id}/approve", data=form)
    assert refused.status_code == 422
    assert "Say why less is approved" in text_of(refused)
    above = finance.post(f"/mdf/claims/{claim_id}/approve", data=form | {"amount.amount": "1000.01"})
    assert "more than is reserved" in text_of(above)
    form |= {"reason": "cost_excluded", "note": "No hotels."}
    done = finance.post(f"/mdf/claims/{claim_id}/approve", data=form)
    assert (done.status_code, done.location) == (303, "/mdf/claims/desk")
    assert latest(case).approved == eur("150")
    told = text_of(signed_in(case.owner).get(f"/mdf/claims/{claim_id}"))
    assert "No hotels." in told
    assert "the program does not reimburse this kind of cost" in told


def test_the_same_form_sent_twice_approves_once_and_a_stale_one_shows_why_not(case, signed_in):
    claim_id = make.submitted(case)
    finance = signed_in(case.finance)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', finance.get(f"/mdf/claims/{claim_id}").text).group(1)
    with transaction(case.owner):
        claims.edit(case.owner, claim_id, net=eur("380"))
    form = {"amount.amount": "200.00", "amount.currency": "EUR", "seen": seen, "_key": "one"}
    stale = finance.post(f"/mdf/claims/{claim_id}/approve", data=form)
    assert stale.status_code == 409
    assert "changed after you opened it" in text_of(stale)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', finance.get(f"/mdf/claims/{claim_id}").text).group(1)
    fresh = {"amount.amount": "190.00", "amount.currency": "EUR", "seen": seen, "_key": "two"}
    assert finance.post(f"/mdf/claims/{claim_id}/approve", data=fresh).status_code == 303
    assert finance.post(f"/mdf/claims/{claim_id}/approve", data=fresh).status_code == 303
    other = finance.post(f"/mdf/claims/{claim_id}/approve", data=fresh | {"_key": "three"})
    assert other.status_code == 409


def test_a_rejection_tells_the_partner_what_would_pass_and_a_question_can_be_answered(case, signed_in):
    finance, partner = signed_in(case.finance), signed_in(case.owner)
    claim_id = make.submitted(case)
    page = f"/mdf/claims/{claim_id}"
    assert finance.post(f"{page}/ask", data={"note": "Which city?"}).status_code == 303
    assert "Finance asks: Which city?" in text_of(partner.get(page))
    assert partner.post(f"{page}/answer", data={"note": ""}).status_code == 422
    assert partner.post(f"{page}/answer", data={"note": "Kiel."}).status_code == 303
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', finance.get(f"{page}/review").text).group(1)
    sent_back = {"reason": Reason.INVOICE_UNREADABLE.value, "note": "It is blurred.", "fix": "Scan it again."}
    sent_back["seen"] = seen
    assert finance.post(f"{page}/reject", data=sent_back | {"fix": ""}).status_code == 422
    assert finance.post(f"{page}/reject", data=sent_back).status_code == 303
    shown = text_of(partner.get(page))
    assert "The invoice cannot be read." in shown
    assert "What would pass: Scan it again." in shown
    assert partner.post(f"{page}/dispute", data={"note": "I can read it."}).status_code == 303
    assert "Disputed" in text_of(signed_in(case.second).get(f"{page}/review"))


def test_a_foreign_claim_has_no_page(case, signed_in):
    claim_id = make.submitted(case)
    stranger = signed_in(make.case("Southwind", brand=False).owner)
    for path in ("", "/review", "/statement.pdf"):
        assert stranger.get(f"/mdf/claims/{claim_id}{path}").status_code == 404
    for verb in ("edit", "submit", "withdraw", "answer", "dispute", "approve", "ask", "proofs/1/detach"):
        assert stranger.post(f"/mdf/claims/{claim_id}/{verb}", data={"note": "x"}).status_code == 404, verb
    assert stranger.get("/mdf/claims/desk").status_code == 403
