"""The verbs of requests."""

from datetime import date

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Posting
from mdf.programs import service as programs
from mdf.programs.rules import Unused
from mdf.requests import queries, rules
from mdf.requests.errors import RequestNotApproved
from mdf.requests.model import Request, RequestEvent
from mdf.requests.rules import EventKind, RequestState, ReservationView
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.states import move

__all__ = ["RequestState", "ReservationView", "close", "for_claim", "lock_for_claim", "past_claiming"]


def for_claim(actor: Actor, request_id: int) -> ReservationView:
    """Show the reservation that claims are made against. Raises RequestNotFound, RequestNotApproved."""
    return _reservation(actor, queries.one(actor, request_id))


def lock_for_claim(actor: Actor, request_id: int) -> ReservationView:
    """Show the reservation and hold it until the commit, so that claims for it are decided one after the other.

    Lock the request before the claim: everybody locks in this order.

    Raises RequestNotFound, RequestNotApproved.
    """
    return _reservation(actor, queries.one_for_update(actor, request_id))


def past_claiming(actor: Actor, *, on: date) -> list[int]:
    """Name the approved requests whose time for claims is over on a day; whoever knows the claims closes them."""
    return queries.past_claiming(actor, on=on)


def close(actor: Actor, request_id: int, *, note: str = "") -> Request:
    """End an approved request: what is still committed goes back, or expires if the program says so.

    The caller (claims) knows that no claim is open any more, and has authorized.

    Raises RequestNotFound, RequestNotApproved, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    reservation = _reservation(actor, request)
    terms = programs.version(actor, reservation.program_version_id).terms
    before = request.state
    request.state = move(rules.MOVES, request.state, RequestState.CLOSED)
    if reservation.committed:
        rest = AccountKind.EXPIRED if terms.unused is Unused.EXPIRE else AccountKind.AVAILABLE
        target = ledger.of_allocation(
            request.fund_id, rest, partner_id=request.partner_id, allocation_id=request.allocation_id
        )
        ledger.post(
            actor,
            request.fund_id,
            [Posting(reservation.committed_account, target, reservation.committed)],
            kind="request.closed",
            reference=f"request:{request.id}:closed",
        )
    _note(actor, request, EventKind.CLOSED, note)
    audit.record(
        actor, "mdf.request.closed", request, before={"state": before}, after={"state": request.state}
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
    committed = ledger.balance(
        actor,
        ledger.of_request(
            request.fund_id,
            AccountKind.COMMITTED,
            partner_id=request.partner_id,
            allocation_id=request.allocation_id,
            request_id=request.id,
        ),
        request.currency,
    )
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
        committed=committed,
        share_percent=request.share_percent,
        proof_list=request.proof_list,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        claim_until_on=request.claim_until_on,
        launch_id=request.launch_id,
        requested_by=queries.asked_by(request.id),
        approved_by=request.decided_by,
    )


def _note(actor: Actor, request: Request, kind: EventKind, note: str) -> None:
    """Write into the case's own history, which both sides read."""
    session.add(
        RequestEvent(
            partner_id=request.partner_id,
            request_id=request.id,
            kind=kind,
            state=request.state,
            by_user_id=actor.user_id,
            by_name=actor.name,
            note=note,
            at=clock.now(),
        )
    )
