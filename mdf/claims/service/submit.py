"""The verbs of a partner about a claim that is ready: submit, answer, dispute, withdraw."""

from mdf.claims import queries, rules
from mdf.claims.errors import RequestNotClaimable
from mdf.claims.model import Claim
from mdf.claims.rules import Action, ClaimState
from mdf.claims.service import evidence, look
from mdf.programs import service as programs
from mdf.requests.service import RequestState, ReservationView
from tcma.audit import service as audit
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.days import add_business_days, business_days_between
from tcma.kernel.permissions import Role
from tcma.kernel.states import IllegalMove, move
from tcma.notifications import service as notifications


def submit(actor: Actor, claim_id: int, *, note: str = "") -> Claim:
    """Give a complete claim to finance; a rejected one again after it was put right.

    Raises ClaimNotFound, Forbidden, IllegalMove, RequestNotClaimable, ClaimIncomplete, ClaimAboveReservation,
    DuplicateInvoice, DuplicateFile.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.SUBMIT][0], claim)
    before = _may(claim, Action.SUBMIT)
    if reservation.state is not RequestState.APPROVED:
        raise RequestNotClaimable
    claim.evidence = evidence.refreshed(actor, claim.evidence)
    look.check_complete(claim, reservation)
    claim.state = move(rules.MOVES, claim.state, ClaimState.SUBMITTED)
    claim.submitted_at = claim.submitted_at or clock.now()
    claim.decided_at = claim.answer_by_on = None
    claim.decide_by_on = add_business_days(clock.today(), _terms(actor, reservation).decide_claim_business_days)
    claim.waited_business_days = 0
    look.sign(actor, claim)
    _done(actor, claim, before, "submitted" if before is ClaimState.DRAFT else "resubmitted", note)
    _tell_finance(actor, claim, "submitted", f"Claim {claim.id} waits for your decision")
    return claim


def answer(actor: Actor, claim_id: int, *, note: str) -> Claim:
    """Answer finance's question; its clock goes on.

    Raises ClaimNotFound, Forbidden, IllegalMove, ClaimIncomplete, DuplicateInvoice, DuplicateFile.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.ANSWER][0], claim)
    before = _may(claim, Action.ANSWER)
    look.check_complete(claim, reservation)
    claim.state = move(rules.MOVES, claim.state, ClaimState.SUBMITTED)
    waited = business_days_between(claim.asked_at.date(), clock.today()) if claim.asked_at else 0
    claim.waited_business_days += waited
    if claim.decide_by_on is not None:
        claim.decide_by_on = add_business_days(claim.decide_by_on, waited)
    claim.asked_at = claim.answer_by_on = None
    look.sign(actor, claim)
    _done(actor, claim, before, "answered", note)
    _tell_finance(actor, claim, "answered", f"The question about claim {claim.id} was answered")
    return claim


def dispute(actor: Actor, claim_id: int, *, note: str) -> Claim:
    """Ask for a second reviewer after a rejection.

    Raises ClaimNotFound, Forbidden, IllegalMove, ClaimIncomplete, DuplicateInvoice, DuplicateFile.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.DISPUTE][0], claim)
    before = _may(claim, Action.DISPUTE)
    look.check_complete(claim, reservation)
    claim.state = move(rules.MOVES, claim.state, ClaimState.DISPUTED)
    claim.decide_by_on = add_business_days(clock.today(), _terms(actor, reservation).decide_claim_business_days)
    claim.decided_at = claim.answer_by_on = None
    look.sign(actor, claim)
    _done(actor, claim, before, "disputed", note)
    _tell_finance(actor, claim, "disputed", f"Claim {claim.id} is disputed and needs a second reviewer")
    return claim


def withdraw(actor: Actor, claim_id: int, *, note: str = "") -> Claim:
    """Take a claim back for good; its invoice and files can be claimed again.

    Raises ClaimNotFound, Forbidden, IllegalMove.
    """
    claim, _ = look.hold(actor, claim_id)
    authorize(actor, rules.ACTIONS[Action.WITHDRAW][0], claim)
    before = _may(claim, Action.WITHDRAW)
    claim.state = move(rules.MOVES, claim.state, ClaimState.WITHDRAWN)
    queries.give_up_fingerprints(claim.id)
    _done(actor, claim, before, "withdrawn", note)
    return claim


def _may(claim: Claim, action: Action) -> ClaimState:
    """Return the state that a claim is in, if the action can be done in it. Raises IllegalMove."""
    allowed = rules.ACTIONS[action][1]
    if claim.state not in allowed:
        states = ", ".join(sorted(allowed))
        raise IllegalMove(f"This claim is {claim.state}: {action} can be done with one that is {states}.")
    return claim.state


def _terms(actor: Actor, reservation: ReservationView) -> programs.Terms:
    return programs.version(actor, reservation.program_version_id).terms


def _done(actor: Actor, claim: Claim, before: ClaimState, verb: str, note: str) -> None:
    look.tell(actor, claim, verb, note)
    audit.record(actor, f"mdf.claim.{verb}", claim, before={"state": before}, after={"state": claim.state}, note=note)


def _tell_finance(actor: Actor, claim: Claim, verb: str, title: str) -> None:
    notifications.tell_role(
        actor,
        Role.FINANCE,
        kind=f"mdf.claim.{verb}",
        title=title,
        body=f"{claim.title}: {claim.net} on invoice {claim.invoice_number} of {claim.supplier}.",
        link=f"/mdf/claims/{claim.id}/review",
    )
