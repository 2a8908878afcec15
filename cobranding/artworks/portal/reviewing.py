"""The brand's pages: what waits for a decision, and a partner's version beside the original."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from cobranding.artworks import queries, rules, service
from cobranding.artworks.model import Artwork
from cobranding.artworks.portal.views import bp, history_of, made_of, partners_of
from cobranding.artworks.schemas import ApproveArtwork, RejectArtwork
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import in_effect
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, query_id, render, submit


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """Show what waits for a decision, the longest waiting first."""
    actor = current_actor()
    with reading(actor):
        found = service.queue(actor, limit=24, after=query_id("after"))
        return render(
            "artworks/queue.html",
            artworks=found,
            made=made_of(actor, found.items),
            partners=partners_of(actor, found.items),
        )


@bp.get("/<int:artwork_id>/review")
def review(artwork_id: int) -> ResponseReturnValue:
    """Show a partner's version beside the original, and what differs."""
    return _review(artwork_id, FormState())


@bp.post("/<int:artwork_id>/approve")
def approve(artwork_id: int) -> ResponseReturnValue:
    """Let an artwork be used as it was looked at."""
    return submit(
        ApproveArtwork(),
        lambda actor, data: service.approve(actor, artwork_id, **data),
        then=lambda _: url_for("artworks.queue"),
        again=lambda form: _review(artwork_id, form),
        flash="Approved. The partner has been told.",
    )


@bp.post("/<int:artwork_id>/reject")
def reject(artwork_id: int) -> ResponseReturnValue:
    """Send an artwork back with a reason."""
    return submit(
        RejectArtwork(),
        lambda actor, data: service.reject(actor, artwork_id, **data),
        then=lambda _: url_for("artworks.queue"),
        again=lambda form: _review(artwork_id, form),
        flash="Sent back. The partner has been told why.",
    )


def _review(artwork_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        artwork = queries.one(actor, artwork_id)
        authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE, artwork)
        template = templates.version(actor, artwork.template_version_id)
        document = templates.document_of(template)
        withdrawn = template.state == "withdrawn"
        inputs = None if withdrawn else service.look_inputs(actor, artwork_id)
        partner = accounts.partner_profile(actor, artwork.partner_id)
        history = history_of(actor, artwork)
    return render(
        "artworks/review.html",
        artwork=artwork,
        template=template,
        partner=partner,
        withdrawn=withdrawn,
        differences=_differences(document, artwork, artwork.locale or partner.locale or document.locale),
        formats=list(document.formats.values()),
        findings=service.preflight(inputs) if inputs else [],
        reasons=[(code.value, label) for code, label in rules.REASONS.items()],
        history=history,
        form=form,
    )


def _differences(document: Document, artwork: Artwork, locale: str) -> list[tuple[str, Any, Any]]:
    """Return each value that is not the brand's own: what it is called, what the brand has, what the partner wrote."""
    own = in_effect(document, {}, locale)
    return [
        (document.variables[name].label if name in document.variables else name, own.get(name, ""), value)
        for name, value in rules.departures(document, artwork.values, locale).items()
    ]
