"""The API door of requests."""

from typing import Any

from flask import Response

from mdf.requests import queries, service
from mdf.requests.schemas import (
    AnswerBrand,
    ApproveSeen,
    AskPartner,
    DraftRequest,
    EditRequest,
    EventOut,
    LinkLaunch,
    PreCheckOut,
    RefuseRequest,
    RequestOut,
    RequestsQuery,
    WithdrawRequest,
)
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Invalid
from tcma.web.api import api_blueprint, expected_revision, perform, perform_once, show, show_page
from tcma.web.fields import Empty, page_of

bp = api_blueprint("requests", __name__, "/mdf/requests")


@bp.route("/", methods=["GET"])
@bp.arguments(RequestsQuery, location="query")
@bp.response(200, page_of(RequestOut))
def list_requests(query: dict[str, Any]) -> Response:
    """List requests; a partner sees its own."""
    return show_page(lambda actor: queries.page_of(actor, **query), RequestOut)


@bp.route("/", methods=["POST"])
@bp.arguments(DraftRequest)
@bp.response(201, RequestOut)
def draft_request(payload: dict[str, Any]) -> Response:
    """Begin a request against an allocation."""
    return perform(lambda actor: service.draft(actor, **payload), RequestOut, status=201)


@bp.route("/<int:request_id>", methods=["GET"])
@bp.response(200, RequestOut)
def show_request(request_id: int) -> Response:
    """Show a request."""
    return show(lambda actor: queries.one(actor, request_id), RequestOut)


@bp.route("/<int:request_id>", methods=["PATCH"])
@bp.arguments(EditRequest)
@bp.response(200, RequestOut)
def edit_request(payload: dict[str, Any], request_id: int) -> Response:
    """Change what is planned; If-Match refuses a stale edit."""
    expected = expected_revision()
    return perform(lambda actor: service.edit(actor, request_id, expected_revision=expected, **payload), RequestOut)


@bp.route("/<int:request_id>/rules", methods=["GET"])
@bp.response(200, PreCheckOut)
def show_rules(request_id: int) -> Response:
    """Show every rule of the program with pass or fail, why, and what would pass; and the expected payout."""
    return show(lambda actor: service.precheck(actor, request_id), PreCheckOut)


@bp.route("/<int:request_id>/events", methods=["GET"])
@bp.response(200, page_of(EventOut))
def list_events(request_id: int) -> Response:
    """Tell what happened to a request, oldest first."""

    def read(actor: Actor) -> Page[Any]:
        return Page(service.events(actor, request_id), None)

    return show_page(read, EventOut)


@bp.route("/<int:request_id>/launch", methods=["POST"])
@bp.arguments(LinkLaunch)
@bp.response(200, RequestOut)
def link_launch(payload: dict[str, Any], request_id: int) -> Response:
    """Say which launch is the planned activity, so that its results become evidence."""
    return perform(lambda actor: service.link_launch(actor, request_id, **payload), RequestOut)


@bp.route("/<int:request_id>/submit", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, RequestOut)
def submit_request(_payload: dict[str, Any], request_id: int) -> Response:
    """Ask for the money: it is held as pending. If-Match refuses what was not looked at."""
    expected = expected_revision()
    return perform_once(lambda actor: service.submit(actor, request_id, expected_revision=expected), RequestOut)


@bp.route("/<int:request_id>/approve", methods=["POST"])
@bp.arguments(ApproveSeen)
@bp.response(200, RequestOut)
def approve_request(payload: dict[str, Any], request_id: int) -> Response:
    """Grant all that was asked for, or a part; nobody approves what they took part in asking for.

    Names the revision that was looked at, in `seen` or in If-Match.
    """
    seen = payload.pop("seen")
    expected = expected_revision() if seen is None else seen

    def approve(actor: Actor) -> Any:
        if expected is None:
            queries.one(actor, request_id)  # what is not yours to see is not there, whatever you send
            sentence = "Send the revision of the request that you looked at, here or in If-Match."
            raise Invalid(sentence, errors={"seen": [sentence]})
        return service.approve(actor, request_id, expected_revision=expected, **payload)

    return perform_once(approve, RequestOut)


@bp.route("/<int:request_id>/reject", methods=["POST"])
@bp.arguments(RefuseRequest)
@bp.response(200, RequestOut)
def reject_request(payload: dict[str, Any], request_id: int) -> Response:
    """Send it back with the reason; the partner may correct it."""
    expected = expected_revision()
    return perform_once(
        lambda actor: service.reject(actor, request_id, expected_revision=expected, **payload), RequestOut
    )


@bp.route("/<int:request_id>/decline", methods=["POST"])
@bp.arguments(RefuseRequest)
@bp.response(200, RequestOut)
def decline_request(payload: dict[str, Any], request_id: int) -> Response:
    """Refuse for good, with the reason."""
    expected = expected_revision()
    return perform_once(
        lambda actor: service.decline(actor, request_id, expected_revision=expected, **payload), RequestOut
    )


@bp.route("/<int:request_id>/ask", methods=["POST"])
@bp.arguments(AskPartner)
@bp.response(200, RequestOut)
def ask_partner(payload: dict[str, Any], request_id: int) -> Response:
    """Ask the partner something; the money stays held."""
    return perform(lambda actor: service.ask(actor, request_id, **payload), RequestOut)


@bp.route("/<int:request_id>/answer", methods=["POST"])
@bp.arguments(AnswerBrand)
@bp.response(200, RequestOut)
def answer_brand(payload: dict[str, Any], request_id: int) -> Response:
    """Answer the open question; what was changed meanwhile is held anew."""
    return perform_once(lambda actor: service.answer(actor, request_id, **payload), RequestOut)


@bp.route("/<int:request_id>/withdraw", methods=["POST"])
@bp.arguments(WithdrawRequest)
@bp.response(200, RequestOut)
def withdraw_request(payload: dict[str, Any], request_id: int) -> Response:
    """Take it back; what was held is available again."""
    return perform_once(lambda actor: service.withdraw(actor, request_id, **payload), RequestOut)
