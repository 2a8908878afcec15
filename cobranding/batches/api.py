"""The JSON door of batches."""

from typing import Any

from flask import Response

from cobranding.batches import queries, service
from cobranding.batches.schemas import BatchItemOut, BatchOut, CancelBatch, CreateBatch, ListItems
from tcma.infra.db import reading
from tcma.infra.storage import storage
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
from tcma.web.files import stream_response, text_response
from tcma.web.guards import current_actor

bp = api_blueprint("batches", __name__, "/batches")


@bp.route("", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(BatchOut))
def index(query: dict[str, Any]) -> Response:
    """List batches, the newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), BatchOut)


@bp.route("", methods=["POST"])
@bp.arguments(CreateBatch)
@bp.response(201, BatchOut)
def create(payload: dict[str, Any]) -> Response:
    """Render a template version for many partners."""
    return perform(lambda actor: service.create(actor, **payload), BatchOut, status=201)


@bp.route("/<int:batch_id>", methods=["GET"])
@bp.response(200, BatchOut)
def one(batch_id: int) -> Response:
    """Tell how far a batch has come."""
    return show(lambda actor: queries.one(actor, batch_id), BatchOut)


@bp.route("/<int:batch_id>/items", methods=["GET"])
@bp.arguments(ListItems, location="query")
@bp.response(200, page_of(BatchItemOut))
def items(query: dict[str, Any], batch_id: int) -> Response:
    """List the partners of a batch, with what was found."""
    return show_page(lambda actor: queries.items(actor, batch_id, **query), BatchItemOut)


@bp.route("/<int:batch_id>/cancel", methods=["POST"])
@bp.arguments(CancelBatch)
@bp.response(200, BatchOut)
def cancel(_payload: dict[str, Any], batch_id: int) -> Response:
    """Make nothing further."""
    return perform(lambda actor: service.cancel(actor, batch_id), BatchOut)


@bp.route("/<int:batch_id>/report", methods=["GET"])
@bp.response(200, content_type="text/csv")
def report(batch_id: int) -> Response:
    """Give what became of each partner, as CSV."""
    actor = current_actor()
    with reading(actor):
        text = service.report(actor, batch_id)
    return text_response(text, "text/csv", f"batch-{batch_id}.csv")


@bp.route("/<int:batch_id>/zip", methods=["GET"])
@bp.response(200, content_type="application/zip")
def whole(batch_id: int) -> Response:
    """Give all files: a folder for each partner, their manifests, and the report."""
    actor = current_actor()
    with reading(actor):
        batch, filename = service.zip_file(actor, batch_id)
    return stream_response(storage().chunks(batch.zip_key), batch.zip_bytes, "application/zip", filename)
