"""The JSON door of uploads: a form with a file in, an asset out."""

from typing import Any

from flask import Response

from assets.library import service as library
from assets.library.schemas import AssetOut
from assets.uploads import service
from assets.uploads.errors import NoFile
from assets.uploads.schemas import UploadForm, VersionForm
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, perform
from tcma.web.guards import current_actor

bp = api_blueprint("uploads", __name__, "/assets")


@bp.route("", methods=["POST"])
@bp.arguments(UploadForm, location="multipart")
@bp.response(201, AssetOut)
def create(form: dict[str, Any]) -> Response:
    """Upload a file: multipart/form-data with `file`, `kind`, and if wanted name, description, tags and rights."""
    kind = form.pop("kind")
    service.may_send(current_actor(), kind)
    checked = _check(form.pop("file"), kind)
    return perform(lambda actor: service.receive(actor, checked, **form), AssetOut, status=201)


@bp.route("/<int:asset_id>/versions", methods=["POST"])
@bp.arguments(VersionForm, location="multipart")
@bp.response(201, AssetOut)
def add_version(form: dict[str, Any], asset_id: int) -> Response:
    """Upload the file that follows the newest version of an asset; what is said about it is carried over."""
    actor = current_actor()
    with reading(actor):
        kind = library.kind_to_follow(actor, asset_id)
    if "file" not in form:
        raise NoFile
    checked = _check(form["file"], kind)
    return perform(lambda actor: service.receive_version(actor, asset_id, checked), AssetOut, status=201)


def _check(sent: Any, kind: str) -> service.CheckedFile:
    checked = service.check(sent.stream.read(), sent.filename or "", kind)
    sent.stream.seek(0)
    return checked
