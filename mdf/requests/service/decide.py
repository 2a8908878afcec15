"""Decide: the brand approves in full or in part, asks, rejects or declines; time decides what nobody did."""

from decimal import Decimal
from typing import Final

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Posting
from mdf.requests import queries, rules
from mdf.requests.errors import ApproverAskedForIt, BadApprovedAmount, NotOverYet
from mdf.requests.model import Request
from mdf.requests.rules import EventKind, RequestState
from mdf.requests.service import history, plan
from tcma.audit import service as audit
from tcma.infra.db import check_revision
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.days import add_business_days
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications

_REFUSALS: Final = {
    RequestState.REJECTED: (EventKind.REJECTED, "Please correct"),
    RequestState.DECLINED: (EventKind.DECLINED, "Declined"),
}
UNANSWERED: Final = "The question was not answered in time."
LAPSED: Final = "The activity is over and nothing was decided."


def approve(
    actor: Actor,
    request_id: int,
    *,
    amount: Money | None = None,
    note: str = "",
    expected_revision: int | None = None,
) -> Request:
    """Grant what was asked for, or a part of it; the money moves to `committed`, the rest is available again.

    Fixes the program's version, its share and its proof list for this request, and remembers a hash of the approval.

    Raises RequestNotFound, Forbidden, ApproverAskedForIt, StaleEdit, IllegalMove, BadApprovedAmount.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_APPROVE, request)
    _stand_apart(actor, request)
    check_revision(request, expected_revision)
    before = request.state
    state = move(rules.MOVES, before, RequestState.APPROVED)
    granted = _granted(amount, request.requested)
    version, checked = plan.assess(actor, request)
    activity = version.terms.activity(request.activity_type)
    if activity is None:
        raise AssertionError("assess() knows the activity")

    pending = history.account(request, AccountKind.PENDING)
    moves = [Posting(pending, history.account(request, AccountKind.COMMITTED), granted)]
    if granted < request.requested:
        available = history.account(request, AccountKind.AVAILABLE)
        moves.append(Posting(pending, available, request.requested - granted))
    request.state = state
    request.approved_minor = granted.minor
    request.program_version_id = version.id
    request.share_percent = activity.share_percent.quantize(Decimal("0.01"))
    request.proof_list = activity.proof_list()
    request.claim_until_on = checked.claim_until_on
    request.rule_results = [result.as_data() for result in checked.results]
    request.decided_at = clock.now()
    request.decided_by = actor.user_id
    request.approval_hash = hash_of(request)
    ledger.post(
        actor,
        request.fund_id,
        moves,
        kind="request.approved",
        reference=f"request:{request.id}:approved",
        note=request.title,
    )
    history.note(actor, request, EventKind.APPROVED, note)
    audit.record(
        actor,
        "mdf.request.approved",
        request,
        before={"state": before},
        after={"state": request.state, "approved": str(granted), "program_version_id": version.id},
        requested=str(request.requested),
        note=note,
    )
    _tell(actor, request, f"{granted} approved for {request.title}", note)
    return request


def reject(actor: Actor, request_id: int, *, reason: str, expected_revision: int | None = None) -> Request:
    """Send it back with the reason; the partner may correct it and ask again. What was held is available again.

    Raises RequestNotFound, Forbidden, ApproverAskedForIt, StaleEdit, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_APPROVE, request)
    _stand_apart(actor, request)
    check_revision(request, expected_revision)
    return _refuse(actor, request, RequestState.REJECTED, reason=reason)


def decline(actor: Actor, request_id: int, *, reason: str, expected_revision: int | None = None) -> Request:
    """Refuse for good, with the reason. What was held is available again.

    Raises RequestNotFound, Forbidden, ApproverAskedForIt, StaleEdit, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_APPROVE, request)
    _stand_apart(actor, request)
    check_revision(request, expected_revision)
    return _refuse(actor, request, RequestState.DECLINED, reason=reason)


def ask(actor: Actor, request_id: int, *, question: str) -> Request:
    """Ask the partner something; the money stays held until the answer, or until the time for one is over.

    Raises RequestNotFound, Forbidden, ApproverAskedForIt, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_APPROVE, request)
    _stand_apart(actor, request)
    before = request.state
    request.state = move(rules.MOVES, before, RequestState.INFO_REQUESTED)
    terms = plan.assess(actor, request)[0].terms
    request.answer_by_on = add_business_days(clock.today(), terms.answer_within_business_days)
    history.note(actor, request, EventKind.ASKED, question)
    audit.record(
        actor,
        "mdf.request.asked",
        request,
        before={"state": before},
        after={"state": request.state},
        question=question,
    )
    _tell(actor, request, f"A question about {request.title}", question)
    return request


def overdue(actor: Actor) -> list[int]:
    """Name the undecided requests whose activity is over, or whose question was not answered in time."""
    return queries.overdue(actor, rules.LAPSING, on=clock.today())


def expire(actor: Actor, request_id: int) -> Request:
    """End an undecided request whose activity is over, or whose question was not answered in time.

    What was held is available again. Twice is like once.

    Raises RequestNotFound, Forbidden, NotOverYet, IllegalMove.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_APPROVE, request)
    before = request.state
    if before is RequestState.EXPIRED:
        return request
    unanswered = before is RequestState.INFO_REQUESTED and rules.is_past(request.answer_by_on, clock.today())
    if not unanswered and request.ends_on >= clock.today():
        raise NotOverYet
    why = UNANSWERED if unanswered else LAPSED
    request.state = move(rules.MOVES, before, RequestState.EXPIRED)
    history.hold(actor, request, Money.zero(request.currency))
    history.note(actor, request, EventKind.EXPIRED, why)
    audit.record(
        actor, "mdf.request.expired", request, before={"state": before}, after={"state": request.state}, why=why
    )
    _tell(actor, request, f"Expired: {request.title}", why)
    return request


def hash_of(request: Request) -> bytes:
    """Hash what the approval of a request is about."""
    if request.program_version_id is None or request.approved_minor is None or request.share_percent is None:
        raise ValueError("only an approved request has an approval hash")
    return rules.approval_hash(
        request_id=request.id,
        partner_id=request.partner_id,
        allocation_id=request.allocation_id,
        program_version_id=request.program_version_id,
        activity_type=request.activity_type,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        currency=request.currency,
        lines=[(line.kind, line.description, line.amount_minor) for line in request.lines],
        requested_minor=request.requested_minor,
        approved_minor=request.approved_minor,
        share_percent=request.share_percent,
        proof_list=request.proof_list or {},
    )


def _stand_apart(actor: Actor, request: Request) -> None:
    if actor.user_id is not None and actor.user_id in queries.asked_by(request.id):
        raise ApproverAskedForIt


def _granted(amount: Money | None, requested: Money) -> Money:
    if amount is None:
        return requested
    if amount.currency != requested.currency:
        raise BadApprovedAmount(errors={"amount": [f"Write it in {requested.currency}, not in {amount.currency}."]})
    if not 0 < amount.minor <= requested.minor:
        raise BadApprovedAmount(errors={"amount": [f"Write an amount above zero and up to {requested}."]})
    return amount


def _refuse(actor: Actor, request: Request, target: RequestState, *, reason: str) -> Request:
    kind, heading = _REFUSALS[target]
    before = request.state
    request.state = move(rules.MOVES, before, target)
    history.hold(actor, request, Money.zero(request.currency))
    request.decided_at = clock.now()
    request.decided_by = actor.user_id
    history.note(actor, request, kind, reason)
    audit.record(
        actor, f"mdf.request.{kind}", request, before={"state": before}, after={"state": request.state}, reason=reason
    )
    _tell(actor, request, f"{heading}: {request.title}", reason)
    return request


def _tell(actor: Actor, request: Request, title: str, body: str) -> None:
    notifications.tell_partner(
        actor,
        request.partner_id,
        kind=f"mdf.request.{request.state}",
        title=title,
        body=body,
        link=f"/mdf/requests/{request.id}",
    )
