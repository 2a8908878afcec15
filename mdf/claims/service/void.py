"""Take an approval back: its money returns to the reservation, and the claim to review."""

from mdf.claims import rules
from mdf.claims.errors import ApprovalVoid
from mdf.claims.model import Claim
from mdf.claims.rules import ClaimState
from mdf.claims.service import look
from mdf.ledger import service as ledger
from mdf.requests.service import ReservationView
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.states import move


def void_if_changed(actor: Actor, claim: Claim, reservation: ReservationView, hashed: str) -> None:
    """Take an approved claim back to review when anything changed that the approval was about."""
    if claim.state is ClaimState.APPROVED and claim.money_hash != hashed:
        void_approval(actor, claim, reservation, "The claim was edited.")


def void_approval(actor: Actor, claim: Claim, reservation: ReservationView, why: str) -> None:
    """Void the approval in force. The caller has authorized and holds the request and the claim.

    Raises ApprovalVoid, IllegalMove.
    """
    approval = claim.approval
    if approval is None:
        raise ApprovalVoid
    claim.state = move(rules.MOVES, claim.state, ClaimState.SUBMITTED)
    claim.approved_minor = claim.accepted_cost_minor = None
    claim.pay_by_on = claim.decided_at = None
    approval.voided_at = clock.now()
    approval.void_reason = why
    session.flush()
    payable = reservation.claim_account(ledger.AccountKind.PAYABLE, claim.id)
    ledger.post(
        actor,
        reservation.fund_id,
        [ledger.Posting(payable, reservation.committed_account, approval.amount)],
        kind="claim.approval_voided",
        reference=f"claim:{claim.id}:approval:{approval.id}:voided",
    )
    look.tell(actor, claim, "approval_voided", why)
    audit.record(
        actor,
        "mdf.claim.approval_voided",
        claim,
        before={"state": ClaimState.APPROVED, "approved": approval.amount},
        after={"state": claim.state, "approved": None},
        why=why,
    )
