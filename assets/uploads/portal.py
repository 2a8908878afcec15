"""The upload form of the portal."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from assets.library.rules import AssetKind, Variant
from assets.uploads import service
from assets.uploads.schemas import UploadForm
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, form_values, portal_blueprint, render, submit

bp = portal_blueprint("uploads", __name__, "/files/new")

KINDS = [
    (AssetKind.LOGO, "Logo"),
    (AssetKind.PHOTO, "Photo"),
    (AssetKind.DOCUMENT, "Document (PDF)"),
    (AssetKind.PROOF, "Proof for a claim (picture or PDF)"),
]
VARIANTS = [
    (Variant.ANY, "Any background"),
    (Variant.LIGHT, "Light backgrounds (dark or coloured logo)"),
    (Variant.DARK, "Dark backgrounds (white or light logo)"),
]


@bp.get("")
def new() -> ResponseReturnValue:
    """Show the form."""
    authorize(current_actor(), Permission.ASSETS_ASSET_UPLOAD)
    return _form(
        FormState({"kind": request.args.get("kind", "logo"), "variant": request.args.get("variant", "any")}, {})
    )


@bp.post("")
def create() -> ResponseReturnValue:
    """Check the file, then keep it."""
    authorize(current_actor(), Permission.ASSETS_ASSET_UPLOAD)
    sent = request.files.get("file")
    try:
        checked = _check(sent)
    except Invalid as refusal:
        return _form(FormState(form_values(), refusal.errors or {"_": [refusal.detail]})), 422

    def keep(actor: Actor, data: dict[str, Any]) -> Any:
        del data["file"], data["kind"]  # the kind is the one it was checked as
        return service.receive(actor, _required(checked), **data)

    return submit(
        UploadForm(),
        keep,
        then=lambda asset: url_for("library.show", asset_id=asset.id),
        again=_form,
        flash="The file was checked and is in your library.",
    )


def _check(sent: Any) -> service.CheckedFile | None:
    """Check what was sent before the form is read; None where file or kind is missing, which the form then says."""
    kind = request.form.get("kind", "")
    if sent is None or not sent.filename or kind not in {known.value for known in AssetKind}:
        return None
    checked = service.check(sent.stream.read(), sent.filename, kind)
    sent.stream.seek(0)
    return checked


def _required(checked: service.CheckedFile | None) -> service.CheckedFile:
    if checked is None:  # the schema has refused a form without file or kind
        raise Invalid
    return checked


def _form(form: FormState) -> str:
    return render("uploads/new.html", form=form, kinds=KINDS, variants=VARIANTS)
