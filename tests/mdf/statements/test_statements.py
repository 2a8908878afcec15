import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdf.statements.documents import render
from mdf.statements.facts import ApprovalFacts, Party, PaymentFacts
from tcma.kernel.money import Money

BRAND = Party("Aurelia Systems SE", ["Kanalstr. 1", "20095 Hamburg", "DE"])
PARTNER = Party("Łódź Żagle & Müller Ελλάδα Київ GmbH", ["Hafenstr. 12", "24103 Kiel", "DE"])
APPROVAL = ApprovalFacts(
    brand=BRAND,
    partner=PARTNER,
    claim_id=41,
    request_id=17,
    approval_id=9,
    title="Spring roadshow in three cities",
    supplier="Print House Ltd",
    invoice_number="RE-2026-0042",
    invoiced_on=date(2026, 5, 20),
    cost=Money(1_234_567, "EUR"),
    accepted_cost=Money(1_000_000, "EUR"),
    share_percent=Decimal("50.00"),
    approved=Money(500_000, "EUR"),
    in_full=False,
    reason="The program does not reimburse this kind of cost",
    note="The hotel is not part of the request.",
    approved_by="Fiona Nance",
    approved_on=date(2026, 6, 2),
    pay_by_on=date(2026, 7, 2),
    money_hash="ab" * 32,
)
PAYMENT = PaymentFacts(
    brand=BRAND,
    partner=PARTNER,
    payment_id=5,
    batch_id=2,
    claim_id=41,
    title="Spring roadshow in three cities",
    supplier_invoice="Print House Ltd RE-2026-0042",
    amount=Money(500_000, "JPY"),
    reference="MDF 2-41",
    bank_reference="NTRF 99 1234",
    paid_on=date(2026, 6, 30),
)


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))


def test_the_approval_statement_says_what_was_approved_and_how_it_came_about():
    text = text_of(render(APPROVAL))
    for part in (
        "Approval statement",
        "No. 41-9",
        "Aurelia Systems SE",
        PARTNER.name,
        "RE-2026-0042",
        "20 May 2026",
        "EUR 12,345.67",
        "EUR 10,000.00",
        "50 %",
        "EUR 5,000.00",
        "in part by Fiona Nance",
        "To be paid by 2 July 2026",
        "The hotel is not part of the request.",
        "ab" * 32,
    ):
        assert part in text.replace("\r\n", " ").replace("\n", " ")


def test_the_payment_statement_says_what_was_paid_and_under_which_reference():
    text = text_of(render(PAYMENT)).replace("\r\n", " ")
    for part in ("Payment statement", "JPY 500,000", "MDF 2-41", "NTRF 99 1234", "30 June 2026", "Print House Ltd"):
        assert part in text


@pytest.mark.parametrize("facts", [APPROVAL, PAYMENT], ids=["approval", "payment"])
def test_the_same_facts_give_the_same_bytes_on_one_page_with_embedded_fonts(facts):
    data = render(facts)
    assert data == render(facts)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        fonts = pdf.pages[0].Resources.Font
        drawn = [font for font in fonts.values() if "Inter" in str(font.BaseFont)]
        assert drawn
        assert all("/FontFile2" in font.FontDescriptor for font in drawn)


def test_text_is_text_and_never_markup():
    data = render(replace(APPROVAL, title="<b>Fair</b> & <para>", note="a <br/> b"))
    assert "<b>Fair</b> & <para>" in text_of(data)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.text(max_size=3000), st.integers(1, 10**15))
def test_any_text_is_drawn_without_a_fault(title, note, minor):
    data = render(replace(APPROVAL, title=title, note=note, approved=Money(minor, "EUR")))
    assert data.startswith(b"%PDF-")
