"""The upload forms of the portal: a new file, and the next version of one."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from assets.library import service as library
from assets.library.model import Asset
from assets.library.rules import AssetKind, RightsChannel, Variant
from assets.uploads import service
from assets.uploads.errors import NoFile
from assets.uploads.schemas import UploadForm, VersionForm
from tcma.infra.db import reading
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
CHANNELS = [
    (RightsChannel.PRINT, "Print"),
    (RightsChannel.SCREEN, "Screen"),
    (RightsChannel.EMAIL, "E-mail"),
    (RightsChannel.SOCIAL, "Social media"),
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
    kind = request.form.get("kind", "")
    try:
        checked = _check(kind) if kind in {known.value for known in AssetKind} else None
    except Invalid as refusal:
        return _form(FormState(form_values(), refusal.errors or {"_": [refusal.detail]})), 422

    def keep(actor: Actor, data: dict[str, Any]) -> Any:
        del data["file"], data["kind"]  # the kind is the one it was checked as
        return service.receive(actor, _required(checked), **data)

    return submit(UploadForm(), keep, then=_its_page, again=_form, flash="The file was checked and is in your library.")


@bp.get("/of/<int:asset_id>")
def new_version(asset_id: int) -> ResponseReturnValue:
    """Show the form for the file that follows another."""
    return _version_form(asset_id, FormState())


@bp.post("/of/<int:asset_id>")
def create_version(asset_id: int) -> ResponseReturnValue:
    """Check the file, then keep it as the next version."""
    actor = current_actor()
    with reading(actor):
        kind = library.kind_to_follow(actor, asset_id)
    try:
        checked = _check(kind)
        if checked is None:
            raise NoFile
    except Invalid as refusal:
        return _version_form(asset_id, FormState({}, refusal.errors or {"_": [refusal.detail]})), 422
    return submit(
        VersionForm(),
        lambda actor, _: service.receive_version(actor, asset_id, checked),
        then=_its_page,
        again=lambda form: _version_form(asset_id, form),
        flash="The new version was checked. It is offered from now on; the one before stays where it is used.",
    )


def _its_page(asset: Asset) -> str:
    return url_for("library.show", asset_id=asset.id)


def _check(kind: str) -> service.CheckedFile | None:
    """Check what was sent before the form is read; None where there is no file, which the form then says."""
    service.may_send(current_actor(), kind)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    checked = service.check(sent.stream.read(), sent.filename, kind)
    sent.stream.seek(0)
    return checked


def _required(checked: service.CheckedFile | None) -> service.CheckedFile:
    if checked is None:  # the schema has refused a form without file or kind
        raise Invalid
    return checked


def _form(form: FormState) -> str:
    fonts = [(AssetKind.FONT, "Typeface")] if current_actor().can(Permission.ASSETS_FONT_UPLOAD) else []
    return render("uploads/new.html", form=form, kinds=KINDS + fonts, variants=VARIANTS, channels=CHANNELS)


def _version_form(asset_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        library.kind_to_follow(actor, asset_id)
        return render("uploads/version.html", form=form, asset=library.asset(actor, asset_id))
