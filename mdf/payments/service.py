"""The verbs of payments, in the order in which a payment run travels: prepare, release, export, settle."""

import hashlib
from collections.abc import Sequence
from datetime import date

from mdf.claims import service as claims
from mdf.claims.service import PayableClaim
from mdf.payments import queries, rules
from mdf.payments.errors import AlreadyInBatch, AlreadySettled, NotExported, NotPaidYet, PaidInFuture
from mdf.payments.model import Payment, PaymentBatch
from mdf.payments.rules import BatchState, PaymentState
from mdf.statements.documents import render
from mdf.statements.facts import PaymentFacts
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission
from tcma.kernel.states import IllegalMove, move

__all__ = [
    "BatchState",
    "PaymentBatch",
    "PaymentState",
    "bank_file",
    "cancel",
    "check",
    "count_open",
    "count_payable",
    "export",
    "fail",
    "may_release",
    "open_batches",
    "payable_claims",
    "payment_facts",
    "prepare",
    "release",
    "render_statement",
    "settle",
]


def payable_claims(actor: Actor, currency: str | None = None) -> list[PayableClaim]:
    """List what can be put into a batch, those that are due first. Raises Forbidden."""
    authorize(actor, Permission.MDF_PAYMENT_READ)
    return claims.payable_claims(actor, currency)


def count_payable(actor: Actor) -> int:
    """Count what can be put into a batch. Raises Forbidden."""
    authorize(actor, Permission.MDF_PAYMENT_READ)
    return claims.count_payable(actor)


def open_batches(actor: Actor, *, limit: int = 20) -> list[PaymentBatch]:
    """Return the payment runs that wait for somebody: to be released, exported or settled; the oldest first."""
    return queries.open_batches(actor, limit=limit)


def count_open(actor: Actor) -> int:
    """Count the payment runs that wait for somebody."""
    return queries.count_open_batches(actor)


def prepare(actor: Actor, *, claim_ids: Sequence[int], pay_on: date | None = None, note: str = "") -> PaymentBatch:
    """Put approved claims of one currency into a new batch.

    Raises Forbidden, Invalid, NothingToPay, CurrencyMixed, ClaimNotFound, AlreadyInBatch, IllegalMove, ApprovalVoid.
    """
    authorize(actor, Permission.MDF_PAYMENT_PREPARE)
    if actor.user_id is None:
        raise Invalid("A payment batch is prepared by a person.")
    if queries.live_claims(claim_ids):
        raise AlreadyInBatch
    taken = claims.take_for_payment(actor, claim_ids)
    total = rules.total_of([claim.amount for claim in taken])
    batch = PaymentBatch(
        state=BatchState.DRAFT,
        currency=total.currency,
        pay_on=pay_on or clock.today(),
        note=note,
        prepared_by=actor.user_id,
        prepared_by_name=actor.name,
    )
    session.add(batch)
    session.flush()
    batch.payments = [_item(actor, batch, claim) for claim in taken]
    session.flush()
    audit.record(
        actor,
        "mdf.payment.prepared",
        batch,
        after={"state": batch.state, "total": total, "claims": [claim.id for claim in taken]},
    )
    return batch


def release(actor: Actor, batch_id: int) -> PaymentBatch:
    """Release a batch for the bank, as a second person.

    Raises BatchNotFound, Forbidden, IllegalMove, SecondPersonNeeded.
    """
    batch = queries.batch_for_update(actor, batch_id)
    authorize(actor, Permission.MDF_PAYMENT_RELEASE)
    before, target = batch.state, move(rules.BATCH_MOVES, batch.state, BatchState.RELEASED)
    rules.check_releaser(
        actor.user_id,
        prepared_by=batch.prepared_by,
        approved_by=[payment.approved_by for payment in batch.live_payments],
    )
    batch.state = target
    batch.released_by, batch.released_by_name, batch.released_at = actor.user_id, actor.name, clock.now()
    _record(actor, "mdf.payment.released", batch, before)
    return batch


def may_release(actor: Actor, batch: PaymentBatch) -> bool:
    """Tell whether the actor is a second person who can release this batch."""
    approvers = [payment.approved_by for payment in batch.live_payments]
    second = rules.is_second_person(actor.user_id, prepared_by=batch.prepared_by, approved_by=approvers)
    return batch.state is BatchState.DRAFT and actor.can(Permission.MDF_PAYMENT_RELEASE) and second


def export(actor: Actor, batch_id: int) -> PaymentBatch:
    """Mark a batch as gone to the bank, with the hash of its file.

    Raises BatchNotFound, Forbidden, IllegalMove.
    """
    batch = queries.batch_for_update(actor, batch_id)
    authorize(actor, Permission.MDF_PAYMENT_RELEASE)
    before, batch.state = batch.state, move(rules.BATCH_MOVES, batch.state, BatchState.EXPORTED)
    batch.exported_by, batch.exported_at = actor.user_id, clock.now()
    batch.file_sha256 = hashlib.sha256(_csv(batch).encode()).hexdigest()
    _record(actor, "mdf.payment.exported", batch, before)
    return batch


def bank_file(actor: Actor, batch_id: int) -> tuple[str, str]:
    """Return the name and the text of the CSV file of an exported batch; the same text each time.

    Raises BatchNotFound, NotExported.
    """
    batch = queries.batch(actor, batch_id)
    if batch.exported_at is None:
        raise NotExported
    return f"payments-{batch.id}.csv", _csv(batch)


def settle(actor: Actor, payment_id: int, *, paid_on: date, bank_reference: str = "") -> Payment:
    """Mark an item as paid by the bank; the claim's money moves from payable to paid.

    Raises PaymentNotFound, Forbidden, AlreadySettled, NotExported, IllegalMove, PaidInFuture.
    """
    payment, batch = _hold(actor, payment_id)
    authorize(actor, Permission.MDF_PAYMENT_SETTLE, payment)
    _check_at_bank(batch, payment)
    if paid_on > clock.today():
        raise PaidInFuture(errors={"paid_on": [PaidInFuture.message]})
    before, payment.state = payment.state, move(rules.PAYMENT_MOVES, payment.state, PaymentState.SETTLED)
    payment.paid_on, payment.bank_reference, payment.settled_by = paid_on, bank_reference, actor.user_id
    session.flush()
    claims.settle(
        actor, payment.claim_id, amount=payment.amount, paid_on=paid_on, reference=f"payment:{payment.id}:settled"
    )
    audit.record(
        actor,
        "mdf.payment.settled",
        payment,
        before={"state": before},
        after={"state": payment.state, "paid_on": paid_on, "bank_reference": bank_reference},
        amount=payment.amount,
    )
    _finish(actor, batch)
    return payment


def fail(actor: Actor, payment_id: int, *, note: str) -> Payment:
    """Mark an item as refused by the bank; its claim can be paid through another batch.

    Raises PaymentNotFound, Forbidden, AlreadySettled, NotExported, IllegalMove.
    """
    payment, batch = _hold(actor, payment_id)
    authorize(actor, Permission.MDF_PAYMENT_SETTLE, payment)
    _check_at_bank(batch, payment)
    before, payment.state = payment.state, move(rules.PAYMENT_MOVES, payment.state, PaymentState.FAILED)
    payment.failure = note
    claims.not_paid(actor, payment.claim_id, note=f"The bank did not pay: {note}")
    audit.record(
        actor, "mdf.payment.failed", payment, before={"state": before}, after={"state": payment.state}, note=note
    )
    _finish(actor, batch)
    return payment


def cancel(actor: Actor, batch_id: int, *, note: str) -> PaymentBatch:
    """Give up a batch that did not go to the bank; its claims can go into another.

    Raises BatchNotFound, Forbidden, IllegalMove.
    """
    batch = queries.batch_for_update(actor, batch_id)
    authorize(actor, Permission.MDF_PAYMENT_PREPARE)
    before, batch.state = batch.state, move(rules.BATCH_MOVES, batch.state, BatchState.CANCELLED)
    claim_ids = [payment.claim_id for payment in batch.live_payments]
    for payment in batch.live_payments:
        payment.state = move(rules.PAYMENT_MOVES, payment.state, PaymentState.REMOVED)
    claims.give_back(actor, claim_ids, note=note)
    _record(actor, "mdf.payment.cancelled", batch, before, note=note)
    return batch


def check(actor: Actor) -> list[str]:
    """Name every claim whose state and payment differ; an empty list is the proof that there is none."""
    return queries.out_of_step(actor)


def payment_facts(actor: Actor, payment_id: int) -> PaymentFacts:
    """Gather what the statement of a settled payment says. Raises PaymentNotFound, NotPaidYet."""
    payment = queries.one(actor, payment_id)
    if payment.paid_on is None:
        raise NotPaidYet
    return PaymentFacts(
        brand=claims.brand_party(),
        partner=claims.partner_party(actor, payment.partner_id),
        payment_id=payment.id,
        batch_id=payment.batch_id,
        claim_id=payment.claim_id,
        title=payment.title,
        supplier_invoice=payment.supplier_invoice,
        amount=payment.amount,
        reference=payment.reference,
        bank_reference=payment.bank_reference,
        paid_on=payment.paid_on,
    )


def render_statement(facts: PaymentFacts) -> bytes:
    """Return the statement as PDF; the same facts give the same bytes. Call it outside the transaction."""
    return render(facts)


def _item(actor: Actor, batch: PaymentBatch, claim: PayableClaim) -> Payment:
    return Payment(
        partner_id=claim.partner_id,
        claim_id=claim.id,
        approval_id=claim.approval_id,
        approved_by=claim.approved_by,
        state=PaymentState.WAITING,
        currency=claim.amount.currency,
        amount_minor=claim.amount.minor,
        payee=accounts.partner_profile(actor, claim.partner_id).legal_name,
        reference=rules.payment_reference(batch.id, claim.id),
        title=claim.title,
        supplier_invoice=f"{claim.supplier} {claim.invoice_number}",
    )


def _hold(actor: Actor, payment_id: int) -> tuple[Payment, PaymentBatch]:
    """Lock an item's batch, and with it the item."""
    seen = queries.one(actor, payment_id)
    batch = queries.batch_for_update(actor, seen.batch_id)
    session.refresh(seen)
    return seen, batch


def _check_at_bank(batch: PaymentBatch, payment: Payment) -> None:
    if payment.state is PaymentState.SETTLED:
        raise AlreadySettled
    if payment.state is not PaymentState.WAITING:
        raise IllegalMove(f"This payment is {payment.state}: only a waiting one can be settled or fail.")
    if batch.state is not BatchState.EXPORTED:
        raise NotExported


def _finish(actor: Actor, batch: PaymentBatch) -> None:
    """Settle the batch with its last item."""
    if any(payment.state is PaymentState.WAITING for payment in batch.payments):
        return
    before, batch.state = batch.state, move(rules.BATCH_MOVES, batch.state, BatchState.SETTLED)
    batch.settled_at = clock.now()
    _record(actor, "mdf.payment.batch_settled", batch, before)


def _record(actor: Actor, action: str, batch: PaymentBatch, before: BatchState, note: str = "") -> None:
    session.flush()
    audit.record(
        actor, action, batch, before={"state": before}, after={"state": batch.state}, total=batch.total, note=note
    )


def _csv(batch: PaymentBatch) -> str:
    return rules.batch_csv(
        [
            str(payment.id),
            payment.payee,
            str(payment.amount.decimal),
            payment.currency,
            payment.reference,
            str(payment.claim_id),
            payment.supplier_invoice,
            batch.pay_on.isoformat(),
        ]
        for payment in batch.live_payments
    )
