"""The pages of artworks: one's own list, the editor with its previews, the files; and the pictures that mails show."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from cobranding.artworks import queries, rules, service
from cobranding.artworks.model import Artwork
from cobranding.artworks.schemas import CreateArtwork, EditArtwork, PreviewQuery, RenderQuery
from cobranding.rendering.document.model import Document
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Permission
from tcma.web.files import file_response
from tcma.web.guards import current_actor, public
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "artworks",
    __name__,
    "/artworks",
    nav=NavItem("Artworks", "artworks.index", Permission.COBRANDING_ARTWORK_READ, section="Brand", position=20),
)
pictures = portal_blueprint("pictures", __name__, "/m")

HOSTED_FOR_S = 7 * 24 * 3600
"""How long a mail program may keep a picture; a new logo has a new address."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the artworks that the actor may see."""
    actor = current_actor()
    with reading(actor):
        found = queries.page_of(actor, limit=24, after=query_id("after"))
        return render(
            "artworks/index.html",
            artworks=found,
            made=_made(actor, found.items),
            partners=_partners(actor, found.items),
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


@bp.get("/<int:artwork_id>/renders/<string:format_key>")
def file(artwork_id: int, format_key: str) -> Response:
    """Produce one format of an artwork."""
    actor = current_actor()
    query = RenderQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.inputs_for(actor, artwork_id)
    made = service.render(inputs, format_key, query["output"], page=query["page"])
    return file_response(made.data, made.media_type, made.filename, etag=made.etag)


@bp.get("/previews/<int:version_id>/<string:format_key>")
def preview(version_id: int, format_key: str) -> Response:
    """Show a template version in a partner's brand."""
    actor = current_actor()
    query = PreviewQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.preview_inputs(actor, version_id, partner_id=query["partner_id"])
    made = service.render(inputs, format_key, query["output"], page=query["page"])
    return file_response(made.data, made.media_type, made.filename, etag=made.etag)


@bp.get("/previews/<int:version_id>/email")
def preview_email(version_id: int) -> Response:
    """Show a template version's e-mail in a partner's brand, as a page that can do nothing."""
    actor = current_actor()
    query = PreviewQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.preview_email_inputs(actor, version_id, partner_id=query["partner_id"])
    response = Response(service.as_seen(service.compose(inputs)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@pictures.get("/<string:token>")
@public
def hosted(token: str) -> Response:
    """Give a picture that a mail shows; the signature in its address is the permission."""
    with reading(SYSTEM):
        found = service.hosted_picture(token)
    data, media_type = service.picture_file(found)
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = f"public, max-age={HOSTED_FOR_S}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _edit(actor: Actor, artwork_id: int, data: dict[str, Any]) -> Artwork:
    """Read the form's values in the types of the template; what is not in the form is given back to the template."""
    artwork = queries.one(actor, artwork_id)
    document = templates.document_of(templates.version(actor, artwork.template_version_id))
    values = rules.from_form(document, data.pop("values", {}))
    kept = {name: value for name, value in artwork.values.items() if name.endswith(".position")}
    return service.edit(actor, artwork_id, values={**kept, **values}, **data)


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
        document = templates.document_of(template)
        newest = templates.newest_published(actor, template.template_id)
        withdrawn = template.state == "withdrawn"
        inputs = None if withdrawn else service.inputs_for(actor, artwork_id)
        entered = {f"values.{name}": value for name, value in artwork.values.items()}
        state = form or FormState({"name": artwork.name, "locale": artwork.locale, **entered})
        mine = actor.can(Permission.COBRANDING_ARTWORK_EDIT)
    return render(
        "artworks/show.html",
        artwork=artwork,
        template=template,
        newer=newest if newest and newest.id != template.id else None,
        withdrawn=withdrawn,
        form=state,
        fields=_fields(document),
        styles=_open_styles(document),
        formats=[{"fmt": fmt, "outputs": service.outputs_of(fmt)} for fmt in document.formats.values()],
        findings=service.preflight(inputs) if inputs else [],
        locales=_locales(document),
        mine=mine,
    )


def _fields(document: Document) -> list[dict[str, Any]]:
    """Return a field for each open variable, as the form shows it."""
    kinds = {"text": "text", "link": "url", "number": "number", "date": "date", "image": "number", "choice": "select"}
    fields = []
    for variable in document.variables.values():
        if variable.editable:
            kind = "textarea" if variable.type == "text" and variable.max_length > 120 else kinds[variable.type]
            default = variable.default.get(document.locale) or variable.default.get("", "")
            options = [(value, next(iter(texts.values()), value)) for value, texts in variable.choices.items()]
            fields.append({"variable": variable, "kind": kind, "default": default, "options": options})
    return fields


def _open_styles(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{fmt.name}.{element.id}.style",
            "label": f"{element.label} ({fmt.label})",
            "styles": element.open.styles,
        }
        for fmt in document.formats.values()
        for element in fmt.elements
        if element.open.styles
    ]


def _locales(document: Document) -> list[str]:
    spoken = {locale for variable in document.variables.values() for locale in variable.default if locale}
    return sorted(spoken | {document.locale})


def _made(actor: Actor, artworks: list[Artwork]) -> dict[int, dict[str, Any]]:
    """Return what each artwork was made of: its template's name and the format to show first."""
    made = {}
    for artwork in artworks:
        version = templates.version(actor, artwork.template_version_id)
        formats = templates.document_of(version).formats
        made[artwork.id] = {"template": version, "format": next(iter(formats), None)}
    return made


def _partners(actor: Actor, artworks: list[Artwork]) -> dict[int, str]:
    if actor.is_partner:
        return {}
    return {artwork.partner_id: accounts.partner_profile(actor, artwork.partner_id).trade_name for artwork in artworks}
