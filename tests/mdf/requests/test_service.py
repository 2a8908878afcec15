"""The verbs of requests on a real database: money, separation of duties, what an approval fixes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from mdf.funds import service as funds
from mdf.ledger import service as ledger
from mdf.programs import service as programs
from mdf.requests import queries, service, tasks
from mdf.requests.errors import (
    ApprovalVoid,
    ApproverAskedForIt,
    BadApprovedAmount,
    BadLine,
    RequestNotApproved,
    RequestNotFound,
    RulesNotMet,
    UnknownActivity,
)
from mdf.requests.rules import RequestState
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Invalid, NotFound, StaleEdit
from tcma.kernel.money import Money
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def cast(world):
    """(owner of a partner, channel manager, allocation of 10,000 EUR)"""
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner("Nordwind")
        owner = accounts.actor_for(accounts.user(Role.OWNER, partner))
        manager = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
        allocation = mdf.allocation(partner)
    return owner, manager, allocation


def wallet(allocation):
    with reading(SYSTEM):
        now = funds.allocation(SYSTEM, allocation.id)
    return {name: getattr(now, name).minor for name in ("available", "pending", "committed", "expired")}


def test_money_goes_from_available_to_pending_to_committed(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.draft(owner, allocation.id)
    assert wallet(allocation) == {"available": 1_000_000, "pending": 0, "committed": 0, "expired": 0}
    with transaction(owner):
        service.submit(owner, made)
    assert wallet(allocation) == {"available": 900_000, "pending": 100_000, "committed": 0, "expired": 0}
    with transaction(manager):
        service.approve(manager, made, amount=mdf.eur("600.00"))
    assert wallet(allocation) == {"available": 940_000, "pending": 0, "committed": 60_000, "expired": 0}
    with reading(SYSTEM):
        assert ledger.check() == []
        assert service.check(SYSTEM) == []


@pytest.mark.parametrize(
    "amount", [Money(100_001, "EUR"), Money(0, "EUR"), Money(50_000, "USD")], ids=["above", "zero", "other currency"]
)
def test_an_approved_amount_is_above_zero_up_to_what_was_asked_and_in_its_currency(cast, amount):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with pytest.raises(BadApprovedAmount) as caught, transaction(manager):
        service.approve(manager, made, amount=amount)
    assert "amount" in caught.value.errors
    assert wallet(allocation)["pending"] == 100_000


def test_nobody_approves_what_they_took_part_in_asking_for(cast):
    _, manager, allocation = cast
    with transaction(manager):
        made = mdf.submitted(manager, allocation.id)  # on behalf of the partner
    with pytest.raises(ApproverAskedForIt), transaction(manager):
        service.approve(manager, made)
    with transaction(SYSTEM):
        another = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
    with transaction(another):
        assert service.approve(another, made).state is RequestState.APPROVED


def test_having_edited_it_is_having_asked_for_it(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.draft(owner, allocation.id)
    with transaction(manager):
        service.edit(manager, made, title="Better title")
    with transaction(owner):
        service.submit(owner, made)
    with pytest.raises(ApproverAskedForIt), transaction(manager):
        service.approve(manager, made)


def test_more_than_is_left_is_refused_with_the_amount_that_would_pass(cast):
    owner, _, allocation = cast
    line = {"kind": "media", "description": "Much", "amount": mdf.eur("9000.00")}
    with transaction(owner):
        for _ in range(2):
            mdf.submitted(owner, allocation.id, lines=[line])
        third = mdf.draft(owner, allocation.id, lines=[line])
    with pytest.raises(RulesNotMet) as caught, transaction(owner):
        service.submit(owner, third)
    assert "1,000.00 EUR" in caught.value.errors["lines"][0]
    assert wallet(allocation)["pending"] == 900_000


def test_the_rules_before_submitting_are_the_rules_in_review(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.draft(owner, allocation.id)
    with reading(owner):
        shown_to_partner = service.precheck(owner, made)
    with transaction(owner):
        service.submit(owner, made)
    with reading(manager):
        shown_to_brand = service.precheck(manager, made)
    assert shown_to_partner == shown_to_brand
    assert shown_to_partner.requested == mdf.eur("1000.00")
    assert shown_to_partner.line_shares == (mdf.eur("750.00"), mdf.eur("250.00"))


def test_an_edit_while_a_question_is_open_is_held_anew_with_the_answer(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with transaction(manager):
        service.ask(manager, made, question="Can it be smaller?")
    with transaction(owner):
        line = {"kind": "media", "description": "Less", "amount": mdf.eur("800.00")}
        service.edit(owner, made, lines=[line])
    with transaction(owner):
        service.answer(owner, made, answer="Yes")
    assert wallet(allocation) == {"available": 960_000, "pending": 40_000, "committed": 0, "expired": 0}
    with reading(owner):
        told = [(event.kind, event.note) for event in queries.events_of(owner, made)]
    assert told == [
        ("drafted", ""),
        ("submitted", ""),
        ("asked", "Can it be smaller?"),
        ("edited", ""),
        ("answered", "Yes"),
    ]


def test_a_rejected_request_is_corrected_and_asked_again(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with transaction(manager):
        service.reject(manager, made, reason="Please shorten it")
    assert wallet(allocation)["pending"] == 0
    with transaction(owner):
        service.edit(owner, made, title="Shorter")
    with transaction(owner):
        service.submit(owner, made)
    with transaction(manager):
        assert service.approve(manager, made).approved == mdf.eur("1000.00")


def test_approval_fixes_the_share_the_proofs_and_the_version(cast):
    owner, manager, allocation = cast
    with transaction(SYSTEM):
        made = mdf.approved(owner, manager, allocation.id)
        program_id = allocation.program_id
        programs.save_draft(
            SYSTEM, program_id, document=mdf.document(mdf.activity(share_percent="100", proof_of_cost=[]))
        )
        programs.publish(SYSTEM, program_id)
    with reading(SYSTEM):
        reservation = service.for_claim(SYSTEM, made)
    assert reservation.share_percent == Decimal(50)
    assert reservation.proof_list["proof_of_cost"] == [{"key": "invoice", "name": "Invoice"}]
    assert reservation.committed == reservation.approved == mdf.eur("1000.00")
    assert reservation.claim_until_on == reservation.ends_on + timedelta(days=60)
    assert reservation.requested_by == {owner.user_id}
    assert reservation.approved_by == manager.user_id


def test_whatever_changes_an_approved_request_voids_its_approval(cast):
    owner, manager, allocation = cast
    with transaction(SYSTEM):
        made = mdf.approved(owner, manager, allocation.id)
        session.execute(
            text("UPDATE mdf_requests SET approved_minor = approved_minor - 1 WHERE id = :id"), {"id": made}
        )
    with reading(SYSTEM), pytest.raises(ApprovalVoid):
        service.for_claim(SYSTEM, made)


def test_there_is_no_reservation_before_the_approval(cast):
    owner, _, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with reading(owner), pytest.raises(RequestNotApproved):
        service.for_claim(owner, made)


@pytest.mark.parametrize(("unused", "where"), [("return", "available"), ("expire", "expired")])
def test_what_a_closed_request_did_not_use_goes_where_the_program_says(cast, unused, where):
    owner, manager, _ = cast
    with transaction(SYSTEM):
        partner_id = owner.partner_id
        fund = mdf.fund(program_id=mdf.program(unused=unused))
        allocation = funds.allocate(SYSTEM, fund.id, partner_id=partner_id, amount=mdf.eur("2000.00"))
        made = mdf.approved(owner, manager, allocation.id)
        service.close(SYSTEM, made)
    expected = {"available": 100_000, "pending": 0, "committed": 0, "expired": 0}
    expected[where] += 100_000
    assert wallet(allocation) == expected


def test_a_stale_approval_is_refused(cast):
    owner, manager, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with reading(manager):
        seen = queries.one(manager, made).revision
    with transaction(manager):
        service.ask(manager, made, question="Smaller?")
    with transaction(owner):
        service.answer(owner, made, answer="Yes")
    with pytest.raises(StaleEdit), transaction(manager):
        service.approve(manager, made, expected_revision=seen)


def test_changing_a_line_alone_is_a_new_revision(cast):
    owner, _, allocation = cast
    with transaction(owner):
        made = mdf.draft(owner, allocation.id)
    with reading(owner):
        seen = queries.one(owner, made).revision
    with transaction(owner):
        line = {"kind": "media", "description": "Sending, changed", "amount": mdf.eur("2000.00")}
        assert service.edit(owner, made, lines=[line]).revision > seen


def test_the_sweep_expires_what_is_over_once_and_gives_the_money_back(cast):
    owner, manager, allocation = cast
    begun = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with clock.frozen(begun), transaction(SYSTEM):
        fund = mdf.fund()
        allocation = funds.allocate(SYSTEM, fund.id, partner_id=owner.partner_id, amount=mdf.eur("5000.00"))
        over = mdf.submitted(owner, allocation.id)
        granted = mdf.approved(owner, manager, allocation.id)
    with clock.frozen(begun + timedelta(days=44)):
        tasks.expire_overdue()
        with reading(SYSTEM):
            assert queries.one(SYSTEM, over).state is RequestState.SUBMITTED
    with clock.frozen(begun + timedelta(days=45)):
        for _ in range(2):
            tasks.expire_overdue()
        with reading(SYSTEM):
            assert queries.one(SYSTEM, over).state is RequestState.EXPIRED
            assert queries.one(SYSTEM, granted).state is RequestState.APPROVED
    assert wallet(allocation) == {"available": 400_000, "pending": 0, "committed": 100_000, "expired": 0}


def test_a_request_that_cannot_expire_holds_up_no_other(cast, monkeypatch):
    owner, _, allocation = cast
    with transaction(SYSTEM):
        bad, good = mdf.submitted(owner, allocation.id), mdf.submitted(owner, allocation.id)
    expire = service.expire

    def fail_for_one(actor, request_id):
        if request_id == bad:
            raise Invalid("Its document cannot be read.")
        return expire(actor, request_id)

    said = []
    monkeypatch.setattr(service, "expire", fail_for_one)
    monkeypatch.setattr(tasks, "log", SimpleNamespace(warning=lambda _, **facts: said.append(facts)))
    with clock.frozen(clock.now() + timedelta(days=400)):
        tasks.expire_overdue()
    with reading(SYSTEM):
        assert queries.one(SYSTEM, bad).state is RequestState.SUBMITTED
        assert queries.one(SYSTEM, good).state is RequestState.EXPIRED
    assert said == [{"request_id": bad, "code": "invalid"}]


def test_a_question_that_is_not_answered_in_ten_business_days_ends_the_request(cast):
    owner, manager, _ = cast
    begun = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
    with clock.frozen(begun):
        with transaction(SYSTEM):
            fund = mdf.fund()
            allocation = funds.allocate(SYSTEM, fund.id, partner_id=owner.partner_id, amount=mdf.eur("5000.00"))
            made = mdf.submitted(owner, allocation.id)
        with transaction(manager):
            assert service.ask(manager, made, question="Where?").answer_by_on == date(2026, 3, 16)
    for day, state in ((16, RequestState.INFO_REQUESTED), (17, RequestState.EXPIRED)):
        with clock.frozen(begun.replace(day=day)):
            tasks.expire_overdue()
            with reading(SYSTEM):
                assert queries.one(SYSTEM, made).state is state
    assert wallet(allocation)["available"] == 500_000


def test_a_request_is_linked_to_a_launch_of_the_same_partner_only(cast):
    owner, manager, allocation = cast
    with transaction(SYSTEM):
        made = mdf.approved(owner, manager, allocation.id)
    for launch_id in (0, 1):
        with pytest.raises(NotFound), transaction(owner):
            service.link_launch(owner, made, launch_id=launch_id)


def test_unknown_activities_and_other_currencies_are_named_by_field(cast):
    owner, _, allocation = cast
    with pytest.raises(UnknownActivity) as caught, transaction(owner):
        mdf.draft(owner, allocation.id, activity_type="skydiving")
    assert "email_campaign" in caught.value.errors["activity_type"][0]
    dollars = {"kind": "media", "description": "x", "amount": Money(100, "USD")}
    with pytest.raises(BadLine) as caught, transaction(owner):
        mdf.draft(owner, allocation.id, lines=[dollars])
    assert list(caught.value.errors) == ["lines.0.amount"]


def test_a_partner_finds_no_request_of_another_even_when_a_query_forgets(cast):
    owner, _, allocation = cast
    with transaction(owner):
        made = mdf.submitted(owner, allocation.id)
    with transaction(SYSTEM):
        stranger = Actor.partner_job(accounts.partner("Other").id)
    with reading(stranger):
        with pytest.raises(RequestNotFound):
            queries.one(stranger, made)
        for table in ("mdf_requests", "mdf_request_lines", "mdf_request_events", "mdf_allocations"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_every_step_is_in_the_audit_trail_with_before_and_after(cast):
    owner, manager, allocation = cast
    with transaction(SYSTEM):
        made = mdf.approved(owner, manager, allocation.id)
    with reading(SYSTEM):
        rows = session.execute(
            text(
                "SELECT action, user_id, before ->> 'state', after ->> 'state' FROM audit_entries"
                " WHERE noun = 'mdf_requests' AND noun_id = :id ORDER BY id"
            ),
            {"id": made},
        ).all()
    assert rows == [
        ("mdf.request.drafted", owner.user_id, None, "draft"),
        ("mdf.request.submitted", owner.user_id, "draft", "submitted"),
        ("mdf.request.approved", manager.user_id, "submitted", "approved"),
    ]
