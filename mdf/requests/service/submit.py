"""Submit: ask for the money, answer questions, or take it back."""

from mdf.requests import queries, rules
from mdf.requests.errors import NothingAsked, RulesNotMet
from mdf.requests.model import Request
from mdf.requests.rules import EventKind, RequestState
from mdf.requests.service import history, plan
from tcma.audit import service as audit
from tcma.infra.db import check_revision
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import move
from tcma.notifications import service as notifications


def submit(actor: Actor, request_id: int, *, expected_revision: int | None = None) -> Request:
    """Ask: the rules are checked, and the money moves to `pending`, so that nothing else can use it.

    Raises RequestNotFound, Forbidden, StaleEdit, IllegalMove, RulesNotMet, NotEnoughMoney.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_SUBMIT, request)
    check_revision(request, expected_revision)
    before = request.state
    state = move(rules.MOVES, before, RequestState.SUBMITTED)
    if before is RequestState.INFO_REQUESTED:
        return answer(actor, request_id, answer="")
    _hold_what_the_rules_grant(actor, request)
    request.state = state
    request.submitted_at = clock.now()
    request.submitted_by = actor.user_id
    history.note(actor, request, EventKind.SUBMITTED)
    audit.record(
        actor,
        "mdf.request.submitted",
        request,
        before={"state": before},
        after={"state": request.state, "requested": str(request.requested)},
    )
    notifications.tell_role(
        actor,
        Role.CHANNEL_MANAGER,
        kind="mdf.request.submitted",
        title=f"Request to decide: {request.title}",
        body=f"{request.requested} asked for.",
        link=f"/mdf/requests/{request.id}",
    )
    return request


def answer(actor: Actor, request_id: int, *, answer: str) -> Request:
    """Answer the open question; the request, with what was changed meanwhile, goes back to the brand.

    Raises RequestNotFound, Forbidden, IllegalMove, RulesNotMet, NotEnoughMoney.
    """
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_SUBMIT, request)
    before = request.state
    if before is not RequestState.INFO_REQUESTED:
        raise NothingAsked
    _hold_what_the_rules_grant(actor, request)
    request.state = move(rules.MOVES, before, RequestState.SUBMITTED)
    request.answer_by_on = None
    history.note(actor, request, EventKind.ANSWERED, answer)
    audit.record(
        actor,
        "mdf.request.answered",
        request,
        before={"state": before},
        after={"state": request.state, "requested": str(request.requested)},
        answer=answer,
    )
    notifications.tell_role(
        actor,
        Role.CHANNEL_MANAGER,
        kind="mdf.request.answered",
        title=f"Answer received: {request.title}",
        body=answer,
        link=f"/mdf/requests/{request.id}",
    )
    return request


def withdraw(actor: Actor, request_id: int, *, note: str = "") -> Request:
    """Take the request back; what was held is available again. Raises RequestNotFound, Forbidden, IllegalMove."""
    request = queries.one_for_update(actor, request_id)
    authorize(actor, Permission.MDF_REQUEST_SUBMIT, request)
    before = request.state
    request.state = move(rules.MOVES, before, RequestState.WITHDRAWN)
    history.hold(actor, request, Money.zero(request.currency))
    history.note(actor, request, EventKind.WITHDRAWN, note)
    audit.record(
        actor, "mdf.request.withdrawn", request, before={"state": before}, after={"state": request.state}, note=note
    )
    return request


def _hold_what_the_rules_grant(actor: Actor, request: Request) -> None:
    _, checked = plan.assess(actor, request)
    if not checked.passed:
        raise RulesNotMet(errors=checked.errors())
    request.requested_minor = checked.requested.minor
    request.cost_minor = checked.cost.minor
    request.rule_results = [result.as_data() for result in checked.results]
    history.hold(actor, request, checked.requested)
