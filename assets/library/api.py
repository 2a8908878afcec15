"""The JSON door of the library."""

from typing import Any

from flask import Response

from assets.library import queries, service
from assets.library.schemas import (
    AssetOut,
    AssetShareOut,
    AssetUseOut,
    EditAsset,
    ListAssets,
    ReplaceAsset,
    ReplacementOut,
    ShareAsset,
)
from tcma.infra.db import reading, transaction
from tcma.infra.paging import Page
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
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
    """Give the file itself, as we wrote it; that it was fetched is noted."""
    actor = current_actor()
    with transaction(actor):
        file = service.handed_out_file(actor, asset_id)
    return file_response(service.read(file), file.media_type, file.filename, etag=file.etag)


@bp.route("/<int:asset_id>/thumbnail", methods=["GET"])
@bp.response(200, content_type="image/png")
def thumbnail(asset_id: int) -> Response:
    """Give the small picture of a file."""
    actor = current_actor()
    with reading(actor):
        file = service.thumbnail_file(actor, asset_id)
    return file_response(service.read(file), file.media_type, file.filename, etag=file.etag)


@bp.route("/<int:asset_id>/versions", methods=["GET"])
@bp.response(200, page_of(AssetOut))
def versions(asset_id: int) -> Response:
    """List the versions of a file, the newest first."""
    return show_page(lambda actor: Page(service.versions(actor, asset_id), None), AssetOut)


@bp.route("/<int:asset_id>/uses", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(AssetUseOut))
def uses(query: dict[str, Any], asset_id: int) -> Response:
    """List where a file is used and who fetched it, the latest first."""
    return show_page(lambda actor: service.uses(actor, asset_id, **query), AssetUseOut)


@bp.route("/<int:asset_id>/replace", methods=["POST"])
@bp.arguments(ReplaceAsset)
@bp.response(200, ReplacementOut)
def replace(payload: dict[str, Any], asset_id: int) -> Response:
    """Put another file of the brand in the place of one: in artworks at once, in templates as drafts to publish."""
    return perform(lambda actor: {"places": service.replace_everywhere(actor, asset_id, **payload)}, ReplacementOut)


@bp.route("/<int:asset_id>/shares", methods=["GET"])
@bp.response(200, page_of(AssetShareOut))
def shares(asset_id: int) -> Response:
    """List the links to a file, the latest first."""
    return show_page(lambda actor: Page(service.shares(actor, asset_id), None), AssetShareOut)


@bp.route("/<int:asset_id>/shares", methods=["POST"])
@bp.arguments(ShareAsset)
@bp.response(201, AssetShareOut)
def share(payload: dict[str, Any], asset_id: int) -> Response:
    """Make a link by which people without sign-in fetch a file, until it expires or is taken back."""
    return perform(lambda actor: service.share(actor, asset_id, **payload), AssetShareOut, status=201)


@bp.route("/<int:asset_id>/shares/<int:share_id>/revoke", methods=["POST"])
@bp.response(200, AssetShareOut)
def revoke_share(asset_id: int, share_id: int) -> Response:
    """Take a link back: it opens nothing any more."""
    return perform(lambda actor: service.revoke_share(actor, asset_id, share_id), AssetShareOut)
