"""The verbs of finance about a claim: ask, approve, reject."""

from datetime import timedelta

from mdf.claims import rules
from mdf.claims.errors import ClaimIncomplete, RequestNotClaimable
from mdf.claims.model import Claim, ClaimApproval
from mdf.claims.rules import REASONS, Action, ClaimState, Payout, Reason
from mdf.claims.service import look
from mdf.claims.service.look import Assessment
from mdf.ledger import service as ledger
from mdf.programs import service as programs
from mdf.requests.service import RequestState
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.days import add_business_days
from tcma.kernel.errors import Invalid
from tcma.kernel.money import Money
from tcma.kernel.states import move
from tcma.notifications import service as notifications


def ask(actor: Actor, claim_id: int, *, note: str) -> Claim:
    """Ask the partner something; finance's clock stands still until the answer.

    Raises ClaimNotFound, Forbidden, OwnClaim, IllegalMove.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.ASK][0], claim)
    look.check_second_pair_of_eyes(actor, claim, reservation)
    before = claim.state
    claim.state = move(rules.MOVES, claim.state, ClaimState.INFO_REQUESTED)
    terms = programs.version(actor, reservation.program_version_id).terms
    claim.asked_at = clock.now()
    claim.answer_by_on = add_business_days(clock.today(), terms.answer_within_business_days)
    _done(actor, claim, before, "asked", note)
    _tell_partner(actor, claim, "asked", f"A question about your claim {claim.id}", note)
    return claim


def approve(
    actor: Actor,
    claim_id: int,
    *,
    amount: Money | None = None,
    reason: Reason | None = None,
    note: str = "",
    seen: str | None = None,
) -> Claim:
    """Approve a claim in full, or in part with the reason; its money moves from the reservation to payable.

    `amount` is the payout (all that is due when left out); `seen` the hash of what the reviewer looked at.
    Raises ClaimNotFound, Forbidden, OwnClaim, SameReviewer, IllegalMove, ClaimChanged, RequestNotClaimable,
    ClaimIncomplete, NothingDue, ClaimAboveReservation, ClaimAboveShare, ClaimAboveAsked, Invalid.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.APPROVE][0], claim)
    look.check_second_pair_of_eyes(actor, claim, reservation)
    before = claim.state
    target = move(rules.MOVES, claim.state, ClaimState.APPROVED)
    look.check_seen(claim, seen)
    assessment = look.assess_against(claim, reservation)
    payout = _payout(assessment, amount, reason, note)
    if assessment.warned and not note.strip():
        sentence = "A claim with this invoice number and amount is there already. Say why this is another invoice."
        raise Invalid(sentence, errors={"note": [sentence]})

    terms = programs.version(actor, reservation.program_version_id).terms
    claim.state = target
    claim.approved_minor, claim.accepted_cost_minor = payout.amount.minor, payout.accepted_cost.minor
    claim.decided_at, claim.rejected_by = clock.now(), None
    claim.reason, claim.reason_text, claim.reason_fix = reason, note, ""
    claim.pay_by_on = clock.today() + timedelta(days=terms.pay_within_days)
    approval = _approval(actor, assessment, payout, reason, note)
    claim.approvals.append(approval)
    session.flush()
    payable = reservation.claim_account(ledger.AccountKind.PAYABLE, claim.id)
    ledger.post(
        actor,
        reservation.fund_id,
        [ledger.Posting(reservation.committed_account, payable, payout.amount)],
        kind="claim.approved",
        reference=f"claim:{claim.id}:approval:{approval.id}",
    )
    part = "in full" if approval.in_full else "in part"
    look.tell(actor, claim, "approved", f"{payout.amount} {part}. {note}".strip())
    audit.record(
        actor,
        "mdf.claim.approved",
        claim,
        before={"state": before, "approved": None},
        after={"state": claim.state, "approved": payout.amount, "accepted_cost": payout.accepted_cost},
        in_full=approval.in_full,
        money_hash=approval.money_hash,
        note=note,
    )
    _tell_partner(
        actor, claim, "approved", f"Your claim {claim.id} was approved", f"{payout.amount} {part}. {note}".strip()
    )
    return claim


def reject(actor: Actor, claim_id: int, *, reason: Reason, note: str, fix: str, seen: str | None = None) -> Claim:
    """Send a claim back with the reason and what would pass; the partner can put it right and submit it again.

    For that it has the program's time for an answer, counted from today, and at least the time for claims.

    Raises ClaimNotFound, Forbidden, OwnClaim, SameReviewer, IllegalMove, ClaimChanged.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.REJECT][0], claim)
    look.check_second_pair_of_eyes(actor, claim, reservation)
    before = claim.state
    target = move(rules.MOVES, claim.state, ClaimState.REJECTED)
    look.check_seen(claim, seen)
    claim.state = target
    claim.decided_at, claim.rejected_by = clock.now(), actor.user_id
    terms = programs.version(actor, reservation.program_version_id).terms
    answer_by_on = add_business_days(clock.today(), terms.answer_within_business_days)
    claim.asked_at, claim.answer_by_on = None, max(answer_by_on, reservation.claim_until_on)
    claim.reason, claim.reason_text, claim.reason_fix = reason, note, fix
    sentence = f"{REASONS[reason]}. {note} What would pass: {fix}"
    _done(actor, claim, before, "rejected", sentence)
    _tell_partner(actor, claim, "rejected", f"Your claim {claim.id} needs to be put right", sentence)
    return claim


def _payout(assessment: Assessment, amount: Money | None, reason: Reason | None, note: str) -> Payout:
    """Decide how much is paid. Raises what `rules.settle_amount` raises, and Invalid for a cut without its reason."""
    claim, reservation = assessment.claim, assessment.reservation
    if reservation.state is not RequestState.APPROVED:
        raise RequestNotClaimable
    if claim.net is None or claim.currency != reservation.currency:
        raise ClaimIncomplete(errors=rules.failed(assessment.results))
    if amount is not None and amount.currency != reservation.currency:
        sentence = f"This fund pays in {reservation.currency}."
        raise Invalid(sentence, errors={"amount": [sentence]})
    granted = assessment.expected if amount is None else amount
    payout = rules.settle_amount(assessment.standing, claim.net, granted, asked=claim.asked)
    if payout.amount < assessment.expected and (reason is None or not note.strip()):
        sentence = "Say why less is approved, so that the partner knows."
        raise Invalid(sentence, errors={"note" if reason else "reason": [sentence]})
    return payout


def _approval(actor: Actor, assessment: Assessment, payout: Payout, reason: Reason | None, note: str) -> ClaimApproval:
    claim = assessment.claim
    return ClaimApproval(
        partner_id=claim.partner_id,
        currency=payout.amount.currency,
        amount_minor=payout.amount.minor,
        accepted_cost_minor=payout.accepted_cost.minor,
        share_percent=assessment.standing.share_percent,
        in_full=payout.amount >= assessment.expected,
        money_hash=claim.money_hash,
        rule_results=[result.as_data() for result in assessment.results],
        reason=reason,
        note=note,
        approved_by=actor.user_id,
        approved_by_name=actor.name,
        approved_at=clock.now(),
    )


def _done(actor: Actor, claim: Claim, before: ClaimState, verb: str, note: str) -> None:
    look.tell(actor, claim, verb, note)
    audit.record(actor, f"mdf.claim.{verb}", claim, before={"state": before}, after={"state": claim.state}, note=note)


def _tell_partner(actor: Actor, claim: Claim, verb: str, title: str, body: str) -> None:
    notifications.tell_partner(
        actor,
        claim.partner_id,
        kind=f"mdf.claim.{verb}",
        title=title,
        body=f"{claim.title}: {body}",
        link=f"/mdf/claims/{claim.id}",
    )
