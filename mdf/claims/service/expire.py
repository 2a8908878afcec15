"""What time does: claims that the partner left too long expire, and requests that nobody can claim any more close."""

from mdf.claims import queries, rules
from mdf.claims.model import Claim
from mdf.claims.rules import ClaimState
from mdf.claims.service import look
from mdf.requests import service as requests
from tcma.audit import service as audit
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move

_WHY = {
    ClaimState.DRAFT: "The time for claims is over.",
    ClaimState.INFO_REQUESTED: "The question was not answered in time.",
    ClaimState.REJECTED: "The claim was not put right in time.",
}


def overdue(actor: Actor) -> list[int]:
    """Name the claims that expire today: those that their partner owes an answer, and drafts that came too late."""
    late = requests.past_claiming(actor, on=clock.today())
    drafts = queries.in_states(actor, late, [ClaimState.DRAFT]) if late else []
    return queries.unanswered(actor, on=clock.today()) + drafts


def expire(actor: Actor, claim_id: int) -> Claim | None:
    """End a claim whose time is over; one that moved on in the meantime stays as it is.

    Raises ClaimNotFound, Forbidden.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, Permission.MDF_CLAIM_SUBMIT, claim)
    before = claim.state
    last_day = rules.last_day(before, claim_until_on=reservation.claim_until_on, answer_by_on=claim.answer_by_on)
    if last_day is None or last_day >= clock.today():
        return None
    claim.state = move(rules.MOVES, claim.state, ClaimState.EXPIRED)
    queries.give_up_fingerprints(claim.id)
    note = _WHY[before]
    look.tell(actor, claim, "expired", note)
    audit.record(actor, "mdf.claim.expired", claim, before={"state": before}, after={"state": claim.state}, note=note)
    return claim


def closable(actor: Actor) -> list[int]:
    """Name the requests whose time for claims is over and that no claim needs any more."""
    late = requests.past_claiming(actor, on=clock.today())
    return [request_id for request_id in late if queries.open_for(request_id) == 0]


def close_request(actor: Actor, request_id: int) -> None:
    """Close a request that nobody can claim any more: what is left of its reservation goes back. Closing authorizes.

    Raises RequestNotFound, RequestNotApproved, Forbidden, IllegalMove.
    """
    reservation = requests.lock_for_claim(actor, request_id)
    if queries.open_for(request_id) == 0 and reservation.claim_until_on < clock.today():
        requests.close(actor, request_id, note="The time for claims is over.")
