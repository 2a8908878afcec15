"""The JSON door of artworks, and of the files made from them."""

from typing import Any

from flask import Response, jsonify

from cobranding.artworks import queries, service
from cobranding.artworks.schemas import (
    ApproveArtwork,
    ArtworkOut,
    CreateArtwork,
    EditArtwork,
    ListArtworks,
    LookQuery,
    MoveArtwork,
    PreflightOut,
    PreviewQuery,
    RejectArtwork,
    RenderQuery,
    ReviewsOut,
)
from cobranding.manifests import service as manifests
from cobranding.manifests.schemas import EnvelopeOut
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import Empty, ListQuery, page_of
from tcma.web.files import file_response
from tcma.web.guards import current_actor

bp = api_blueprint("artworks", __name__, "/artworks")


@bp.route("", methods=["GET"])
@bp.arguments(ListArtworks, location="query")
@bp.response(200, page_of(ArtworkOut))
def index(query: dict[str, Any]) -> Response:
    """List artworks, the newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), ArtworkOut)


@bp.route("", methods=["POST"])
@bp.arguments(CreateArtwork)
@bp.response(201, ArtworkOut)
def create(payload: dict[str, Any]) -> Response:
    """Start an artwork for the own partner."""
    return perform(lambda actor: service.create(actor, **payload), ArtworkOut, status=201)


@bp.route("/<int:artwork_id>", methods=["GET"])
@bp.response(200, ArtworkOut)
def one(artwork_id: int) -> Response:
    """Tell about one artwork."""
    return show(lambda actor: queries.one(actor, artwork_id), ArtworkOut)


@bp.route("/<int:artwork_id>", methods=["PATCH"])
@bp.arguments(EditArtwork)
@bp.response(200, ArtworkOut)
def edit(payload: dict[str, Any], artwork_id: int) -> Response:
    """Change an artwork."""
    revision = expected_revision()
    return perform(lambda actor: service.edit(actor, artwork_id, expected_revision=revision, **payload), ArtworkOut)


@bp.route("/<int:artwork_id>/move", methods=["POST"])
@bp.arguments(MoveArtwork)
@bp.response(200, ArtworkOut)
def move_on(payload: dict[str, Any], artwork_id: int) -> Response:
    """Move an artwork to the version that partners use now: the successor of a withdrawn one, else the newest."""
    revision = expected_revision()
    return perform(lambda actor: service.move_on(actor, artwork_id, expected_revision=revision, **payload), ArtworkOut)


@bp.route("/queue", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ArtworkOut))
def queue(query: dict[str, Any]) -> Response:
    """List what waits for a decision of the brand, the longest waiting first."""
    return show_page(lambda actor: service.queue(actor, **query), ArtworkOut)


@bp.route("/<int:artwork_id>/submit", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, ArtworkOut)
def submit(_payload: dict[str, Any], artwork_id: int) -> Response:
    """Ask the brand to look at an artwork."""
    revision = expected_revision()
    return perform(lambda actor: service.submit(actor, artwork_id, expected_revision=revision), ArtworkOut)


@bp.route("/<int:artwork_id>/approve", methods=["POST"])
@bp.arguments(ApproveArtwork)
@bp.response(200, ArtworkOut)
def approve(payload: dict[str, Any], artwork_id: int) -> Response:
    """Let an artwork be used as it was looked at."""
    return perform(lambda actor: service.approve(actor, artwork_id, **payload), ArtworkOut)


@bp.route("/<int:artwork_id>/reject", methods=["POST"])
@bp.arguments(RejectArtwork)
@bp.response(200, ArtworkOut)
def reject(payload: dict[str, Any], artwork_id: int) -> Response:
    """Send an artwork back with a reason."""
    return perform(lambda actor: service.reject(actor, artwork_id, **payload), ArtworkOut)


@bp.route("/<int:artwork_id>/reviews", methods=["GET"])
@bp.response(200, ReviewsOut)
def reviews(artwork_id: int) -> Response:
    """List what the brand decided about an artwork, oldest first."""
    return show(lambda actor: {"items": service.reviews(actor, artwork_id)}, ReviewsOut)


@bp.route("/<int:artwork_id>/preflight", methods=["GET"])
@bp.response(200, PreflightOut)
def preflight(artwork_id: int) -> Response:
    """Check an artwork before anything is produced."""
    actor = current_actor()
    with reading(actor):
        inputs = service.look_inputs(actor, artwork_id)
    found = service.preflight(inputs)
    passed = not any(finding.severity == "error" for finding in found)
    return jsonify(PreflightOut().dump({"findings": found, "passed": passed}))


@bp.route("/<int:artwork_id>/renders/<string:format_key>", methods=["GET"])
@bp.arguments(RenderQuery, location="query")
@bp.response(200, content_type="application/octet-stream")
def render(query: dict[str, Any], artwork_id: int, format_key: str) -> Response:
    """Produce one format of an artwork: the finished file, once it is approved where the template asks for that.

    The header X-TCMA-Manifest names the code of its manifest.
    """
    actor = current_actor()
    with reading(actor):
        order = service.order(actor, artwork_id, format_key=format_key, **query)
    file = order.render()
    with transaction(SYSTEM):
        manifests.issue(SYSTEM, order, file)
    response = file_response(file.data, file.media_type, file.filename, etag=file.etag)
    response.headers["X-TCMA-Manifest"] = order.code
    return response


@bp.route("/<int:artwork_id>/renders/<string:format_key>/manifest", methods=["GET"])
@bp.arguments(RenderQuery, location="query")
@bp.response(200, EnvelopeOut)
def manifest(query: dict[str, Any], artwork_id: int, format_key: str) -> Response:
    """Give the signed manifest of one format of an artwork."""
    actor = current_actor()
    with reading(actor):
        order = service.order(actor, artwork_id, format_key=format_key, **query)
    file = order.render()
    with transaction(SYSTEM):
        envelope = manifests.envelope_of(manifests.issue(SYSTEM, order, file))
    return jsonify(EnvelopeOut().dump(envelope))


@bp.route("/<int:artwork_id>/preview/<string:format_key>", methods=["GET"])
@bp.arguments(LookQuery, location="query")
@bp.response(200, content_type="image/jpeg")
def look(query: dict[str, Any], artwork_id: int, format_key: str) -> Response:
    """Show one format of an artwork as a picture to look at, approved or not; the finished files are its renders."""
    actor = current_actor()
    with reading(actor):
        inputs = service.look_inputs(actor, artwork_id)
    file = service.look(inputs, format_key, page=query["page"])
    return file_response(file.data, file.media_type, file.filename, etag=file.etag)


@bp.route("/previews/<int:version_id>/<string:format_key>", methods=["GET"])
@bp.arguments(PreviewQuery, location="query")
@bp.response(200, content_type="application/octet-stream")
def preview(query: dict[str, Any], version_id: int, format_key: str) -> Response:
    """Show a template version in a partner's brand, with its default values."""
    actor = current_actor()
    service.check_preview(actor, query["output"])
    with reading(actor):
        inputs = service.preview_inputs(actor, version_id, partner_id=query["partner_id"])
    file = service.sample(inputs, format_key, query["output"], page=query["page"])
    return file_response(file.data, file.media_type, file.filename, etag=file.etag)
