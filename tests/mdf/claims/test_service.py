"""Claims on a real PostgreSQL: from opening to paid, who may what, and where the money stands."""

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from assets.library.errors import AssetNotFound, WrongKind
from mdf.claims import queries, rules, tasks
from mdf.claims import service as claims
from mdf.claims.errors import (
    ClaimAboveAsked,
    ClaimAboveReservation,
    ClaimAboveShare,
    ClaimChanged,
    ClaimIncomplete,
    ClaimNotEditable,
    ClaimNotFound,
    DuplicateFile,
    DuplicateInvoice,
    NothingDue,
    OwnClaim,
    SameReviewer,
)
from mdf.claims.rules import ClaimState, Reason
from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind
from mdf.requests import service as requests
from tcma.audit import service as audit
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.days import add_business_days
from tcma.kernel.errors import Forbidden, Invalid, StaleEdit
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import IllegalMove
from tests.factories import accounts
from tests.factories import assets as files
from tests.factories import claims as make
from tests.factories.claims import eur

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def case(world):
    return make.case("Nordwind")


def act(actor, verb, *arguments, **fields):
    with transaction(actor):
        return verb(actor, *arguments, **fields)


def state_of(claim_id):
    with reading(SYSTEM):
        return queries.one(SYSTEM, claim_id).state


def standing(case):
    with reading(SYSTEM):
        return ledger.by_request(SYSTEM, [case.request_id])[case.request_id]


def check_books(case):
    """The ledger is sound, and each claim's state equals its postings."""
    with reading(SYSTEM):
        assert ledger.check() == []
        for claim in queries.page_of(SYSTEM, request_id=case.request_id, limit=200).items:
            held = ledger.by_claim(SYSTEM, [claim.id]).get(claim.id)
            payable = held[AccountKind.PAYABLE].minor if held else 0
            paid = held[AccountKind.PAID].minor if held else 0
            approved = claim.approved_minor or 0
            assert payable == (approved if claim.state in (ClaimState.APPROVED, ClaimState.PAYABLE) else 0)
            assert paid == (approved if claim.state is ClaimState.PAID else 0)


# ---- opening and filling in ------------------------------------------------------------------------------------------


def test_a_claim_is_opened_from_its_request_with_what_the_service_knows(case):
    claim = act(case.owner, claims.open_claim, case.request_id)
    assert (claim.state, claim.title, claim.currency) == (ClaimState.DRAFT, "Spring campaign", "EUR")
    with reading(case.owner):
        assessment = claims.assess(case.owner, claim.id)
        assert not assessment.passed
        assert assessment.expected == eur("0")
        assert [each.key for each in assessment.needed] == ["invoice", "report"]
        assert [each.key for each in assessment.figures] == ["leads"]


def test_the_partner_sees_every_rule_and_the_payout_to_the_cent_before_submitting(case):
    claim_id = make.draft(case, net=eur("400.01"))
    with reading(case.owner):
        assessment = claims.assess(case.owner, claim_id)
        assert assessment.passed
        assert assessment.expected == eur("200.00")


def test_a_claim_for_another_partners_request_is_not_found(case):
    other = make.case("Southwind", brand=False)
    with pytest.raises(Exception, match="no such request"):
        act(other.owner, claims.open_claim, case.request_id)
    claim_id = make.submitted(case)
    for verb in (claims.edit, claims.submit, claims.withdraw):
        with pytest.raises(ClaimNotFound):
            act(other.owner, verb, claim_id)
    with reading(other.owner), pytest.raises(ClaimNotFound):
        claims.assess(other.owner, claim_id)


def test_the_brand_does_not_see_a_draft(case):
    claim_id = make.draft(case)
    with reading(case.finance), pytest.raises(ClaimNotFound):
        queries.one(case.finance, claim_id)


def test_whoever_may_not_read_claims_is_told_so(case):
    claim_id = make.submitted(case)
    blind = replace(case.finance, permissions=case.finance.permissions - {Permission.MDF_CLAIM_READ})
    with reading(blind):
        for verb, arguments in (
            (queries.page_of, []),
            (queries.queue, []),
            (queries.counts, []),
            (claims.assess, [claim_id]),
            (claims.payable_claims, []),
        ):
            with pytest.raises(Forbidden, match="mdf:claim:read"):
                verb(blind, *arguments)
    with reading(Actor.partner_job(case.partner.id)):
        assert queries.one(Actor.partner_job(case.partner.id), claim_id).id == claim_id


def test_an_incomplete_claim_is_not_submitted_and_says_what_each_field_needs(case):
    claim = act(case.owner, claims.open_claim, case.request_id)
    with pytest.raises(ClaimIncomplete) as refusal:
        act(case.owner, claims.submit, claim.id)
    fields = {"supplier", "invoice_number", "invoiced_on", "net", "proof.invoice", "proof.report", "figures.leads"}
    assert set(refusal.value.errors) == fields
    assert state_of(claim.id) is ClaimState.DRAFT


def test_a_figure_that_nobody_asked_for_is_refused_with_its_name(case):
    claim = act(case.owner, claims.open_claim, case.request_id)
    with pytest.raises(Invalid) as refusal:
        act(case.owner, claims.edit, claim.id, figures={"smiles": Decimal(3)})
    assert set(refusal.value.errors) == {"figures.smiles"}


def test_a_stale_edit_is_refused(case):
    claim = act(case.owner, claims.open_claim, case.request_id)
    act(case.owner, claims.edit, claim.id, supplier="First")
    with pytest.raises(StaleEdit):
        act(case.owner, claims.edit, claim.id, supplier="Second", expected_revision=1)


def test_only_the_partners_own_proof_files_are_attached_and_only_to_what_is_on_the_list(case):
    other = make.case("Southwind", brand=False)
    claim = act(case.owner, claims.open_claim, case.request_id)
    foreign = make.proof(other.owner)
    with pytest.raises(AssetNotFound):
        act(case.owner, claims.attach, claim.id, proof="invoice", asset_id=foreign)
    logo = files.asset(case.owner).id
    with pytest.raises(WrongKind):
        act(case.owner, claims.attach, claim.id, proof="invoice", asset_id=logo)
    own = make.proof(case.owner)
    with pytest.raises(Invalid, match="not on the list"):
        act(case.owner, claims.attach, claim.id, proof="selfie", asset_id=own)
    attached = act(case.owner, claims.attach, claim.id, proof="invoice", asset_id=own)
    again = act(case.owner, claims.attach, claim.id, proof="invoice", asset_id=own)
    assert len(attached.proofs) == len(again.proofs) == 1
    assert act(case.owner, claims.detach, claim.id, proof_id=again.proofs[0].id).proofs == []


def test_asking_for_more_than_is_reserved_is_refused_at_submitting(case):
    claim_id = make.draft(case, net=eur("5000.00"), asked=eur("1000.01"))
    with pytest.raises(ClaimAboveReservation) as refusal:
        act(case.owner, claims.submit, claim_id)
    assert "1,000.00 EUR can be paid" in refusal.value.errors["asked"][0]


# ---- deciding --------------------------------------------------------------------------------------------------------


def test_an_approval_in_full_moves_the_share_from_the_reservation_to_payable(case):
    claim_id = make.submitted(case)
    claim = act(case.finance, claims.approve, claim_id)
    assert (claim.state, claim.approved, claim.accepted_cost) == (ClaimState.APPROVED, eur("200"), eur("400"))
    assert claim.approval.in_full
    assert claim.approval.approved_by == case.finance.user_id
    after = standing(case)
    assert (after[AccountKind.COMMITTED], after[AccountKind.PAYABLE]) == (eur("800"), eur("200"))
    with reading(SYSTEM):
        trail = [entry.action for entry in audit.history(SYSTEM, claim)]
        last = audit.history(SYSTEM, claim)[-1]
    assert trail[-1] == "mdf.claim.approved"
    assert last.before["state"] == "submitted"
    assert last.after == {"state": "approved", "approved": "200.00 EUR", "accepted_cost": "400.00 EUR"}
    check_books(case)


def test_an_approval_in_part_needs_a_reason_and_pays_only_that_part(case):
    claim_id = make.submitted(case)
    with pytest.raises(Invalid) as refusal:
        act(case.finance, claims.approve, claim_id, amount=eur("150"))
    assert set(refusal.value.errors) == {"reason"}
    claim = act(
        case.finance, claims.approve, claim_id, amount=eur("150"), reason=Reason.COST_EXCLUDED, note="No hotels."
    )
    assert (claim.approved, claim.approval.in_full) == (eur("150"), False)
    assert standing(case)[AccountKind.PAYABLE] == eur("150")
    check_books(case)


@pytest.mark.parametrize(
    ("amount", "error"),
    [("1000.01", ClaimAboveReservation), ("200.01", ClaimAboveShare), ("0", NothingDue)],
)
def test_an_amount_above_the_reservation_or_the_share_is_refused_and_nothing_moves(case, amount, error):
    claim_id = make.submitted(case)
    with pytest.raises(error):
        act(case.finance, claims.approve, claim_id, amount=eur(amount))
    assert state_of(claim_id) is ClaimState.SUBMITTED
    assert standing(case)[AccountKind.PAYABLE] == eur("0")


def test_no_more_is_approved_than_the_partner_asks_for(case):
    claim_id = make.submitted(case, asked=eur("150"))  # half of 400.00 would be 200.00
    with pytest.raises(ClaimAboveAsked) as refusal:
        act(case.finance, claims.approve, claim_id, amount=eur("150.01"))
    assert refusal.value.errors == {"amount": ["150.01 EUR is more than the partner asks for: 150.00 EUR."]}
    assert state_of(claim_id) is ClaimState.SUBMITTED
    assert act(case.finance, claims.approve, claim_id, amount=eur("150")).approval.in_full
    check_books(case)


def test_an_amount_in_another_currency_is_refused(case):
    claim_id = make.submitted(case)
    with pytest.raises(Invalid, match="pays in EUR"):
        act(case.finance, claims.approve, claim_id, amount=replace(eur("10"), currency="USD"))


def test_a_second_approval_of_the_same_claim_is_a_conflict(case):
    claim_id = make.approved(case)
    for reviewer in (case.finance, case.second):
        with pytest.raises(IllegalMove):
            act(reviewer, claims.approve, claim_id)
    assert standing(case)[AccountKind.PAYABLE] == eur("200")


def test_whoever_worked_on_a_claim_or_asked_for_its_request_does_not_decide_about_it(case):
    claim_id = make.submitted(case)
    same_person = replace(case.finance, user_id=case.owner.user_id)
    for verb, fields in (
        (claims.approve, {}),
        (claims.ask, {"note": "Why?"}),
        (claims.reject, {"reason": Reason.OTHER, "note": "No.", "fix": "Yes."}),
    ):
        with pytest.raises(OwnClaim):
            act(same_person, verb, claim_id, **fields)
    with pytest.raises(OwnClaim):
        act(SYSTEM, claims.approve, claim_id)
    assert state_of(claim_id) is ClaimState.SUBMITTED


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_only_finance_approves(case, role):
    claim_id = make.submitted(case)
    with pytest.raises(Forbidden):
        act(getattr(case, role), claims.approve, claim_id)


def test_what_the_reviewer_did_not_see_is_not_approved(case):
    claim_id = make.submitted(case)
    with reading(case.finance):
        seen = queries.one(case.finance, claim_id).money_hash
    act(case.owner, claims.edit, claim_id, net=eur("900"))
    with pytest.raises(ClaimChanged):
        act(case.finance, claims.approve, claim_id, seen=seen)
    with pytest.raises(ClaimChanged):
        act(case.finance, claims.reject, claim_id, reason=Reason.OTHER, note="No.", fix="Yes.", seen=seen)


def test_partial_claims_share_the_reservation_and_the_share_is_applied_once(world):
    case = make.case("Nordwind")  # 1000.00 reserved at 50 %
    amounts = []
    for _ in range(3):
        claim_id = make.submitted(case, net=eur("800"))
        amounts.append(act(case.finance, claims.approve, claim_id).approved)
    assert amounts == [eur("400"), eur("400"), eur("200")]
    claim_id = make.draft(case, net=eur("800"))
    with pytest.raises(ClaimIncomplete, match="cannot be submitted"):
        act(case.owner, claims.submit, claim_id)
    assert standing(case)[AccountKind.COMMITTED] == eur("0")
    check_books(case)


def test_odd_cents_over_several_claims_pay_what_one_claim_would_pay(case):
    total = eur("0")
    for _ in range(4):
        claim_id = make.submitted(case, net=eur("33.33"), tax=None)
        total = total + act(case.finance, claims.approve, claim_id).approved
    assert total == eur("66.66")  # half of 133.32; four times half of 33.33 would be 66.64 or 66.68
    check_books(case)


def test_a_rejection_says_why_and_what_would_pass_and_can_be_put_right_in_place(case):
    claim_id = make.submitted(case)
    rejected = act(
        case.finance,
        claims.reject,
        claim_id,
        reason=Reason.AMOUNT_DIFFERS,
        note="The invoice says 380.00.",
        fix="Write 380.00.",
    )
    assert (rejected.state, rejected.reason, rejected.reason_fix) == (
        ClaimState.REJECTED,
        Reason.AMOUNT_DIFFERS,
        "Write 380.00.",
    )
    act(case.owner, claims.edit, claim_id, net=eur("380"))
    again = act(case.owner, claims.submit, claim_id)
    assert again.state is ClaimState.SUBMITTED
    assert again.reason_text == "The invoice says 380.00."  # the reviewer of the second round still sees why
    assert act(case.finance, claims.approve, claim_id).approved == eur("190")


def test_a_dispute_is_decided_by_a_second_reviewer(case):
    claim_id = make.submitted(case)
    act(case.finance, claims.reject, claim_id, reason=Reason.OTHER, note="No.", fix="Nothing.")
    act(case.owner, claims.dispute, claim_id, note="It was agreed by phone.")
    with pytest.raises(SameReviewer):
        act(case.finance, claims.approve, claim_id)
    assert act(case.second, claims.approve, claim_id).state is ClaimState.APPROVED


def test_a_question_and_its_answer_leave_a_dispute_to_the_second_reviewer(case):
    refusal = {"reason": Reason.OTHER, "note": "No.", "fix": "Nothing."}
    claim_id = make.submitted(case)
    act(case.finance, claims.reject, claim_id, **refusal)
    act(case.owner, claims.dispute, claim_id, note="It was agreed by phone.")
    act(case.second, claims.ask, claim_id, note="With whom?")
    with pytest.raises(SameReviewer):
        act(case.finance, claims.reject, claim_id, **refusal)
    act(case.owner, claims.answer, claim_id, note="With Ms Lund.")
    for verb, fields in ((claims.approve, {}), (claims.reject, refusal), (claims.ask, {"note": "Sure?"})):
        with pytest.raises(SameReviewer):
            act(case.finance, verb, claim_id, **fields)
    act(case.second, claims.reject, claim_id, **refusal)
    act(case.owner, claims.submit, claim_id)
    assert act(case.finance, claims.approve, claim_id).state is ClaimState.APPROVED


def test_a_question_stops_the_clock_until_the_answer(case):
    claim_id = make.submitted(case)
    with reading(SYSTEM):
        due = queries.one(SYSTEM, claim_id).decide_by_on
    asked = act(case.finance, claims.ask, claim_id, note="Which city?")
    assert asked.answer_by_on == add_business_days(clock.today(), 10)
    with pytest.raises(IllegalMove):
        act(case.finance, claims.approve, claim_id)
    with clock.frozen(clock.now() + timedelta(days=7)):
        answered = act(case.owner, claims.answer, claim_id, note="Kiel.")
    assert answered.state is ClaimState.SUBMITTED
    assert answered.decide_by_on == add_business_days(due, 5)


def test_the_same_number_and_amount_under_another_supplier_is_approved_only_with_a_reason(case):
    make.approved(case, supplier="Hansedruck KG", supplier_tax_id="DE1", invoice_number="HD-4502")
    claim_id = make.submitted(case, supplier="Elbdruck", supplier_tax_id="DE2", invoice_number="hd 45O2")
    with reading(SYSTEM):
        found = claims.assess(SYSTEM, claim_id)
    assert found.passed
    assert [result.code for result in found.results if not result.passed] == [rules.SIMILAR_INVOICE]
    with pytest.raises(Invalid) as refusal:
        act(case.finance, claims.approve, claim_id)
    assert set(refusal.value.errors) == {"note"}
    claim = act(case.finance, claims.approve, claim_id, note="Elbdruck numbers its invoices alike.")
    assert claim.state is ClaimState.APPROVED
    assert rules.SIMILAR_INVOICE in {result["code"] for result in claim.approvals[-1].rule_results}


def test_a_withdrawn_claim_leaves_its_invoice_to_others(case):
    fields = make.invoice()
    first = make.submitted(case, **fields)
    second = make.draft(case, **fields)
    with pytest.raises(DuplicateInvoice):
        act(case.owner, claims.submit, second)
    assert act(case.owner, claims.withdraw, first).state is ClaimState.WITHDRAWN
    assert act(case.owner, claims.submit, second).state is ClaimState.SUBMITTED


# ---- approval hash ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"net": eur("380")},
        {"tax": eur("70")},
        {"asked": eur("100")},
        {"supplier": "Another Ltd"},
        {"supplier_tax_id": "DE1"},
        {"invoice_number": "X-1"},
        {"invoiced_on": clock.today() - timedelta(days=1)},
        {"figures": {"leads": Decimal(13)}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_of_what_decides_about_money_voids_the_approval(case, change):
    claim_id = make.approved(case)
    claim = act(case.owner, claims.edit, claim_id, **change)
    assert (claim.state, claim.approved, claim.approval) == (ClaimState.SUBMITTED, None, None)
    assert claim.approvals[0].void_reason == "The claim was edited."
    after = standing(case)
    assert (after[AccountKind.COMMITTED], after[AccountKind.PAYABLE]) == (eur("1000"), eur("0"))
    assert act(case.second, claims.approve, claim_id).state is ClaimState.APPROVED
    check_books(case)


def test_another_file_voids_the_approval_too(case):
    claim_id = make.approved(case)
    claim = act(case.owner, claims.attach, claim_id, proof="report", asset_id=make.proof(case.owner))
    assert claim.state is ClaimState.SUBMITTED
    check_books(case)


def test_taking_a_needed_file_off_an_approved_claim_is_refused_and_the_approval_holds(case):
    claim_id = make.approved(case)
    with reading(case.owner):
        proof_id = queries.one(case.owner, claim_id).proofs[0].id
    with pytest.raises(ClaimIncomplete):
        act(case.owner, claims.detach, claim_id, proof_id=proof_id)
    assert state_of(claim_id) is ClaimState.APPROVED
    check_books(case)


def test_an_edit_of_the_note_leaves_the_approval_in_force(case):
    claim_id = make.approved(case)
    claim = act(case.owner, claims.edit, claim_id, note="Thank you.")
    assert claim.state is ClaimState.APPROVED
    check_books(case)


@pytest.mark.parametrize("state", [ClaimState.SUBMITTED, ClaimState.INFO_REQUESTED, ClaimState.REJECTED])
def test_what_the_claim_needs_cannot_be_cleared_once_it_was_submitted(case, state):
    claim_id = reach(case, state)
    with pytest.raises(ClaimIncomplete) as refusal:
        act(case.owner, claims.edit, claim_id, figures={})
    assert set(refusal.value.errors) == {"figures.leads"}
    with reading(case.owner):
        assert queries.one(case.owner, claim_id).figures == {"leads": "12"}


def test_a_required_figure_cannot_be_cleared_on_an_approved_claim(case):
    claim_id = make.approved(case)
    with pytest.raises(ClaimIncomplete):
        act(case.owner, claims.edit, claim_id, figures={})
    assert state_of(claim_id) is ClaimState.APPROVED


def test_an_approval_row_is_never_changed_or_deleted(case):
    claim_id = make.approved(case)
    for change in ("amount_minor = amount_minor + 1", "approved_by = 1"):
        with pytest.raises(Exception, match="voided, never changed"), transaction(SYSTEM):
            session.connection().exec_driver_sql(f"UPDATE mdf_claim_approvals SET {change} WHERE claim_id = {claim_id}")
    with pytest.raises(Exception, match="voided, never changed"), transaction(SYSTEM):
        session.connection().exec_driver_sql(f"DELETE FROM mdf_claim_approvals WHERE claim_id = {claim_id}")


# ---- duplicates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "approved", "rejected"])
def test_an_invoice_in_another_partners_claim_is_blocked_without_telling_whose(case, state):
    other = make.case("Southwind", brand=False)
    fields = make.invoice()
    first = make.submitted(case, **fields)
    if state == "approved":
        act(case.finance, claims.approve, first)
    if state == "rejected":
        act(case.finance, claims.reject, first, reason=Reason.OTHER, note="No.", fix="Yes.")
    written = fields["invoice_number"].replace("-", " ").lower()
    second = make.draft(other, **fields | {"invoice_number": written, "supplier_tax_id": "", "net": eur("399")})
    with reading(other.owner):
        shown = {result.code: result.passed for result in claims.assess(other.owner, second).results}
    assert shown["duplicate_invoice"] is False
    with pytest.raises(DuplicateInvoice) as refusal:
        act(other.owner, claims.submit, second)
    said = f"{refusal.value.detail} {refusal.value.errors}"
    assert "Nordwind" not in said
    assert str(first) not in said
    assert state_of(second) is ClaimState.DRAFT


def test_the_same_file_in_another_partners_claim_is_blocked(case):
    other = make.case("Southwind", brand=False)
    picture = (9, 99, 199)
    first = make.draft(case)
    act(case.owner, claims.attach, first, proof="report", asset_id=make.proof(case.owner, picture))
    act(case.owner, claims.submit, first)
    second = make.draft(other)
    act(other.owner, claims.attach, second, proof="report", asset_id=make.proof(other.owner, picture))
    with pytest.raises(DuplicateFile) as refusal:
        act(other.owner, claims.submit, second)
    assert set(refusal.value.errors) == {"proof.report"}
    assert state_of(second) is ClaimState.DRAFT


def test_an_edit_of_a_submitted_claim_cannot_slip_a_duplicate_in(case):
    other = make.case("Southwind", brand=False)
    fields = make.invoice()
    make.submitted(case, **fields)
    second = make.submitted(other)
    with pytest.raises(DuplicateInvoice):
        act(other.owner, claims.edit, second, supplier=fields["supplier"], invoice_number=fields["invoice_number"])


# ---- time ------------------------------------------------------------------------------------------------------------


def test_a_late_claim_is_refused_with_the_last_day(case):
    claim_id = make.draft(case)
    with reading(SYSTEM):
        last_day = requests.for_claim(SYSTEM, case.request_id).claim_until_on
    later = clock.now() + (last_day - clock.today()) + timedelta(days=1)
    with clock.frozen(later), pytest.raises(ClaimIncomplete) as refusal:
        act(case.owner, claims.submit, claim_id)
    assert f"{last_day:%d %B %Y}" in refusal.value.errors["request_id"][0]


def test_what_nobody_answered_or_submitted_in_time_expires_once_and_the_request_closes(case, app):
    unanswered = make.submitted(case)
    act(case.finance, claims.ask, unanswered, note="Which city?")
    drafted = make.draft(case)
    paid_later = make.approved(case)
    with reading(SYSTEM):
        last_day = requests.for_claim(SYSTEM, case.request_id).claim_until_on
    with clock.frozen(clock.now() + (last_day - clock.today()) + timedelta(days=30)):
        tasks.expire()
        tasks.expire()
    assert state_of(unanswered) is ClaimState.EXPIRED
    assert state_of(drafted) is ClaimState.EXPIRED
    assert state_of(paid_later) is ClaimState.APPROVED
    # The approved claim still needs its request; without it the request closes and the rest goes back.
    with reading(SYSTEM):
        assert requests.for_claim(SYSTEM, case.request_id).state == "approved"
    act(case.finance, claims.take_for_payment, [paid_later])
    act(
        case.finance, claims.settle, paid_later, amount=eur("200"), paid_on=clock.today(), reference="payment:1:settled"
    )
    with clock.frozen(clock.now() + (last_day - clock.today()) + timedelta(days=30)):
        tasks.expire()
    with reading(SYSTEM):
        assert requests.for_claim(SYSTEM, case.request_id).state == "closed"
        held = ledger.by_allocation(SYSTEM, [case.allocation_id])[case.allocation_id]
    assert (held[AccountKind.AVAILABLE], held[AccountKind.PAID]) == (eur("9800"), eur("200"))
    check_books(case)


def test_a_claim_that_was_rejected_after_the_time_for_claims_has_its_own_time_to_be_put_right(case, app):
    claim_id = make.submitted(case)
    with reading(SYSTEM):
        last_day = requests.for_claim(SYSTEM, case.request_id).claim_until_on
    decided = clock.now() + (last_day - clock.today()) + timedelta(days=3)
    with clock.frozen(decided):
        rejected = act(case.finance, claims.reject, claim_id, reason=Reason.OTHER, note="No.", fix="Yes.")
        assert rejected.answer_by_on == add_business_days(clock.today(), 10)
        tasks.expire()
    assert state_of(claim_id) is ClaimState.REJECTED
    last_chance = decided + (rejected.answer_by_on - decided.date())
    with clock.frozen(last_chance):
        tasks.expire()
        with only_tried(case.owner):
            assert claims.submit(case.owner, claim_id).answer_by_on is None
        with only_tried(case.owner):
            assert claims.dispute(case.owner, claim_id, note="!").answer_by_on is None
    with clock.frozen(last_chance + timedelta(days=1)):
        tasks.expire()
    assert state_of(claim_id) is ClaimState.EXPIRED
    with reading(SYSTEM):
        assert requests.for_claim(SYSTEM, case.request_id).state == "closed"


def test_a_claim_that_was_rejected_early_can_be_put_right_as_long_as_claims_can_be_submitted(case):
    claim_id = reach(case, ClaimState.REJECTED)
    with reading(SYSTEM):
        last_day = requests.for_claim(SYSTEM, case.request_id).claim_until_on
        assert queries.one(SYSTEM, claim_id).answer_by_on == last_day


# ---- paying ----------------------------------------------------------------------------------------------------------


@contextmanager
def locks_taken():
    """Collect the tables whose rows are locked, in the order in which they are."""
    taken = []

    def note(_connection, _cursor, statement, *_):
        if "FOR UPDATE" in statement:
            taken.append(statement.split("FROM ", 1)[1].split()[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield taken
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_payments_lock_a_request_before_its_claims_as_every_other_verb_does(case):
    claim_ids = [make.approved(case), make.approved(case)]
    paid = {"amount": eur("200"), "paid_on": clock.today(), "reference": "payment:1:settled"}
    for verb, arguments, fields in (
        (claims.take_for_payment, [claim_ids], {}),
        (claims.not_paid, [claim_ids[0]], {"note": "No such account."}),
        (claims.take_for_payment, [claim_ids[:1]], {}),
        (claims.settle, [claim_ids[0]], paid),
        (claims.give_back, [claim_ids[1:]], {"note": "Given up."}),
    ):
        with locks_taken() as taken:
            act(case.finance, verb, *arguments, **fields)
        assert taken[:2] == ["mdf_requests", "mdf_claims"], verb
    check_books(case)


# ---- the square ------------------------------------------------------------------------------------------------------


def reach(case, state):
    """Bring a fresh claim into a state the ordinary way."""
    if state is ClaimState.DRAFT:
        return make.draft(case)
    claim_id = make.submitted(case)
    say = {"reason": Reason.OTHER, "note": "No.", "fix": "Yes."}
    steps = {
        ClaimState.SUBMITTED: [],
        ClaimState.INFO_REQUESTED: [(case.finance, claims.ask, {"note": "?"})],
        ClaimState.APPROVED: [(case.finance, claims.approve, {})],
        ClaimState.REJECTED: [(case.third, claims.reject, say)],
        ClaimState.DISPUTED: [(case.third, claims.reject, say), (case.owner, claims.dispute, {"note": "!"})],
        ClaimState.WITHDRAWN: [(case.owner, claims.withdraw, {})],
    }
    for actor, verb, fields in steps[state]:
        act(actor, verb, claim_id, **fields)
    return claim_id


VERBS = {
    rules.Action.EDIT: (claims.edit, {"note": "hello"}),
    rules.Action.SUBMIT: (claims.submit, {}),
    rules.Action.ANSWER: (claims.answer, {"note": "!"}),
    rules.Action.DISPUTE: (claims.dispute, {"note": "!"}),
    rules.Action.WITHDRAW: (claims.withdraw, {}),
    rules.Action.ASK: (claims.ask, {"note": "?"}),
    rules.Action.APPROVE: (claims.approve, {}),
    rules.Action.REJECT: (claims.reject, {"reason": Reason.OTHER, "note": "No.", "fix": "Yes."}),
}


@pytest.mark.parametrize(
    "state",
    [
        ClaimState.DRAFT,
        ClaimState.SUBMITTED,
        ClaimState.INFO_REQUESTED,
        ClaimState.APPROVED,
        ClaimState.REJECTED,
        ClaimState.DISPUTED,
        ClaimState.WITHDRAWN,
    ],
)
def test_each_action_is_done_in_its_states_by_its_roles_and_nowhere_else(case, state):
    with transaction(SYSTEM):
        marketer = accounts.actor_for(accounts.user(Role.MARKETER, case.partner))
    people = {"owner": case.owner, "marketer": marketer, "finance": case.finance, "manager": case.manager}
    claim_id = reach(case, state)
    for action, (verb, fields) in VERBS.items():
        permission, states = rules.ACTIONS[action]
        for name, person in people.items():
            allowed = person.can(permission) and state in states
            hidden = person.is_brand and state is ClaimState.DRAFT
            refused = None
            try:
                with only_tried(person):
                    verb(person, claim_id, **fields)
            except (Forbidden, IllegalMove, ClaimNotEditable, ClaimNotFound) as error:
                refused = error
            assert (refused is None) == allowed, (action, state, name, refused)
            if hidden:
                assert isinstance(refused, ClaimNotFound)
            elif not person.can(permission):
                assert isinstance(refused, Forbidden)


class Undo(Exception):
    """Roll back what was only tried."""


@contextmanager
def only_tried(person):
    with suppress(Undo), transaction(person):
        yield
        raise Undo
