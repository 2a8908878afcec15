"""What a partner does with claims in the portal: start, fill in, attach, submit, answer, dispute, withdraw."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from assets.library.rules import AssetKind
from assets.uploads import service as uploads
from mdf.claims import queries, service
from mdf.claims.model import Claim
from mdf.claims.portal.views import beside, bp, names, run, show_page
from mdf.claims.rules import ClaimState
from mdf.claims.schemas import AddEvidence, EditClaim, ListClaims, OpenClaim, Say, SubmitClaim, UploadProof
from tcma.infra.db import reading
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, form_values, query_id, render, submit


@bp.get("/")
def index() -> str:
    """List claims; a partner also sees what can be claimed now."""
    actor = current_actor()
    asked = {name: value for name, value in request.args.items() if value}
    query = ListClaims(unknown="exclude").load(asked)
    with reading(actor):
        return render(
            "claims/index.html",
            page=queries.page_of(actor, **query),
            chosen=query["state"],
            states=list(ClaimState),
            names=names(actor),
            claimable=service.claimable(actor) if actor.is_partner else [],
        )


@bp.get("/new")
def new() -> str:
    """Show which requests can be claimed."""
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.MDF_CLAIM_EDIT)
        return render(
            "claims/new.html",
            claimable=service.claimable(actor),
            chosen=query_id("request_id"),
            form=FormState(),
        )


@bp.post("/")
def create() -> ResponseReturnValue:
    """Begin a claim, filled in with what the service knows."""
    return submit(
        OpenClaim(),
        lambda actor, data: service.open_claim(actor, data["request_id"]),
        then=lambda claim: url_for("claims.show", claim_id=claim.id),
    )


@bp.get("/<int:claim_id>")
def show(claim_id: int) -> str:
    """Show a claim to whoever may see it: its form to the partner, the desk to finance."""
    return show_page(claim_id, None)


@bp.post("/<int:claim_id>/edit")
def edit(claim_id: int) -> ResponseReturnValue:
    """Save what the partner filled in."""
    return run(claim_id, EditClaim(), service.edit, "Saved.", again=show_page)


@bp.post("/<int:claim_id>/proofs")
def upload(claim_id: int) -> ResponseReturnValue:
    """Check a file and attach it: a scan, or a picture from a phone."""
    authorize(current_actor(), Permission.MDF_CLAIM_EDIT)
    proof, sent = request.form.get("proof", ""), request.files.get("file")
    try:
        checked = None
        if sent is not None and sent.filename:
            checked = uploads.check(sent.stream.read(), sent.filename, AssetKind.PROOF)
            sent.stream.seek(0)
    except Invalid as refusal:
        return show_page(claim_id, FormState(form_values(), {f"proof.{proof}": [refusal.detail]})), 422

    def keep(actor: Actor, data: Mapping[str, Any]) -> Claim:
        if checked is None:  # the schema has refused a form without a file
            raise Invalid
        asset = uploads.receive(actor, checked)
        return service.attach(actor, claim_id, proof=data["proof"], asset_id=asset.id)

    return submit(
        UploadProof(),
        keep,
        then=lambda claim: url_for("claims.show", claim_id=claim.id, _anchor="proofs"),
        again=lambda form: show_page(claim_id, FormState(form.values, beside(form.errors, proof))),
        flash="Attached.",
    )


@bp.post("/<int:claim_id>/proofs/<int:proof_id>/detach")
def detach(claim_id: int, proof_id: int) -> ResponseReturnValue:
    """Take a file off a claim."""
    return submit(
        Empty(),
        lambda actor, _: service.detach(actor, claim_id, proof_id=proof_id),
        then=lambda claim: url_for("claims.show", claim_id=claim.id, _anchor="proofs"),
        again=lambda form: show_page(claim_id, form),
        flash="Taken off.",
    )


@bp.post("/<int:claim_id>/evidence")
def add_evidence(claim_id: int) -> ResponseReturnValue:
    """Add what the service knows about a launch."""
    return run(claim_id, AddEvidence(), service.add_evidence, "Added.", again=show_page)


@bp.post("/<int:claim_id>/submit")
def submit_claim(claim_id: int) -> ResponseReturnValue:
    """Give the claim to finance."""
    return run(claim_id, SubmitClaim(), service.submit, "Submitted. You will hear from us.", again=show_page)


@bp.post("/<int:claim_id>/answer")
def answer(claim_id: int) -> ResponseReturnValue:
    """Answer finance's question."""
    return run(claim_id, Say(), service.answer, "Your answer is with finance.", again=show_page)


@bp.post("/<int:claim_id>/dispute")
def dispute(claim_id: int) -> ResponseReturnValue:
    """Ask for a second reviewer."""
    return run(claim_id, Say(), service.dispute, "A second reviewer will look at it.", again=show_page)


@bp.post("/<int:claim_id>/withdraw")
def withdraw(claim_id: int) -> ResponseReturnValue:
    """Take the claim back."""
    return run(claim_id, SubmitClaim(), service.withdraw, "Withdrawn.", again=show_page)


@bp.get("/<int:claim_id>/statement.pdf")
def statement(claim_id: int) -> Response:
    """Give the statement of what was approved."""
    actor = current_actor()
    with reading(actor):
        facts = service.approval_facts(actor, claim_id)
    return file_response(service.render_statement(facts), "application/pdf", f"approval-claim-{claim_id}.pdf")
