"""Reading a program's document: every fault is named with its place."""

from decimal import Decimal

import pytest

from mdf.programs import rules
from mdf.programs.errors import DocumentInvalid
from tcma.kernel.money import Money
from tests.factories import mdf


def test_a_document_is_read_with_the_usual_windows():
    terms = rules.read(mdf.document())
    [activity] = terms.activity_types
    assert (terms.request_lead_days, terms.claim_within_days, terms.pay_within_days) == (14, 60, 30)
    assert (activity.share_percent, activity.caps) == (Decimal(50), {"EUR": Money(500_000, "EUR")})
    assert activity.proof_list() == {
        "proof_of_cost": [{"key": "invoice", "name": "Invoice"}],
        "proof_of_performance": [{"key": "report", "name": "Report of results"}],
        "figures": [{"key": "leads", "name": "Leads"}],
    }


def test_an_activity_may_have_a_lead_time_of_its_own():
    terms = rules.read(mdf.document(mdf.activity(lead_days=0), request_lead_days=21))
    assert terms.lead_days(terms.activity_types[0]) == 0


FIRST = "document.activity_types.0"


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("text", "document"),
        ([], "document"),
        ({}, "document.activity_types"),
        ({"activity_types": []}, "document.activity_types"),
        ({"activity_types": "all"}, "document.activity_types"),
        (mdf.document(surprise=1), "document.surprise"),
        (mdf.document(request_lead_days="14"), "document.request_lead_days"),
        (mdf.document(request_lead_days=True), "document.request_lead_days"),
        (mdf.document(claim_within_days=-1), "document.claim_within_days"),
        (mdf.document(unused="keep"), "document.unused"),
        (mdf.document(mdf.activity(), mdf.activity()), "document.activity_types"),
        (mdf.document(mdf.activity(key="Not a key")), f"{FIRST}.key"),
        (mdf.document(mdf.activity(key=None)), f"{FIRST}.key"),
        (mdf.document(mdf.activity(name=" ")), f"{FIRST}.name"),
        (mdf.document(mdf.activity(share_percent=0.5)), f"{FIRST}.share_percent"),
        (mdf.document(mdf.activity(share_percent="0")), f"{FIRST}.share_percent"),
        (mdf.document(mdf.activity(share_percent="100.01")), f"{FIRST}.share_percent"),
        (mdf.document(mdf.activity(share_percent="NaN")), f"{FIRST}.share_percent"),
        (mdf.document(mdf.activity(share_percent="33.333")), f"{FIRST}.share_percent"),
        (mdf.document(mdf.activity(caps={"EUR": 5000})), f"{FIRST}.caps.EUR"),
        (mdf.document(mdf.activity(caps={"EUR": "0"})), f"{FIRST}.caps.EUR"),
        (mdf.document(mdf.activity(caps={"eur": "5"})), f"{FIRST}.caps.eur"),
        (mdf.document(mdf.activity(caps={"euros": "5"})), f"{FIRST}.caps.euros"),
        (mdf.document(mdf.activity(caps=[])), f"{FIRST}.caps"),
        (mdf.document(mdf.activity(figures=["leads"])), f"{FIRST}.figures.0"),
        (mdf.document(mdf.activity(figures=[{"key": "a", "name": "A"}] * 2)), f"{FIRST}.figures"),
        (mdf.document(mdf.activity(figures=[{"key": "a", "name": "A"}] * 51)), f"{FIRST}.figures"),
        (mdf.document(mdf.activity(bonus="5")), f"{FIRST}.bonus"),
    ],
)
def test_each_fault_is_named_with_its_place(document, place):
    with pytest.raises(DocumentInvalid) as caught:
        rules.read(document)
    assert place in caught.value.errors


def test_all_faults_are_named_at_once():
    with pytest.raises(DocumentInvalid) as caught:
        rules.read(mdf.document(mdf.activity(key="", share_percent="200"), unused="keep"))
    assert set(caught.value.errors) == {f"{FIRST}.key", f"{FIRST}.share_percent", "document.unused"}
