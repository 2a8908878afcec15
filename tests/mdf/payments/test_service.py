"""Payment runs on a real PostgreSQL: two persons, one payment for one claim, and the ledger at the end."""

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from mdf.claims import queries as claim_queries
from mdf.claims import service as claims
from mdf.claims.errors import ClaimNotEditable, ClaimNotFound
from mdf.claims.rules import ClaimState
from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind
from mdf.payments import queries
from mdf.payments import service as payments
from mdf.payments.errors import (
    AlreadyInBatch,
    AlreadySettled,
    BatchNotFound,
    CurrencyMixed,
    NotExported,
    PaidInFuture,
    PaymentNotFound,
    SecondPersonNeeded,
)
from mdf.payments.rules import BatchState, PaymentState
from mdf.requests import service as requests
from tcma.audit import service as audit
from tcma.infra.db import db, reading, session, transaction
from tcma.insights.brand import home_of
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError, Forbidden
from tcma.kernel.permissions import Permission
from tcma.kernel.states import IllegalMove
from tests.factories import claims as make
from tests.factories import mdf
from tests.factories.claims import eur

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def case(world):
    return make.case("Nordwind")


def act(actor, verb, *arguments, **fields):
    with transaction(actor):
        return verb(actor, *arguments, **fields)


def exported(case, *claim_ids):
    """A batch prepared by the second, released and exported by the third person; the first approved its claims."""
    batch = act(case.second, payments.prepare, claim_ids=list(claim_ids))
    act(case.third, payments.release, batch.id)
    return act(case.third, payments.export, batch.id)


def claim_state(claim_id):
    with reading(SYSTEM):
        return claim_queries.one(SYSTEM, claim_id).state


def test_a_payment_run_goes_from_draft_to_settled_and_the_money_from_payable_to_paid(case):
    first, second = make.approved(case), make.approved(case, net=eur("600"))
    with reading(case.second):
        listed = payments.payable_claims(case.second)
    assert {(claim.id, claim.amount) for claim in listed} == {(first, eur("200")), (second, eur("300"))}

    batch = act(case.second, payments.prepare, claim_ids=[first, second], note="June")
    assert (batch.state, batch.total) == (BatchState.DRAFT, eur("500"))
    assert {payment.payee for payment in batch.payments} == {"Nordwind GmbH"}
    assert claim_state(first) is ClaimState.PAYABLE
    with reading(case.second):
        assert payments.payable_claims(case.second) == []

    assert act(case.third, payments.release, batch.id).state is BatchState.RELEASED
    assert act(case.third, payments.export, batch.id).state is BatchState.EXPORTED
    ids = [payment.id for payment in batch.payments]
    today = clock.today()
    act(case.second, payments.settle, ids[0], paid_on=today, bank_reference="NTRF 1")
    with reading(SYSTEM):
        assert queries.batch(SYSTEM, batch.id).state is BatchState.EXPORTED
    act(case.second, payments.settle, ids[1], paid_on=today)
    with reading(SYSTEM):
        settled = queries.batch(SYSTEM, batch.id)
        assert (settled.state, settled.settled_at is None) == (BatchState.SETTLED, False)
        assert ledger.check() == []
        after = ledger.by_request(SYSTEM, [case.request_id])[case.request_id]
        paid = claim_queries.one(SYSTEM, first)
        trail = [entry.action for entry in audit.history(SYSTEM, settled)]
    assert (after[AccountKind.PAYABLE], after[AccountKind.PAID]) == (eur("0"), eur("500"))
    assert (paid.state, paid.paid_on) == (ClaimState.PAID, today)
    assert trail == [
        "mdf.payment.prepared",
        "mdf.payment.released",
        "mdf.payment.exported",
        "mdf.payment.batch_settled",
    ]


@pytest.mark.parametrize("person", ["finance", "second"])
def test_neither_the_approver_nor_the_preparer_releases(case, person):
    claim_id = make.approved(case)  # by case.finance
    batch = act(case.second, payments.prepare, claim_ids=[claim_id])
    with pytest.raises(SecondPersonNeeded):
        act(getattr(case, person), payments.release, batch.id)
    assert act(case.third, payments.release, batch.id).released_by == case.third.user_id


@pytest.mark.parametrize("person", ["owner", "manager"])
def test_only_finance_prepares_and_nobody_else_sees_a_batch(case, person):
    claim_id = make.approved(case)
    other = getattr(case, person)
    with pytest.raises(Forbidden):
        act(other, payments.prepare, claim_ids=[claim_id])
    batch = act(case.second, payments.prepare, claim_ids=[claim_id])
    for verb, fields in ((payments.release, {}), (payments.export, {}), (payments.cancel, {"note": "no"})):
        with pytest.raises(BatchNotFound):
            act(other, verb, batch.id, **fields)


def test_a_partner_sees_its_own_payments_only(case):
    other = make.case("Southwind", brand=False)
    batch = exported(case, make.approved(case))
    payment_id = batch.payments[0].id
    with reading(case.owner):
        assert queries.one(case.owner, payment_id).amount == eur("200")
    with reading(other.owner), pytest.raises(PaymentNotFound):
        queries.one(other.owner, payment_id)
    with pytest.raises(PaymentNotFound):
        act(other.owner, payments.settle, payment_id, paid_on=clock.today())


def test_a_claim_is_in_one_live_batch_only(case):
    claim_id = make.approved(case)
    batch = act(case.second, payments.prepare, claim_ids=[claim_id])
    with pytest.raises(AlreadyInBatch):
        act(case.third, payments.prepare, claim_ids=[claim_id])
    with pytest.raises(IntegrityError, match="uq_mdf_payments_live_claim"), transaction(SYSTEM):
        session.connection().exec_driver_sql(
            "INSERT INTO mdf_payments (partner_id, batch_id, claim_id, approval_id, approved_by, state, currency,"
            " amount_minor, payee, reference, title, supplier_invoice, bank_reference, failure, revision, created_at,"
            " updated_at) SELECT partner_id, batch_id, claim_id, approval_id, approved_by, 'waiting', currency,"
            " amount_minor, payee, reference, title, supplier_invoice, '', '', 1, now(), now() FROM mdf_payments"
        )
    act(case.second, payments.cancel, batch.id, note="Wrong day.")
    assert claim_state(claim_id) is ClaimState.APPROVED
    assert act(case.third, payments.prepare, claim_ids=[claim_id]).state is BatchState.DRAFT


def test_a_claim_in_a_batch_cannot_be_edited_and_an_unapproved_one_cannot_get_in(case):
    claim_id = make.approved(case)
    act(case.second, payments.prepare, claim_ids=[claim_id])
    with pytest.raises(ClaimNotEditable):
        act(case.owner, claims.edit, claim_id, net=eur("399"))
    with pytest.raises(IllegalMove):
        act(case.second, payments.prepare, claim_ids=[make.submitted(case)])
    with pytest.raises(ClaimNotFound):
        act(case.second, payments.prepare, claim_ids=[2**60])


def test_a_batch_pays_one_currency(case):
    with transaction(SYSTEM):
        fund = mdf.fund(currency="USD")
    line = {"kind": "media", "description": "Sending", "amount": replace(eur("2000"), currency="USD")}
    other = make.case("Southwind", brand=False, fund_id=fund.id, lines=[line])
    dollars = make.approved(other, net=replace(eur("400"), currency="USD"), tax=None)
    euros = make.approved(case)
    with pytest.raises(CurrencyMixed):
        act(case.second, payments.prepare, claim_ids=[euros, dollars])
    assert claim_state(euros) is ClaimState.APPROVED


def test_the_second_settling_is_a_conflict_and_pays_nothing_again(case):
    batch = exported(case, make.approved(case))
    payment_id = batch.payments[0].id
    act(case.second, payments.settle, payment_id, paid_on=clock.today())
    with pytest.raises(AlreadySettled):
        act(case.second, payments.settle, payment_id, paid_on=clock.today())
    with pytest.raises(AlreadySettled):
        act(case.second, payments.fail, payment_id, note="Late news.")
    with reading(SYSTEM):
        assert ledger.by_request(SYSTEM, [case.request_id])[case.request_id][AccountKind.PAID] == eur("200")


def test_only_what_went_to_the_bank_is_settled_and_not_in_the_future(case):
    batch = act(case.second, payments.prepare, claim_ids=[make.approved(case)])
    payment_id = batch.payments[0].id
    with pytest.raises(NotExported):
        act(case.second, payments.settle, payment_id, paid_on=clock.today())
    act(case.third, payments.release, batch.id)
    act(case.third, payments.export, batch.id)
    with pytest.raises(PaidInFuture):
        act(case.second, payments.settle, payment_id, paid_on=clock.today() + timedelta(days=1))
    with pytest.raises(IllegalMove):
        act(case.second, payments.cancel, batch.id, note="Too late.")


def test_what_the_bank_refuses_can_be_paid_through_another_batch(case):
    claim_id = make.approved(case)
    batch = exported(case, claim_id)
    failed = act(case.second, payments.fail, batch.payments[0].id, note="Account closed.")
    assert (failed.state, claim_state(claim_id)) == (PaymentState.FAILED, ClaimState.APPROVED)
    again = exported(case, claim_id)
    act(case.second, payments.settle, again.payments[0].id, paid_on=clock.today())
    with reading(SYSTEM):
        assert ledger.check() == []
        assert ledger.by_request(SYSTEM, [case.request_id])[case.request_id][AccountKind.PAID] == eur("200")


def test_whoever_may_settle_may_record_what_the_bank_refused(case):
    batch = exported(case, make.approved(case))
    needed = {"mdf:claim:read", "mdf:payment:read", "mdf:payment:settle", "mdf:request:read"}
    clerk = replace(case.second, permissions=frozenset(Permission(each) for each in needed))
    assert act(clerk, payments.fail, batch.payments[0].id, note="Account closed.").state is PaymentState.FAILED


def test_the_bank_file_lists_each_payment_is_the_same_each_time_and_runs_no_formula(case):
    claim_id = make.approved(case, supplier="=HYPERLINK(evil)", invoice_number="A-1")
    batch = act(case.second, payments.prepare, claim_ids=[claim_id])
    with reading(case.second), pytest.raises(NotExported):
        payments.bank_file(case.second, batch.id)
    act(case.third, payments.release, batch.id)
    act(case.third, payments.export, batch.id)
    with reading(case.second):
        name, text = payments.bank_file(case.second, batch.id)
        assert payments.bank_file(case.second, batch.id) == (name, text)
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["payee"], row["amount"], row["currency"]) == ("Nordwind GmbH", "200.00", "EUR")
    assert row["reference"] == f"MDF {batch.id}-{claim_id}"
    assert row["supplier_invoice"] == "'=HYPERLINK(evil) A-1"


def test_the_statement_of_a_settled_payment_is_a_pdf(case):
    batch = exported(case, make.approved(case))
    payment_id = batch.payments[0].id
    act(case.second, payments.settle, payment_id, paid_on=clock.today())
    with reading(case.owner):
        facts = payments.payment_facts(case.owner, payment_id)
    assert (facts.amount, facts.partner.name, facts.brand.name) == (eur("200"), "Nordwind GmbH", "Aurelia Systems SE")
    assert payments.render_statement(facts).startswith(b"%PDF-")


def test_of_twenty_parallel_settlings_of_one_payment_one_succeeds(app, case):
    batch = exported(case, make.approved(case))
    payment_id = batch.payments[0].id

    def settle(_):
        with app.app_context():
            try:
                act(case.second, payments.settle, payment_id, paid_on=clock.today())
            except DomainError as error:
                return error.code
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(16) as pool:
        assert Counter(pool.map(settle, range(20))) == {"done": 1, "already_settled": 19}
    with reading(SYSTEM):
        assert ledger.check() == []
        assert ledger.by_request(SYSTEM, [case.request_id])[case.request_id][AccountKind.PAID] == eur("200")


def test_the_start_page_counts_all_that_waits_and_not_only_what_it_lists(case, monkeypatch):
    make.submitted(case)
    make.submitted(case)
    act(case.second, payments.prepare, claim_ids=[make.approved(case)])
    act(case.second, payments.prepare, claim_ids=[make.approved(case)])
    make.approved(case, net=eur("10"), tax=None)
    make.approved(case, net=eur("10"), tax=None)
    with transaction(SYSTEM):
        allocation_id = mdf.allocation(case.partner).id
        for _ in range(2):
            mdf.submitted(case.owner, allocation_id)
    for service, name in ((claims, "waiting"), (requests, "waiting"), (payments, "open_batches")):
        monkeypatch.setattr(service, name, partial(getattr(service, name), limit=1))
    both = replace(case.second, permissions=case.second.permissions | {Permission.MDF_REQUEST_APPROVE})
    with reading(both):
        tiles = {tile.label: tile.value for tile in home_of(both).tiles}
    waiting = ("Requests to decide", "Claims to review", "Ready to be paid", "Payment runs")
    assert {label: tiles[label] for label in waiting} == dict.fromkeys(waiting, 2)
