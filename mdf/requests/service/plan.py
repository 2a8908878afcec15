"""Plan: draft a request, change it, and see what the rules say before anybody else does."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from campaigns.launches import service as launches
from mdf.funds import service as funds
from mdf.ledger.service import AccountKind
from mdf.programs import service as programs
from mdf.programs.rules import check_reach
from mdf.programs.service import ActivityType, ProgramVersionView
from mdf.requests import queries, rules
from mdf.requests.errors import BadDates, BadLine, LaunchNotFound, RequestNotEditable, UnknownActivity
from mdf.requests.model import Request, RequestLine
from mdf.requests.rules import EventKind, Plan, PreCheck, RequestState
from mdf.requests.service import history
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.days import add_business_days
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission

# One cost line as it comes in: {"kind", "description", "amount"}.
Line = Mapping[str, Any]


def draft(
    actor: Actor,
    *,
    allocation_id: int,
    activity_type: str,
    title: str,
    starts_on: date,
    ends_on: date,
    lines: Sequence[Line] = (),
    description: str = "",
) -> Request:
    """Begin a request against an allocation. A channel manager may do it on behalf of a partner.

    Raises AllocationNotFound, Forbidden, NoVersionInForce, UnknownActivity, BadDates, DateTooFar, BadLine.
    """
    allocation = funds.allocation(actor, allocation_id)
    authorize(actor, Permission.MDF_REQUEST_EDIT, allocation)
    request = Request(
        partner_id=allocation.partner_id,
        allocation_id=allocation.id,
        fund_id=allocation.fund_id,
        program_id=allocation.program_id,
        currency=allocation.currency,
        state=RequestState.DRAFT,
        created_by=actor.user_id,
    )
    _write(
        actor,
        request,
        activity_type=activity_type,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        lines=lines,
        description=description,
    )
    session.add(request)
    session.flush()
    history.note(actor, request, EventKind.DRAFTED)
    audit.record(actor, "mdf.request.drafted", request, after=as_data(request))
    return request


def edit(actor: Actor, request_id: int, *, expected_revision: int | None = None, **changes: Any) -> Request:
    """Change a request that is not decided, while it is the partner's turn; what is not named stays.

    Raises RequestNotFound, Forbidden, RequestNotEditable, StaleEdit, UnknownActivity, BadDates, DateTooFar, BadLine.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_EDIT, request)
    if request.state not in rules.EDITABLE:
        raise RequestNotEditable(f"This request is {request.state} and cannot be changed now.")
    check_revision(request, expected_revision)
    before = as_data(request)
    lines = [{"kind": line.kind, "description": line.description, "amount": line.amount} for line in request.lines]
    kept = {
        "activity_type": request.activity_type,
        "title": request.title,
        "starts_on": request.starts_on,
        "ends_on": request.ends_on,
        "lines": lines,
        "description": request.description,
    }
    _write(actor, request, **{**kept, **changes})
    request.updated_at = clock.now()  # so that a change of the lines alone counts as a revision too
    session.flush()
    history.note(actor, request, EventKind.EDITED)
    audit.record(actor, "mdf.request.edited", request, before=before, after=as_data(request))
    return request


def link_launch(actor: Actor, request_id: int, *, launch_id: int) -> Request:
    """Say which launch is the planned activity, so that its results become evidence; possible until it is closed.

    Raises RequestNotFound, Forbidden, LaunchNotFound, RequestNotEditable.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_EDIT, request)
    launch = launches.one(actor, launch_id)
    if launch.partner_id != request.partner_id:
        raise LaunchNotFound
    if request.state not in rules.ACTIONS[rules.Action.LINK][1]:
        raise RequestNotEditable(f"This request is {request.state} and cannot be changed now.")
    before = request.launch_id
    request.launch_id = launch.id
    history.note(actor, request, EventKind.LINKED, launch.name)
    audit.record(
        actor, "mdf.request.linked", request, before={"launch_id": before}, after={"launch_id": request.launch_id}
    )
    return request


def precheck(actor: Actor, request_id: int) -> PreCheck:
    """Hold a request against the program's rules, as both sides see them. Raises RequestNotFound, NoVersionInForce."""
    return assess(actor, queries.one(actor, request_id))[1]


def assess(actor: Actor, request: Request) -> tuple[ProgramVersionView, PreCheck]:
    """Hold a request against the rules that were in force on the day it was asked.

    Raises NoVersionInForce, UnknownActivity.
    """
    if request.program_version_id is not None:
        version = programs.version(actor, request.program_version_id)
    else:
        version = programs.in_force(actor, request.program_id, _asked_on(request))
    activity = _activity(version, request.activity_type)
    plan = Plan(
        activity_type=request.activity_type,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        lines=[(line.kind, line.amount) for line in request.lines],
        currency=request.currency,
    )
    allocation = funds.allocation(actor, request.allocation_id)
    # What the request itself holds is there for it.
    held = [history.standing(actor, request, kind) for kind in (AccountKind.PENDING, AccountKind.COMMITTED)]
    requested = rules.reimbursed(plan.cost, activity)
    on = _asked_on(request)
    return version, PreCheck(
        results=rules.check_plan(
            plan,
            version.terms,
            on=on,
            period=(allocation.period_start_on, allocation.period_end_on),
            available=allocation.available + held[0] + held[1],
        ),
        cost=plan.cost,
        requested=requested,
        share_percent=activity.share_percent,
        line_shares=rules.line_shares(requested, [line.amount for line in request.lines]),
        decide_by_on=add_business_days(on, version.terms.decide_request_business_days),
        claim_until_on=rules.claim_until(request.ends_on, version.terms.claim_within_days),
        program_version_id=version.id,
    )


def as_data(request: Request) -> dict[str, Any]:
    """Write down what a person can change, for the audit trail."""
    return {
        "state": request.state,
        "activity_type": request.activity_type,
        "title": request.title,
        "description": request.description,
        "starts_on": request.starts_on.isoformat(),
        "ends_on": request.ends_on.isoformat(),
        "lines": [[line.kind, line.description, str(line.amount)] for line in request.lines],
        "requested": str(request.requested),
    }


def _asked_on(request: Request) -> date:
    # A question and its answer do not make a request late: the day on which it was submitted counts.
    asked = rules.HOLDING | {RequestState.APPROVED, RequestState.CLOSED}
    if request.submitted_at is not None and request.state in asked:
        return request.submitted_at.date()
    return clock.today()


def _activity(version: ProgramVersionView, key: str) -> ActivityType:
    activity = version.terms.activity(key)
    if activity is None:
        known = ", ".join(activity.key for activity in version.terms.activity_types)
        raise UnknownActivity(errors={"activity_type": [f"{UnknownActivity.message} It knows: {known}."]})
    return activity


def _write(
    actor: Actor,
    request: Request,
    *,
    activity_type: str,
    title: str,
    starts_on: date,
    ends_on: date,
    lines: Sequence[Line],
    description: str,
) -> None:
    if ends_on < starts_on:
        raise BadDates(errors={"ends_on": [BadDates.message]})
    check_reach(clock.today(), {"starts_on": starts_on, "ends_on": ends_on})
    version = programs.in_force(actor, request.program_id, clock.today())
    activity = _activity(version, activity_type)
    amounts = _amounts(lines, request.currency)
    request.activity_type = activity_type
    request.title = title
    request.description = description
    request.starts_on = starts_on
    request.ends_on = ends_on
    request.lines = [
        RequestLine(
            partner_id=request.partner_id,
            position=position,
            kind=line.get("kind", ""),
            description=line["description"],
            amount_minor=amount.minor,
            currency=request.currency,
        )
        for position, (line, amount) in enumerate(zip(lines, amounts, strict=True), start=1)
    ]
    cost = sum((amount.minor for amount in amounts), 0)
    request.cost_minor = cost
    request.requested_minor = rules.reimbursed(Money(cost, request.currency), activity).minor


def _amounts(lines: Sequence[Line], currency: str) -> list[Money]:
    errors: dict[str, list[str]] = {}
    for position, line in enumerate(lines):
        amount: Money = line["amount"]
        if amount.currency != currency:
            errors[f"lines.{position}.amount"] = [f"This fund is in {currency}, not in {amount.currency}."]
        elif amount.minor <= 0:
            errors[f"lines.{position}.amount"] = ["Write an amount above zero."]
    if errors:
        raise BadLine(errors=errors)
    return [line["amount"] for line in lines]
