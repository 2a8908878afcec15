"""The pages of the library: all files, one file, the pictures themselves."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from assets.library import queries, rules, service
from assets.library.model import Asset
from assets.library.rules import AssetKind, Variant
from assets.library.schemas import EditAsset, ListAssets, Nothing
from assets.library.service import StoredFile
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "library",
    __name__,
    "/files",
    nav=NavItem("Files", "library.index", Permission.ASSETS_ASSET_READ, section="Brand", position=40),
)

KINDS = [
    (AssetKind.LOGO, "Logos"),
    (AssetKind.PHOTO, "Photos"),
    (AssetKind.DOCUMENT, "Documents"),
    (AssetKind.PROOF, "Proofs"),
]
VARIANTS = [(Variant.ANY, "Any background"), (Variant.LIGHT, "Light backgrounds"), (Variant.DARK, "Dark backgrounds")]


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the files that the actor may see, and how its logo stands on light and on dark."""
    actor = current_actor()
    query = ListAssets(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    listed = queries.page_of_archived if query.pop("archived") else queries.page_of
    with reading(actor):
        found = listed(actor, **query | {"limit": 24})
        return render(
            "library/index.html",
            files=found,
            chosen=query["kind"],
            kinds=KINDS,
            owners=_owners(actor, found.items),
            logos=_logos(actor),
        )


@bp.get("/<int:asset_id>")
def show(asset_id: int) -> ResponseReturnValue:
    """Show one file and what is known of it."""
    return _show(asset_id, None)


@bp.post("/<int:asset_id>")
def edit(asset_id: int) -> ResponseReturnValue:
    """Change what is said about a file."""
    return submit(
        EditAsset(),
        lambda actor, data: service.edit(actor, asset_id, **data),
        then=lambda asset: url_for("library.show", asset_id=asset.id),
        again=lambda form: _show(asset_id, form),
        flash="Saved.",
    )


@bp.post("/<int:asset_id>/archive")
def archive(asset_id: int) -> ResponseReturnValue:
    """Put a file away."""
    return submit(
        Nothing(),
        lambda actor, _: service.archive(actor, asset_id),
        then=lambda _: url_for("library.index"),
        flash="The file was archived. It stays where it is already used.",
    )


@bp.get("/<int:asset_id>/content")
def content(asset_id: int) -> Response:
    """Give the file itself."""
    actor = current_actor()
    with reading(actor):
        file = service.content_file(actor, asset_id)
    return _serve(file)


@bp.get("/<int:asset_id>/thumbnail")
def thumbnail(asset_id: int) -> Response:
    """Give the small picture."""
    actor = current_actor()
    with reading(actor):
        file = service.thumbnail_file(actor, asset_id)
    return _serve(file)


def _serve(file: StoredFile) -> Response:
    return file_response(service.read(file), file.media_type, file.filename, etag=file.etag)


def _show(asset_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        asset = queries.one(actor, asset_id)
        own = asset.partner_id == actor.partner_id
        values = {"name": asset.name, "variant": asset.variant, "alt_text": asset.alt_text}
        return render(
            "library/show.html",
            asset=asset,
            own=own,
            owner=_owners(actor, [asset]).get(asset.partner_id, ""),
            form=form or FormState(values, {}),
            variants=VARIANTS,
        )


def _owners(actor: Actor, found: list[Asset]) -> dict[int | None, str]:
    """Name who the files belong to."""
    names: dict[int | None, str] = {None: accounts.brand_profile().name}
    for partner_id in {asset.partner_id for asset in found if asset.partner_id is not None}:
        names[partner_id] = accounts.partner_profile(actor, partner_id).trade_name
    return names


def _logos(actor: Actor) -> list[dict[str, Any]]:
    """Give the actor's own logo as it is chosen for light and for dark backgrounds."""
    own = queries.logos_of(actor, actor.partner_id)
    labels = [(Variant.LIGHT, "On light backgrounds"), (Variant.DARK, "On dark backgrounds")]
    return [{"variant": variant, "label": label, "logo": rules.suits_best(own, variant)} for variant, label in labels]
