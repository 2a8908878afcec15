"""A partner's own pages: the list of artworks, the editor, the files."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from cobranding.artworks import queries, rules, service
from cobranding.artworks.model import Artwork
from cobranding.artworks.portal.fields import fields, locales, open_styles
from cobranding.artworks.portal.views import bp, history_of, made_of, partners_of
from cobranding.artworks.schemas import CreateArtwork, EditArtwork, MoveArtwork, RenderQuery
from cobranding.manifests import service as manifests
from cobranding.rendering.document.model import Document
from cobranding.templates import service as templates
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, query_id, render, submit


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the artworks that the actor may see."""
    actor = current_actor()
    with reading(actor):
        found = queries.page_of(actor, limit=24, after=query_id("after"))
        return render(
            "artworks/index.html",
            artworks=found,
            made=made_of(actor, found.items),
            partners=partners_of(actor, found.items),
        )


@bp.post("/")
def create() -> ResponseReturnValue:
    """Start an artwork from a template."""
    return submit(
        CreateArtwork(),
        lambda actor, data: service.create(actor, **data),
        then=lambda artwork: url_for("artworks.show", artwork_id=artwork.id),
    )


@bp.get("/<int:artwork_id>")
def show(artwork_id: int) -> ResponseReturnValue:
    """Show the editor of an artwork."""
    return _editor(artwork_id, None)


@bp.post("/<int:artwork_id>")
def edit(artwork_id: int) -> ResponseReturnValue:
    """Change an artwork."""
    return submit(
        EditArtwork(),
        lambda actor, data: _edit(actor, artwork_id, data),
        then=lambda artwork: url_for("artworks.show", artwork_id=artwork.id),
        again=lambda form: _editor(artwork_id, _plain_names(form)),
        flash="Saved. The previews show it.",
    )


@bp.post("/<int:artwork_id>/move")
def move_on(artwork_id: int) -> ResponseReturnValue:
    """Move an artwork to the version that partners use now, with the words that were entered for it."""
    return submit(
        MoveArtwork(unknown="exclude"),
        lambda actor, data: _move_on(actor, artwork_id, data),
        then=lambda artwork: url_for("artworks.show", artwork_id=artwork.id),
        again=lambda form: _editor(artwork_id, _plain_names(form)),
        flash="Moved. The previews show it.",
    )


@bp.get("/<int:artwork_id>/renders/<string:format_key>")
def file(artwork_id: int, format_key: str) -> Response:
    """Produce one format of an artwork."""
    actor = current_actor()
    query = RenderQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        order = service.order(actor, artwork_id, format_key=format_key, **query)
    made = order.render()
    with transaction(SYSTEM):
        manifests.issue(SYSTEM, order, made)
    response = file_response(made.data, made.media_type, made.filename, etag=made.etag)
    response.headers["X-TCMA-Manifest"] = order.code
    return response


@bp.post("/<int:artwork_id>/submit")
def submit_artwork(artwork_id: int) -> ResponseReturnValue:
    """Ask the brand to look at an artwork."""
    return submit(
        Empty(),
        lambda actor, _: service.submit(actor, artwork_id),
        then=lambda artwork: url_for("artworks.show", artwork_id=artwork.id),
        again=lambda form: _editor(artwork_id, FormState(errors=form.errors)),
        flash="Submitted. You are told as soon as the brand has decided.",
    )


def _edit(actor: Actor, artwork_id: int, data: dict[str, Any]) -> Artwork:
    """Read the form's values in the types of the template; what is not in the form is given back to the template."""
    artwork = queries.one(actor, artwork_id)
    document = templates.document_of(templates.version(actor, artwork.template_version_id))
    return service.edit(actor, artwork_id, values=_entered(document, artwork, data.pop("values", {})), **data)


def _move_on(actor: Actor, artwork_id: int, data: dict[str, Any]) -> Artwork:
    artwork = queries.one(actor, artwork_id)
    target = service.version_to_move_to(actor, artwork)
    if target is None:
        return service.move_on(actor, artwork_id)
    values = _entered(templates.document_of(target), artwork, data.get("values", {}))
    return service.move_on(actor, artwork_id, values=values)


def _entered(document: Document, artwork: Artwork, entered: dict[str, Any]) -> dict[str, Any]:
    """Return what a form holds, and the positions, for which a form has no field."""
    kept = {name: value for name, value in artwork.values.items() if name.endswith(".position")}
    return {**kept, **rules.from_form(document, entered)}


def _plain_names(form: FormState) -> FormState:
    """Put the errors of values beside their fields."""
    known = {name.removeprefix("values.") for name in form.values if name.startswith("values.")}
    errors = {f"values.{name}" if name in known else name: sentences for name, sentences in form.errors.items()}
    return FormState(form.values, errors)


def _editor(artwork_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        artwork = queries.one(actor, artwork_id)
        template = templates.version(actor, artwork.template_version_id)
        withdrawn = template.state == "withdrawn"
        newer = service.version_to_move_to(actor, artwork)
        document = templates.document_of(newer if withdrawn and newer else template)
        inputs = None if withdrawn else service.look_inputs(actor, artwork_id)
        stored = {"name": artwork.name, "locale": artwork.locale, **rules.to_form(artwork.values)}
        state = FormState(form.values or stored, form.errors) if form else FormState(stored)
        mine = actor.can(Permission.COBRANDING_ARTWORK_EDIT)
        may_be_used = service.may_be_used(actor, artwork, template)
        is_reviewed = service.is_reviewed_first(actor, template, artwork.partner_id)
        history = history_of(actor, artwork)
        asked = fields(actor, document, state)
        unfit = service.unfit_for(artwork, newer) if withdrawn and newer else {}
    return render(
        "artworks/show.html",
        artwork=artwork,
        template=template,
        newer=newer,
        unfit=unfit,
        withdrawn=withdrawn,
        may_be_used=may_be_used,
        is_bound=artwork.state == "approved" and is_reviewed,
        may_submit=mine and not may_be_used and not withdrawn and artwork.state not in ("in_review", "approved"),
        history=history,
        form=state,
        fields=asked,
        styles=open_styles(document),
        formats=[{"fmt": fmt, "outputs": service.outputs_of(fmt)} for fmt in document.formats.values()],
        may_edit=mine and artwork.state != "in_review" and (newer is not None or not withdrawn),
        findings=service.preflight(inputs) if inputs else [],
        locales=locales(document),
        mine=mine,
    )
