"""The JSON door of artworks, and of the files made from them."""

from typing import Any

from flask import Response, jsonify

from cobranding.artworks import queries, service
from cobranding.artworks.schemas import (
    ArtworkOut,
    CreateArtwork,
    EditArtwork,
    ListArtworks,
    PreflightOut,
    PreviewQuery,
    RenderQuery,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import page_of
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


@bp.route("/<int:artwork_id>/preflight", methods=["GET"])
@bp.response(200, PreflightOut)
def preflight(artwork_id: int) -> Response:
    """Check an artwork before anything is produced."""
    actor = current_actor()
    with reading(actor):
        inputs = service.inputs_for(actor, artwork_id)
    found = service.preflight(inputs)
    passed = not any(finding.severity == "error" for finding in found)
    return jsonify(PreflightOut().dump({"findings": found, "passed": passed}))


@bp.route("/<int:artwork_id>/renders/<string:format_key>", methods=["GET"])
@bp.arguments(RenderQuery, location="query")
@bp.response(200, content_type="application/octet-stream")
def render(query: dict[str, Any], artwork_id: int, format_key: str) -> Response:
    """Produce one format of an artwork."""
    actor = current_actor()
    with reading(actor):
        inputs = service.inputs_for(actor, artwork_id)
    file = service.render(inputs, format_key, query["output"], page=query["page"])
    return file_response(file.data, file.media_type, file.filename, etag=file.etag)


@bp.route("/previews/<int:version_id>/<string:format_key>", methods=["GET"])
@bp.arguments(PreviewQuery, location="query")
@bp.response(200, content_type="application/octet-stream")
def preview(query: dict[str, Any], version_id: int, format_key: str) -> Response:
    """Show a template version in a partner's brand, with its default values."""
    actor = current_actor()
    with reading(actor):
        inputs = service.preview_inputs(actor, version_id, partner_id=query["partner_id"])
    file = service.render(inputs, format_key, query["output"], page=query["page"])
    return file_response(file.data, file.media_type, file.filename, etag=file.etag)
