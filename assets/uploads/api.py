"""The JSON door of uploads: a form with a file in, an asset out."""

from typing import Any

from flask import Response

from assets.library.schemas import AssetOut
from assets.uploads import service
from assets.uploads.schemas import UploadForm
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.api import api_blueprint, perform
from tcma.web.guards import current_actor

bp = api_blueprint("uploads", __name__, "/assets")


@bp.route("", methods=["POST"])
@bp.arguments(UploadForm, location="multipart")
@bp.response(201, AssetOut)
def create(form: dict[str, Any]) -> Response:
    """Upload a file: multipart/form-data with `file`, `kind`, and if wanted `name`, `variant`, `alt_text`, rights."""
    authorize(current_actor(), Permission.ASSETS_ASSET_UPLOAD)
    sent = form.pop("file")
    checked = service.check(sent.stream.read(), sent.filename or "", form.pop("kind"))
    sent.stream.seek(0)
    return perform(lambda actor: service.receive(actor, checked, **form), AssetOut, status=201)
