"""The JSON door of claims."""

from typing import Any

from flask import Response

from mdf.claims import queries, service
from mdf.claims.schemas import (
    AddEvidence,
    ApproveClaim,
    AssessmentOut,
    AttachProof,
    ClaimOut,
    EditClaim,
    HistoryOut,
    ListClaims,
    OpenClaim,
    RejectClaim,
    Say,
    SubmitClaim,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, expected_revision, perform, perform_once, show, show_page
from tcma.web.fields import page_of
from tcma.web.files import file_response
from tcma.web.guards import current_actor

bp = api_blueprint("claims", __name__, "/mdf/claims")


@bp.route("", methods=["GET"])
@bp.arguments(ListClaims, location="query")
@bp.response(200, page_of(ClaimOut))
def index(query: dict[str, Any]) -> Response:
    """List claims, newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), ClaimOut)


@bp.route("", methods=["POST"])
@bp.arguments(OpenClaim)
@bp.response(201, ClaimOut)
def create(payload: dict[str, Any]) -> Response:
    """Begin a claim for an approved request, with everything filled in that the service knows."""
    return perform(lambda actor: service.open_claim(actor, payload["request_id"]), ClaimOut, status=201)


@bp.route("/<int:claim_id>", methods=["GET"])
@bp.response(200, ClaimOut)
def one(claim_id: int) -> Response:
    """Show a claim."""
    return show(lambda actor: queries.one(actor, claim_id), ClaimOut)


@bp.route("/<int:claim_id>", methods=["PATCH"])
@bp.arguments(EditClaim)
@bp.response(200, ClaimOut)
def edit(payload: dict[str, Any], claim_id: int) -> Response:
    """Change what a claim says; a change of anything that decides about money voids an approval."""
    revision = expected_revision()
    return perform(lambda actor: service.edit(actor, claim_id, expected_revision=revision, **payload), ClaimOut)


@bp.route("/<int:claim_id>/check", methods=["GET"])
@bp.response(200, AssessmentOut)
def check(claim_id: int) -> Response:
    """Hold a claim against every rule: what passes, what would, and the expected payout to the cent."""
    return show(lambda actor: service.assess(actor, claim_id), AssessmentOut)


@bp.route("/<int:claim_id>/events", methods=["GET"])
@bp.response(200, HistoryOut)
def events(claim_id: int) -> Response:
    """Tell what happened to a claim, oldest first."""
    return show(lambda actor: {"items": queries.one(actor, claim_id).events}, HistoryOut)


@bp.route("/<int:claim_id>/proofs", methods=["POST"])
@bp.arguments(AttachProof)
@bp.response(201, ClaimOut)
def attach(payload: dict[str, Any], claim_id: int) -> Response:
    """Attach an uploaded file (POST /assets with kind `proof`) as one of the proofs on the list."""
    return perform(lambda actor: service.attach(actor, claim_id, **payload), ClaimOut, status=201)


@bp.route("/<int:claim_id>/proofs/<int:proof_id>", methods=["DELETE"])
@bp.response(200, ClaimOut)
def detach(claim_id: int, proof_id: int) -> Response:
    """Take a file off a claim."""
    return perform(lambda actor: service.detach(actor, claim_id, proof_id=proof_id), ClaimOut)


@bp.route("/<int:claim_id>/evidence", methods=["POST"])
@bp.arguments(AddEvidence)
@bp.response(201, ClaimOut)
def add_evidence(payload: dict[str, Any], claim_id: int) -> Response:
    """Add what the service knows about one of the partner's launches; it stands in for proof of performance."""
    return perform(lambda actor: service.add_evidence(actor, claim_id, **payload), ClaimOut, status=201)


@bp.route("/<int:claim_id>/submit", methods=["POST"])
@bp.arguments(SubmitClaim)
@bp.response(200, ClaimOut)
def submit(payload: dict[str, Any], claim_id: int) -> Response:
    """Give a complete claim to finance; a rejected one again after it was put right."""
    return perform(lambda actor: service.submit(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/answer", methods=["POST"])
@bp.arguments(Say)
@bp.response(200, ClaimOut)
def answer(payload: dict[str, Any], claim_id: int) -> Response:
    """Answer finance's question."""
    return perform(lambda actor: service.answer(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/dispute", methods=["POST"])
@bp.arguments(Say)
@bp.response(200, ClaimOut)
def dispute(payload: dict[str, Any], claim_id: int) -> Response:
    """Ask for a second reviewer after a rejection."""
    return perform(lambda actor: service.dispute(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/withdraw", methods=["POST"])
@bp.arguments(SubmitClaim)
@bp.response(200, ClaimOut)
def withdraw(payload: dict[str, Any], claim_id: int) -> Response:
    """Take a claim back for good."""
    return perform(lambda actor: service.withdraw(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/ask", methods=["POST"])
@bp.arguments(Say)
@bp.response(200, ClaimOut)
def ask(payload: dict[str, Any], claim_id: int) -> Response:
    """Ask the partner something; the clock stands still until the answer."""
    return perform(lambda actor: service.ask(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/approve", methods=["POST"])
@bp.arguments(ApproveClaim)
@bp.response(200, ClaimOut)
def approve(payload: dict[str, Any], claim_id: int) -> Response:
    """Approve a claim in full, or in part with the reason. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.approve(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/reject", methods=["POST"])
@bp.arguments(RejectClaim)
@bp.response(200, ClaimOut)
def reject(payload: dict[str, Any], claim_id: int) -> Response:
    """Send a claim back with the reason and what would pass. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.reject(actor, claim_id, **payload), ClaimOut)


@bp.route("/<int:claim_id>/statement.pdf", methods=["GET"])
@bp.response(200, content_type="application/pdf")
def statement(claim_id: int) -> Response:
    """Give the statement of what was approved."""
    actor = current_actor()
    with reading(actor):
        facts = service.approval_facts(actor, claim_id)
    return file_response(service.render_statement(facts), "application/pdf", f"approval-claim-{claim_id}.pdf")
