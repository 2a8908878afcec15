"""Finance's review desk: what waits, a claim beside its documents, and the decision."""

from flask.typing import ResponseReturnValue

from mdf.claims import queries, service
from mdf.claims.portal.views import bp, names, review_page, run
from mdf.claims.rules import ClaimState
from mdf.claims.schemas import ApproveClaim, RejectClaim, Say
from tcma.infra.db import reading
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import render


@bp.get("/desk")
def desk() -> str:
    """List what finance has to decide about, the longest waiting first."""
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.MDF_CLAIM_APPROVE)
        return render(
            "claims/desk.html",
            claims=queries.queue(actor),
            asked=queries.page_of(actor, state=ClaimState.INFO_REQUESTED).items,
            counts=queries.counts(actor),
            names=names(actor),
        )


@bp.get("/<int:claim_id>/review")
def review(claim_id: int) -> str:
    """Show a claim beside its documents, with everything that decides about it."""
    return review_page(claim_id, None)


@bp.post("/<int:claim_id>/ask")
def ask(claim_id: int) -> ResponseReturnValue:
    """Ask the partner something."""
    return run(claim_id, Say(), service.ask, "The question is on its way.", again=review_page, then="claims.desk")


@bp.post("/<int:claim_id>/approve")
def approve(claim_id: int) -> ResponseReturnValue:
    """Approve in full or in part."""
    return run(claim_id, ApproveClaim(), service.approve, "Approved.", again=review_page, then="claims.desk")


@bp.post("/<int:claim_id>/reject")
def reject(claim_id: int) -> ResponseReturnValue:
    """Send back with the reason and what would pass."""
    return run(claim_id, RejectClaim(), service.reject, "Sent back.", again=review_page, then="claims.desk")
