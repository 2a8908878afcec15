"""The page of one file, its versions, uses and links, and the pictures themselves."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from assets.library import queries, service
from assets.library.model import Asset
from assets.library.portal.views import CHANNELS, USE_WORDS, VARIANTS, bp, owners
from assets.library.schemas import EditAsset, Nothing, ReplaceAsset, ShareAsset
from assets.library.service import SAID, StoredFile
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, render, submit

# What an empty field of the page's form means: nothing of it, not that it stays as it was.
_BLANK: dict[str, Any] = {"tags": [], "rights_from_on": None, "rights_until_on": None, "rights_regions": []}


@bp.get("/<int:asset_id>")
def show(asset_id: int) -> ResponseReturnValue:
    """Show one file and what is known of it."""
    return _show(asset_id, None)


@bp.post("/<int:asset_id>")
def edit(asset_id: int) -> ResponseReturnValue:
    """Change what is said about a file."""
    blank = {name: value for name, value in _BLANK.items() if name in request.form}
    if blank:  # boxes that are not ticked are not sent at all
        blank["rights_channels"] = []
    return submit(
        EditAsset(),
        lambda actor, data: service.edit(actor, asset_id, **blank | data),
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


@bp.post("/<int:asset_id>/replace")
def replace(asset_id: int) -> ResponseReturnValue:
    """Put another file of the brand in the place of one."""
    return submit(
        ReplaceAsset(),
        lambda actor, data: service.replace_everywhere(actor, asset_id, **data),
        then=lambda _: url_for("library.show", asset_id=request.form["by_id"]) + "#uses",
        again=lambda form: _show(asset_id, form),
        flash="Replaced in every artwork. Templates that use it have a draft with the new file: publish it.",
    )


@bp.post("/<int:asset_id>/shares")
def share(asset_id: int) -> ResponseReturnValue:
    """Make a link to a file for people without sign-in."""
    return submit(
        ShareAsset(),
        lambda actor, data: service.share(actor, asset_id, **data),
        then=lambda _: url_for("library.show", asset_id=asset_id) + "#links",
        again=lambda form: _show(asset_id, form),
        flash="The link is ready: copy it from the list.",
    )


@bp.post("/<int:asset_id>/shares/<int:share_id>/revoke")
def revoke_share(asset_id: int, share_id: int) -> ResponseReturnValue:
    """Take a link back."""
    return submit(
        Nothing(),
        lambda actor, _: service.revoke_share(actor, asset_id, share_id),
        then=lambda _: url_for("library.show", asset_id=asset_id) + "#links",
        flash="The link was taken back. It opens nothing any more.",
    )


@bp.get("/<int:asset_id>/content")
def content(asset_id: int) -> Response:
    """Show the file in a page; typefaces are for designs."""
    actor = current_actor()
    with reading(actor):
        file = service.shown_file(actor, asset_id)
    return _serve(file)


@bp.get("/<int:asset_id>/download")
def download(asset_id: int) -> Response:
    """Give the file itself, and note that it was fetched."""
    actor = current_actor()
    with transaction(actor):
        file = service.handed_out_file(actor, asset_id)
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
        links = service.shares(actor, asset_id)
        return render(
            "library/show.html",
            asset=asset,
            own=asset.partner_id == actor.partner_id,
            owner=owners(actor, [asset]).get(asset.partner_id, ""),
            form=form or FormState(_said(asset)),
            variants=VARIANTS,
            channels=CHANNELS,
            versions=service.versions(actor, asset_id),
            uses=service.uses(actor, asset_id, limit=20).items,
            links=[{"link": link, "url": service.share_url(link)} for link in links],
            use_words=USE_WORDS,
            now=clock.now(),
            others=_others(actor, asset),
            problem=service.rights_problems(actor, [asset_id]).get(asset_id, ""),
        )


def _others(actor: Actor, asset: Asset) -> list[tuple[int, str]]:
    """Give the brand's newest files of the same kind, one of which may take a file's place."""
    if asset.partner_id is not None or not actor.can(Permission.ASSETS_ASSET_REPLACE):
        return []
    found = queries.page_of(actor, kind=asset.kind, limit=100).items
    return [(one.id, one.name) for one in found if one.partner_id is None and one.id != asset.id]


def _said(asset: Asset) -> dict[str, Any]:
    """Give what is said about a file as the form shows it: lists on one line."""
    said = {name: getattr(asset, name) for name in SAID}
    return said | {name: ", ".join(said[name]) for name in ("tags", "rights_regions")}
