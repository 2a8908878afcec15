"""What payments ask of claims: which can be paid, take them into a batch, give them back, settle them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mdf.claims import queries, rules
from mdf.claims.errors import ApprovalVoid
from mdf.claims.model import Claim
from mdf.claims.rules import ClaimState
from mdf.claims.service import look
from mdf.ledger import service as ledger
from tcma.audit import service as audit
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications


@dataclass(frozen=True, slots=True)
class PayableClaim:
    """An approved claim as payments see it."""

    id: int
    partner_id: int
    request_id: int
    title: str
    amount: Money
    supplier: str
    invoice_number: str
    approval_id: int
    approved_by: int
    approved_by_name: str
    pay_by_on: date | None


def payable_claims(actor: Actor, currency: str | None = None) -> list[PayableClaim]:
    """List the approved claims that are in no payment run yet, those that are due first."""
    return [view for claim in queries.payable(actor, currency=currency) if (view := _view(claim)) is not None]


def take_for_payment(actor: Actor, claim_ids: Iterable[int]) -> list[PayableClaim]:
    """Put approved claims into a payment run: from now on nothing about them changes.

    Raises ClaimNotFound, Forbidden, IllegalMove, ApprovalVoid.
    """
    taken = []
    for claim in look.hold_several(actor, claim_ids):
        authorize(actor, Permission.MDF_PAYMENT_PREPARE, claim)
        before = claim.state
        claim.state = move(rules.MOVES, claim.state, ClaimState.PAYABLE)
        view = _view(claim)
        if view is None:
            raise ApprovalVoid
        look.tell(actor, claim, "in_payment", f"{view.amount} in a payment run.")
        audit.record(actor, "mdf.claim.in_payment", claim, before={"state": before}, after={"state": claim.state})
        taken.append(view)
    return taken


def give_back(actor: Actor, claim_ids: Iterable[int], *, note: str) -> None:
    """Take claims out of a payment run that is given up: they are approved as before, and can go into another.

    Raises ClaimNotFound, Forbidden, IllegalMove.
    """
    for claim in look.hold_several(actor, claim_ids):
        authorize(actor, Permission.MDF_PAYMENT_PREPARE, claim)
        _out_of_payment(actor, claim, note)


def not_paid(actor: Actor, claim_id: int, *, note: str) -> Claim:
    """Take a claim that the bank did not pay out of its payment run: it can go into another.

    Raises ClaimNotFound, Forbidden, IllegalMove.
    """
    claim, _ = look.hold(actor, claim_id)
    authorize(actor, Permission.MDF_PAYMENT_SETTLE, claim)
    _out_of_payment(actor, claim, note)
    return claim


def _out_of_payment(actor: Actor, claim: Claim, note: str) -> None:
    before = claim.state
    claim.state = move(rules.MOVES, claim.state, ClaimState.APPROVED)
    look.tell(actor, claim, "out_of_payment", note)
    audit.record(
        actor, "mdf.claim.out_of_payment", claim, before={"state": before}, after={"state": claim.state}, note=note
    )


def settle(actor: Actor, claim_id: int, *, amount: Money, paid_on: date, reference: str) -> Claim:
    """Mark a claim as paid: its money moves from payable to paid. `reference` names the payment, once and for all.

    Raises ClaimNotFound, Forbidden, IllegalMove, ApprovalVoid, AlreadyPosted.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, Permission.MDF_PAYMENT_SETTLE, claim)
    before = claim.state
    claim.state = move(rules.MOVES, claim.state, ClaimState.PAID)
    if claim.approval is None or claim.approval.amount != amount:
        raise ApprovalVoid
    claim.paid_on = paid_on
    ledger.post(
        actor,
        reservation.fund_id,
        [
            ledger.Posting(
                reservation.claim_account(ledger.AccountKind.PAYABLE, claim.id),
                reservation.claim_account(ledger.AccountKind.PAID, claim.id),
                amount,
            )
        ],
        kind="claim.paid",
        reference=reference,
    )
    look.tell(actor, claim, "paid", f"{amount} on {paid_on:%d %B %Y}.")
    audit.record(
        actor,
        "mdf.claim.paid",
        claim,
        before={"state": before},
        after={"state": claim.state, "paid_on": paid_on},
        amount=amount,
    )
    notifications.tell_partner(
        actor,
        claim.partner_id,
        kind="mdf.claim.paid",
        title=f"Your claim {claim.id} was paid",
        body=f"{claim.title}: {amount} on {paid_on:%d %B %Y}.",
        link=f"/mdf/claims/{claim.id}",
    )
    return claim


def _view(claim: Claim) -> PayableClaim | None:
    """Show a claim to payments, if it still is exactly what was approved."""
    approval = claim.approval
    if approval is None or approval.money_hash != claim.money_hash or claim.approved != approval.amount:
        return None
    return PayableClaim(
        id=claim.id,
        partner_id=claim.partner_id,
        request_id=claim.request_id,
        title=claim.title,
        amount=approval.amount,
        supplier=claim.supplier,
        invoice_number=claim.invoice_number,
        approval_id=approval.id,
        approved_by=approval.approved_by,
        approved_by_name=approval.approved_by_name,
        pay_by_on=claim.pay_by_on,
    )
