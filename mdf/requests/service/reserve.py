"""Reserve: an approved request as claims see it, and its end."""

from datetime import date

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Posting
from mdf.programs import service as programs
from mdf.programs.service import Unused
from mdf.requests import queries, rules
from mdf.requests.errors import ApprovalVoid, RequestNotApproved
from mdf.requests.model import Request
from mdf.requests.rules import EventKind, RequestState, ReservationView
from mdf.requests.service import decide, history
from tcma.audit import service as audit
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def for_claim(actor: Actor, request_id: int) -> ReservationView:
    """Show the reservation that claims are made against.

    Raises RequestNotFound, RequestNotApproved, ApprovalVoid.
    """
    return _reservation(actor, queries.one(actor, request_id))


def lock_for_claim(actor: Actor, request_id: int) -> ReservationView:
    """Show the reservation and hold it until the commit, so that claims for it are decided one after the other.

    Lock the request before the claim: everybody locks in this order.

    Raises RequestNotFound, RequestNotApproved, ApprovalVoid.
    """
    return _reservation(actor, queries.one_for_update(actor, request_id))


def past_claiming(actor: Actor, *, on: date) -> list[int]:
    """Name the approved requests whose time for claims is over on a day; whoever knows the claims closes them."""
    return queries.past_claiming(actor, on=on)


def close(actor: Actor, request_id: int, *, note: str = "") -> Request:
    """End an approved request: what is still committed goes back, or expires if the program says so.

    The service does it when the time for claims is over. The caller (claims) knows that no claim is open any more.

    Raises RequestNotFound, Forbidden, RequestNotApproved, ApprovalVoid, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_SUBMIT if actor.is_partner else Permission.MDF_CLAIM_APPROVE, request)
    reservation = _reservation(actor, request)
    terms = programs.version(actor, reservation.program_version_id).terms
    before = request.state
    request.state = move(rules.MOVES, before, RequestState.CLOSED)
    if reservation.committed:
        rest = AccountKind.EXPIRED if terms.unused is Unused.EXPIRE else AccountKind.AVAILABLE
        ledger.post(
            actor,
            request.fund_id,
            [Posting(reservation.committed_account, history.account(request, rest), reservation.committed)],
            kind="request.closed",
            reference=f"request:{request.id}:closed",
            note=request.title,
        )
    history.note(actor, request, EventKind.CLOSED, note)
    audit.record(
        actor,
        "mdf.request.closed",
        request,
        before={"state": before},
        after={"state": request.state},
        unused=str(reservation.committed),
    )
    return request


def _reservation(actor: Actor, request: Request) -> ReservationView:
    if (
        request.state not in (RequestState.APPROVED, RequestState.CLOSED)
        or request.approved is None
        or request.program_version_id is None
        or request.share_percent is None
        or request.proof_list is None
        or request.claim_until_on is None
    ):
        raise RequestNotApproved
    if decide.hash_of(request) != request.approval_hash:
        raise ApprovalVoid
    return ReservationView(
        id=request.id,
        partner_id=request.partner_id,
        fund_id=request.fund_id,
        allocation_id=request.allocation_id,
        program_id=request.program_id,
        program_version_id=request.program_version_id,
        currency=request.currency,
        title=request.title,
        activity_type=request.activity_type,
        state=request.state,
        approved=request.approved,
        committed=history.standing(actor, request, AccountKind.COMMITTED),
        share_percent=request.share_percent,
        proof_list=request.proof_list,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        claim_until_on=request.claim_until_on,
        launch_id=request.launch_id,
        requested_by=queries.asked_by(request.id),
        approved_by=request.decided_by,
    )
