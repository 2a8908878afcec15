"""The JSON door of the library."""

from typing import Any

from flask import Response

from assets.library import queries, service
from assets.library.schemas import AssetOut, EditAsset, ListAssets
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import page_of
from tcma.web.files import file_response
from tcma.web.guards import current_actor

bp = api_blueprint("assets", __name__, "/assets")


@bp.route("", methods=["GET"])
@bp.arguments(ListAssets, location="query")
@bp.response(200, page_of(AssetOut))
def index(query: dict[str, Any]) -> Response:
    """List files, the newest first."""
    listed = queries.page_of_archived if query.pop("archived") else queries.page_of
    return show_page(lambda actor: listed(actor, **query), AssetOut)


@bp.route("/<int:asset_id>", methods=["GET"])
@bp.response(200, AssetOut)
def one(asset_id: int) -> Response:
    """Tell about one file."""
    return show(lambda actor: queries.one(actor, asset_id), AssetOut)


@bp.route("/<int:asset_id>", methods=["PATCH"])
@bp.arguments(EditAsset)
@bp.response(200, AssetOut)
def edit(payload: dict[str, Any], asset_id: int) -> Response:
    """Change what is said about a file; its bytes never change."""
    revision = expected_revision()
    return perform(lambda actor: service.edit(actor, asset_id, expected_revision=revision, **payload), AssetOut)


@bp.route("/<int:asset_id>/archive", methods=["POST"])
@bp.response(200, AssetOut)
def archive(asset_id: int) -> Response:
    """Put a file away."""
    return perform(lambda actor: service.archive(actor, asset_id), AssetOut)


@bp.route("/<int:asset_id>/content", methods=["GET"])
@bp.response(200, content_type="application/octet-stream")
def content(asset_id: int) -> Response:
    """Give the file itself, as we wrote it."""
    actor = current_actor()
    with reading(actor):
        file = service.content_file(actor, asset_id)
    return file_response(service.read(file), file.media_type, file.filename, etag=file.etag)


@bp.route("/<int:asset_id>/thumbnail", methods=["GET"])
@bp.response(200, content_type="image/png")
def thumbnail(asset_id: int) -> Response:
    """Give the small picture of a file."""
    actor = current_actor()
    with reading(actor):
        file = service.thumbnail_file(actor, asset_id)
    return file_response(service.read(file), file.media_type, file.filename, etag=file.etag)
