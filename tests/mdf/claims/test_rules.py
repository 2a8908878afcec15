from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.claims import rules
from mdf.claims.errors import ClaimAboveReservation, ClaimAboveShare, NothingDue
from mdf.claims.rules import Action, ClaimState, Facts, Needed, Standing
from tcma.kernel.money import Money
from tcma.kernel.states import IllegalMove, move


def euro(text: str) -> Money:
    return Money.parse(text, "EUR")


def standing(reserved: str = "100", accepted: str = "0", approved: str = "0", share: str = "50") -> Standing:
    return Standing(euro(reserved), euro(accepted), euro(approved), Decimal(share))


# ---- states ----------------------------------------------------------------------------------------------------------


def test_every_state_has_a_row_in_the_table_of_moves():
    assert set(rules.MOVES) == set(ClaimState)


@pytest.mark.parametrize("state", list(ClaimState))
@pytest.mark.parametrize("target", list(ClaimState))
def test_a_claim_moves_only_where_the_table_says(state, target):
    if target in rules.MOVES[state]:
        assert move(rules.MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(rules.MOVES, state, target)


def test_what_is_final_allows_no_action():
    final = {state for state, targets in rules.MOVES.items() if not targets}
    assert final == {ClaimState.WITHDRAWN, ClaimState.EXPIRED, ClaimState.REVERSED}
    for action in Action:
        assert not final & rules.ACTIONS[action][1]


def test_a_claim_in_a_payment_run_can_neither_be_edited_nor_decided_again():
    for action in Action:
        assert ClaimState.PAYABLE not in rules.ACTIONS[action][1]


# ---- payout ----------------------------------------------------------------------------------------------------------


def test_the_share_of_the_cost_is_due():
    assert rules.due(standing(share="50"), euro("80")) == euro("40")


def test_the_reservation_is_the_ceiling():
    assert rules.due(standing(share="50"), euro("500")) == euro("100")


def test_three_partial_claims_of_40_on_100_get_40_40_and_20():
    paid = [euro("40"), euro("40"), euro("20")]
    so_far = standing(share="100")
    for amount in paid:
        assert rules.due(so_far, euro("40")) == amount
        payout = rules.settle_amount(so_far, euro("40"), amount, asked=None)
        so_far = Standing(
            so_far.reserved,
            so_far.accepted + payout.accepted_cost,
            so_far.approved + payout.amount,
            so_far.share_percent,
        )
    assert so_far.remaining == euro("0")


def test_the_share_is_applied_once_over_the_sum_so_no_cent_is_lost_to_rounding():
    so_far = standing(share="50")
    # Each alone would round 0.5 cents half to even: 0.01 x 50 % = 0.00. Together they are worth 1 cent per pair.
    total = Money.zero("EUR")
    for _ in range(10):
        amount = rules.due(so_far, euro("0.01"))
        total = total + amount
        so_far = Standing(
            so_far.reserved, so_far.accepted + euro("0.01"), so_far.approved + amount, so_far.share_percent
        )
    assert total == euro("0.05")


def test_an_amount_above_the_reservation_is_refused_with_what_is_left():
    with pytest.raises(ClaimAboveReservation, match=r"20\.00 EUR of 100\.00 EUR"):
        rules.check_amount(standing(accepted="160", approved="80"), euro("100"), euro("20.01"), asked=None)


def test_an_amount_above_the_share_is_refused():
    with pytest.raises(ClaimAboveShare, match=r"25\.00 EUR"):
        rules.check_amount(standing(), euro("50"), euro("25.01"), asked=None)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_approval_over_nothing_is_refused(amount):
    with pytest.raises(NothingDue):
        rules.check_amount(standing(), euro("50"), euro(amount), asked=None)


def test_what_an_approval_in_part_cut_off_is_never_paid_by_the_next_claim():
    first = rules.settle_amount(standing(share="50"), euro("100"), euro("30"), asked=None)
    assert first.accepted_cost == euro("60.01")  # half of it rounds to 30.00 still
    so_far = Standing(euro("100"), first.accepted_cost, first.amount, Decimal(50))
    assert rules.due(so_far, euro("10")) == euro("5")


def test_asking_for_less_lowers_the_expected_payout_and_asking_for_more_does_not_raise_it():
    assert rules.expected(standing(), euro("80"), euro("10")) == euro("10")
    assert rules.expected(standing(), euro("80"), euro("90")) == euro("40")


cents = st.integers(min_value=1, max_value=10_000_00)
shares = st.decimals(min_value="0.01", max_value=100, places=2)


@given(reserved=cents, share=shares, claims=st.lists(st.tuples(cents, st.integers(1, 100)), max_size=12))
def test_any_sequence_of_partial_approvals_keeps_within_the_reservation_and_the_share(reserved, share, claims):
    so_far = Standing(Money(reserved, "EUR"), Money.zero("EUR"), Money.zero("EUR"), share)
    cost_in_all = Money.zero("EUR")
    for cost, percent_of_due in claims:
        cost_in_all = cost_in_all + Money(cost, "EUR")
        full = rules.due(so_far, Money(cost, "EUR"))
        amount = Money(full.minor * percent_of_due // 100, "EUR")
        if not amount:
            continue
        payout = rules.settle_amount(so_far, Money(cost, "EUR"), amount, asked=None)
        assert payout.amount == amount
        assert 0 < payout.accepted_cost.minor <= cost
        so_far = Standing(
            so_far.reserved,
            so_far.accepted + payout.accepted_cost,
            so_far.approved + payout.amount,
            so_far.share_percent,
        )
        assert so_far.approved <= so_far.reserved
        assert so_far.approved == so_far.accepted.percent(share)
        assert so_far.approved <= cost_in_all.percent(share)


# ---- duplicates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "same",
    ["INV-2026-0042", "inv 2026 42", "Inv.2026/42", "ＩＮＶ－２０２６－００４２", "INV_2026_042", " inv-2026--0042 "],
)
def test_an_invoice_number_written_otherwise_is_the_same(same):
    assert rules.normalize_invoice_number(same) == "1NV2026-42"


def test_numbers_side_by_side_do_not_flow_into_each_other():
    assert rules.normalize_invoice_number("1/12") != rules.normalize_invoice_number("11/2")


@given(st.text(max_size=40))
def test_normalizing_an_invoice_number_twice_changes_nothing(text):
    once = rules.normalize_invoice_number(text)
    assert rules.normalize_invoice_number(once) == once


@pytest.mark.parametrize(
    "same",
    [
        "Müller Druck GmbH",
        "MULLER DRUCK",
        "Müller  Druck, GmbH.",
        "Müller-Druck",
        "M\u200büller D\u00adruck",
        "Müller Druck G.m.b.H.",
    ],
)
def test_a_supplier_written_otherwise_is_the_same(same):
    assert rules.normalize_supplier(same) == "mullerdruck"


def test_a_supplier_that_is_called_like_a_legal_form_keeps_its_name():
    assert rules.normalize_supplier("AS Oy") == "asoy"


def invoice(**other):
    facts = {"supplier": "Print House Ltd", "tax_id": "", "invoice_number": "A-17", "net_minor": 100, "currency": "EUR"}
    return rules.invoice_fingerprints(**{**facts, **other})


def test_leaving_out_the_tax_id_or_changing_the_name_does_not_hide_a_duplicate():
    with_both = invoice(tax_id="DE 123 456 789")
    assert with_both & invoice()
    assert with_both & invoice(supplier="Another name", tax_id="de123456789")


def test_leaving_out_the_separators_does_not_hide_a_duplicate_of_the_same_amount():
    assert invoice(invoice_number="2026-17") & invoice(invoice_number="202617")
    assert not invoice(invoice_number="2026-17") & invoice(invoice_number="202617", net_minor=101)


@pytest.mark.parametrize(
    ("supplier", "number"),
    [
        ("Han\u200bsedruck KG", "HD-45\u200b02"),
        ("Hanse\u00addruck KG", "HD-45\ufe0f02"),
        ("Hanse druck", "HD-45O2"),
        ("\u041dansedru\u0441k \u041aG", "\u041dD-45\u041e2"),
        ("HansedruckKG", "hd 4502"),
        ("\u0397ansedruck\u2060 K.G.", "\uff28D\u3164-4502"),
    ],
)
def test_what_nobody_sees_does_not_make_another_invoice(supplier, number):
    first = invoice(supplier="Hansedruck KG", invoice_number="HD-4502")
    assert first & invoice(supplier=supplier, invoice_number=number)
    assert rules.normalize_invoice_number(number) == "HD4502"
    assert first & invoice(supplier=supplier, invoice_number=number, net_minor=101)


def test_letters_that_look_like_digits_are_the_same_number_and_tax_id():
    assert rules.normalize_invoice_number("l0I-O7") == rules.normalize_invoice_number("1O1-07")
    assert rules.normalize_tax_id("DE\u200b 1OI 234") == rules.normalize_tax_id("de101234")


def test_another_supplier_or_number_shares_no_fingerprint():
    assert not invoice() & invoice(supplier="Photo Studio")
    assert not invoice() & invoice(invoice_number="A-18")


def test_without_a_supplier_or_number_there_is_nothing_to_compare():
    assert invoice(supplier="", tax_id="") == frozenset()
    assert invoice(invoice_number="-") == frozenset()


# ---- approval hash ---------------------------------------------------------------------------------------------------

FACTS = rules.MoneyFacts(
    request_id=1,
    payee_partner_id=2,
    currency="EUR",
    net_minor=100,
    tax_minor=19,
    asked_minor=None,
    supplier="Print House",
    supplier_tax_id="DE1",
    invoice_number="A-17",
    invoiced_on=date(2026, 5, 1),
    attachments=frozenset({("invoice", "aa"), ("photo", "bb")}),
    figures={"leads": "12"},
    evidence=[{"launch_id": 1, "value": "3 mails sent"}],
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("request_id", 9),
        ("payee_partner_id", 9),
        ("currency", "USD"),
        ("net_minor", 101),
        ("tax_minor", None),
        ("asked_minor", 50),
        ("supplier", "Print Hous"),
        ("supplier_tax_id", ""),
        ("invoice_number", "A-18"),
        ("invoiced_on", None),
        ("attachments", frozenset({("invoice", "aa")})),
        ("figures", {"leads": "13"}),
        ("evidence", []),
    ],
)
def test_each_money_relevant_field_changes_the_hash(field, value):
    assert rules.money_hash(replace(FACTS, **{field: value})) != rules.money_hash(FACTS)


def test_the_order_of_the_attachments_does_not_matter():
    turned = replace(FACTS, attachments=frozenset({("photo", "bb"), ("invoice", "aa")}))
    assert rules.money_hash(turned) == rules.money_hash(FACTS)


# ---- what a claim needs ----------------------------------------------------------------------------------------------


def facts(**other) -> Facts:
    complete = {
        "today": date(2026, 6, 1),
        "claimed_on": date(2026, 6, 1),
        "request_open": True,
        "activity_starts_on": date(2026, 5, 1),
        "claim_until_on": date(2026, 7, 30),
        "standing": standing(),
        "supplier": "Print House",
        "supplier_tax_id": "",
        "invoice_number": "A-17",
        "invoiced_on": date(2026, 5, 20),
        "currency": "EUR",
        "net": euro("80"),
        "tax": euro("15.20"),
        "asked": None,
        "proofs_needed": [Needed("invoice", "Invoice"), Needed("photo", "Photo of the event")],
        "proofs_attached": frozenset({"invoice", "photo"}),
        "figures_needed": [Needed("leads", "Leads")],
        "figures_given": frozenset({"leads"}),
    }
    return Facts(**{**complete, **other})


def test_a_complete_claim_passes_every_rule_and_knows_its_payout_to_the_cent():
    results = rules.check(facts())
    assert {result.code for result in results} == {
        "request_open",
        "claim_window",
        "supplier",
        "invoice_number",
        "invoiced_on",
        "net",
        "tax",
        "reservation",
        "proof:invoice",
        "proof:photo",
        "figures:leads",
    }
    assert rules.failed(results) == {}
    assert all(result.what_passes == "" for result in results)
    assert rules.expected_payout(facts()) == euro("40")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"request_open": False}, "request_id"),
        ({"claimed_on": date(2026, 7, 31)}, "request_id"),
        ({"supplier": " "}, "supplier"),
        ({"invoice_number": "--"}, "invoice_number"),
        ({"invoiced_on": None}, "invoiced_on"),
        ({"invoiced_on": date(2026, 6, 2)}, "invoiced_on"),
        ({"invoiced_on": date(2025, 5, 1)}, "invoiced_on"),
        ({"net": None}, "net"),
        ({"net": euro("0")}, "net"),
        ({"net": Money.parse("80", "USD"), "tax": None}, "net"),
        ({"tax": euro("-1")}, "tax"),
        ({"tax": euro("80.01")}, "tax"),
        ({"asked": euro("40.01")}, "asked"),
        ({"asked": euro("0")}, "asked"),
        ({"standing": standing(accepted="200", approved="100")}, "net"),
        ({"proofs_attached": frozenset({"invoice"})}, "proof.photo"),
        ({"figures_given": frozenset()}, "figures.leads"),
    ],
)
def test_what_does_not_pass_names_its_field_and_what_would_pass(change, field):
    results = rules.check(facts(**change))
    assert set(rules.failed(results)) == {field}
    assert all(result.what_passes for result in results if not result.passed)


def test_a_cost_above_the_reservation_passes_and_says_what_will_be_paid():
    results = {result.code: result for result in rules.check(facts(net=euro("500"), tax=None))}
    assert results["reservation"].passed
    assert "you get 100.00 EUR" in results["reservation"].why
    assert rules.expected_payout(facts(net=euro("500"))) == euro("100")


def test_a_duplicate_is_named_beside_its_field_and_never_says_whose():
    clean = rules.check_duplicates(invoice_taken=False, proofs_taken=[])
    assert rules.failed(clean) == {}
    taken = rules.failed(rules.check_duplicates(invoice_taken=True, proofs_taken=["photo"]))
    assert set(taken) == {"invoice_number", "proof.photo"}


def test_the_payout_of_another_currency_is_nothing():
    assert rules.expected_payout(facts(net=Money.parse("80", "USD"))) == euro("0")
