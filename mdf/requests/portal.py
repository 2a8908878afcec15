"""The pages of requests: the partner plans and asks, the channel manager decides; both read the same history."""

from collections.abc import Callable
from typing import Any

from flask import request as http
from flask import url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from campaigns.launches import service as launches
from mdf.funds import service as funds
from mdf.programs import service as programs
from mdf.requests import queries, rules, service
from mdf.requests.model import Request
from mdf.requests.rules import EventKind, RequestState
from mdf.requests.schemas import (
    AnswerBrand,
    ApproveRequestForm,
    AskPartner,
    DraftRequestForm,
    EditRequestForm,
    LinkLaunch,
    RefuseRequestForm,
    RequestsQuery,
    SubmitRequestForm,
    WithdrawRequest,
)
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Conflict
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "requests",
    __name__,
    "/mdf/requests",
    nav=NavItem("Requests", "requests.index", Permission.MDF_REQUEST_READ, section="Money", position=20),
)

# Rows for cost lines that the form offers beyond those that are filled.
SPARE_LINES = 3
SAID = {
    EventKind.DRAFTED: "Draft begun",
    EventKind.EDITED: "Changed",
    EventKind.SUBMITTED: "Submitted; the money is held",
    EventKind.ASKED: "Question from the brand",
    EventKind.ANSWERED: "Answer from the partner",
    EventKind.APPROVED: "Approved",
    EventKind.REJECTED: "Sent back for correction",
    EventKind.DECLINED: "Declined",
    EventKind.WITHDRAWN: "Withdrawn",
    EventKind.EXPIRED: "Expired",
    EventKind.CLOSED: "Closed",
    EventKind.LINKED: "Linked to a launch",
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """List requests; those that wait for a decision are one press away."""
    actor = current_actor()
    query = RequestsQuery(unknown="exclude").load({name: value for name, value in http.args.items() if value})
    with reading(actor):
        found = queries.page_of(actor, **query)
        partners = {partner.id: partner.trade_name for partner in accounts.partners(actor)}
        wallet = funds.wallet(actor, actor.partner_id) if actor.partner_id is not None else []
        return render(
            "requests/index.html",
            requests=found,
            query=query,
            states=list(RequestState),
            partners=partners,
            wallet=wallet,
        )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Ask which allocation to ask from, and then what is planned."""
    actor = current_actor()
    authorize(actor, Permission.MDF_REQUEST_EDIT)
    return _plan_page(actor, None, FormState({"allocation_id": http.args.get("allocation_id", "")}))


@bp.post("/new")
def draft() -> ResponseReturnValue:
    """Begin a request."""
    return submit(
        DraftRequestForm(),
        lambda actor, data: service.draft(actor, **data),
        then=_where,
        again=lambda form: _plan_page(current_actor(), None, form),
        flash="Draft saved. Look at the rules below, then submit it.",
    )


@bp.get("/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """Show a request, its rules, its history, and what the reader can do."""
    return _show(request_id, FormState())


@bp.get("/<int:request_id>/edit")
def edit(request_id: int) -> ResponseReturnValue:
    """Show the plan as a form."""
    actor = current_actor()
    with reading(actor):
        found = queries.one(actor, request_id)
        authorize(actor, Permission.MDF_REQUEST_EDIT, found)
        values = _values(found)
    return _plan_page(actor, request_id, FormState(values))


@bp.post("/<int:request_id>/edit")
def save(request_id: int) -> ResponseReturnValue:
    """Save the plan."""
    return submit(
        EditRequestForm(),
        lambda actor, data: service.edit(actor, request_id, **data),
        then=_where,
        again=lambda form: _plan_page(current_actor(), request_id, form),
        flash="Saved.",
    )


def _verb(request_id: int, schema: Schema, operation: Callable[..., Request], flash: str) -> ResponseReturnValue:
    return submit(
        schema,
        lambda actor, data: operation(actor, request_id, **data),
        then=_where,
        again=lambda form: _show(request_id, form),
        flash=flash,
    )


@bp.post("/<int:request_id>/submit")
def submit_request(request_id: int) -> ResponseReturnValue:
    """Ask for the money."""
    return _verb(request_id, SubmitRequestForm(), service.submit, "Submitted. The money is held for you.")


@bp.post("/<int:request_id>/launch")
def link_launch(request_id: int) -> ResponseReturnValue:
    """Say which launch is the planned activity."""
    return _verb(request_id, LinkLaunch(), service.link_launch, "Linked. Its results are evidence for the claim.")


@bp.post("/<int:request_id>/answer")
def answer(request_id: int) -> ResponseReturnValue:
    """Answer the question."""
    return _verb(request_id, AnswerBrand(), service.answer, "Answer sent.")


@bp.post("/<int:request_id>/withdraw")
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take the request back."""
    return _verb(request_id, WithdrawRequest(), service.withdraw, "Withdrawn. The money is available again.")


@bp.post("/<int:request_id>/approve")
def approve(request_id: int) -> ResponseReturnValue:
    """Grant it, in full or in part."""
    return _verb(request_id, ApproveRequestForm(), service.approve, "Approved. The partner has been told.")


@bp.post("/<int:request_id>/reject")
def reject(request_id: int) -> ResponseReturnValue:
    """Send it back for correction."""
    return _verb(request_id, RefuseRequestForm(), service.reject, "Sent back. The partner has been told why.")


@bp.post("/<int:request_id>/decline")
def decline(request_id: int) -> ResponseReturnValue:
    """Refuse it for good."""
    return _verb(request_id, RefuseRequestForm(), service.decline, "Declined. The partner has been told why.")


@bp.post("/<int:request_id>/ask")
def ask(request_id: int) -> ResponseReturnValue:
    """Ask the partner something."""
    return _verb(request_id, AskPartner(), service.ask, "Question sent.")


def _where(found: Request) -> str:
    return url_for("requests.show", request_id=found.id)


def _show(request_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        found = queries.one(actor, request_id)
        checked = _checked(actor, found)
        version_id = checked.program_version_id if checked else found.program_version_id
        terms = programs.version(actor, version_id).terms if version_id else None
        activity = terms.activity(found.activity_type) if terms else None
        return render(
            "requests/show.html",
            request_=found,
            form=form,
            checked=checked,
            results=[result.as_data() for result in checked.results] if checked else found.rule_results or [],
            shares=checked.line_shares if checked else (),
            allocation=funds.allocation(actor, found.allocation_id),
            partner=accounts.partner_profile(actor, found.partner_id),
            history=_history(actor, found),
            activity=activity,
            kinds={item.key: item.name for item in activity.cost_kinds} if activity else {},
            took_part=actor.user_id in queries.asked_by(found.id),
            may=rules.may(actor, found.state),
            launches=_launches(actor, found),
        )


def _checked(actor: Actor, found: Request) -> service.PreCheck | None:
    """Hold an open request against the rules; what is decided shows the results that were kept with the decision."""
    if found.state not in rules.LAPSING:
        return None
    try:
        return service.precheck(actor, found.id)
    except Conflict:
        return None  # the program has no rules in force today


def _launches(actor: Actor, found: Request) -> list[tuple[int, str]]:
    """Offer the partner's launches as the planned activity, while that can be said."""
    if not rules.may(actor, found.state)["link"]:
        return []
    own = [launch for launch in launches.latest(actor, limit=50) if launch.partner_id == found.partner_id]
    return [(launch.id, launch.name) for launch in own]


def _history(actor: Actor, found: Request) -> list[dict[str, Any]]:
    return [
        {"title": SAID[event.kind], "text": event.note, "at": event.at, "actor": event.by_name}
        for event in reversed(service.events(actor, found.id))
    ]


def _plan_page(actor: Actor, request_id: int | None, form: FormState) -> str:
    with reading(actor):
        choices = _allocations(actor)
        chosen = str(form.values.get("allocation_id") or "")
        if request_id is not None:
            found = queries.one(actor, request_id)
            chosen = str(found.allocation_id)
        elif not chosen and len(choices) == 1:
            chosen = str(choices[0].id)
        allocation = next((one for one in choices if str(one.id) == chosen), None)
        terms = None
        if allocation is not None:
            try:
                terms = programs.in_force(actor, allocation.program_id, clock.today()).terms
            except Conflict:
                terms = None
        return render(
            "requests/plan.html",
            form=form,
            request_id=request_id,
            choices=choices,
            allocation=allocation,
            terms=terms,
            rows=range(_filled(form) + SPARE_LINES),
        )


def _allocations(actor: Actor) -> list[funds.AllocationView]:
    """Offer what can be asked from: the partner's own, or everybody's for whoever asks on their behalf."""
    if actor.partner_id is not None:
        return funds.wallet(actor, actor.partner_id)
    return funds.allocations_page(actor, limit=200).items


def _filled(form: FormState) -> int:
    numbers = [name.split(".")[1] for name in form.values if name.startswith("lines.")]
    return max((int(number) + 1 for number in numbers if number.isdecimal() and len(number) < 3), default=0)


def _values(found: Request) -> dict[str, Any]:
    values: dict[str, Any] = {
        "allocation_id": found.allocation_id,
        "activity_type": found.activity_type,
        "title": found.title,
        "description": found.description,
        "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(),
        "revision": found.revision,
    }
    for number, line in enumerate(found.lines):
        values[f"lines.{number}.kind"] = line.kind
        values[f"lines.{number}.description"] = line.description
        values[f"lines.{number}.amount.amount"] = str(line.amount.decimal)
    return values
