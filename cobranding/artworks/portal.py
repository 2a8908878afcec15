"""The pages of artworks: one's own list, the editor with its previews, the files; and the pictures that mails show."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from cobranding.artworks import queries, rules, service
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import Decision
from cobranding.artworks.schemas import (
    ApproveArtwork,
    CreateArtwork,
    EditArtwork,
    LookQuery,
    MoveArtwork,
    PreviewQuery,
    RejectArtwork,
    RenderQuery,
)
from cobranding.manifests import service as manifests
from cobranding.rendering.document.model import Document, Variable
from cobranding.rendering.document.values import in_effect, missing_values
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.files import file_response
from tcma.web.guards import current_actor, public
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "artworks",
    __name__,
    "/artworks",
    nav=[
        NavItem("Artworks", "artworks.index", Permission.COBRANDING_ARTWORK_READ, section="Brand", position=20),
        NavItem("To approve", "artworks.queue", Permission.COBRANDING_ARTWORK_APPROVE, section="Brand", position=21),
    ],
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


@bp.get("/<int:artwork_id>/preview/<string:format_key>")
def look(artwork_id: int, format_key: str) -> Response:
    """Show a page of one format of an artwork as a picture to look at, approved or not."""
    actor = current_actor()
    query = LookQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.look_inputs(actor, artwork_id)
    made = service.look(inputs, format_key, page=query["page"])
    return file_response(made.data, made.media_type, made.filename, etag=made.etag)


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


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """Show what waits for a decision, the longest waiting first."""
    actor = current_actor()
    with reading(actor):
        found = service.queue(actor, limit=24, after=query_id("after"))
        return render(
            "artworks/queue.html",
            artworks=found,
            made=_made(actor, found.items),
            partners=_partners(actor, found.items),
        )


@bp.get("/<int:artwork_id>/review")
def review(artwork_id: int) -> ResponseReturnValue:
    """Show a partner's version beside the original, and what differs."""
    return _review(artwork_id, FormState())


@bp.post("/<int:artwork_id>/approve")
def approve(artwork_id: int) -> ResponseReturnValue:
    """Let an artwork be used as it was looked at."""
    return submit(
        ApproveArtwork(),
        lambda actor, data: service.approve(actor, artwork_id, **data),
        then=lambda _: url_for("artworks.queue"),
        again=lambda form: _review(artwork_id, form),
        flash="Approved. The partner has been told.",
    )


@bp.post("/<int:artwork_id>/reject")
def reject(artwork_id: int) -> ResponseReturnValue:
    """Send an artwork back with a reason."""
    return submit(
        RejectArtwork(),
        lambda actor, data: service.reject(actor, artwork_id, **data),
        then=lambda _: url_for("artworks.queue"),
        again=lambda form: _review(artwork_id, form),
        flash="Sent back. The partner has been told why.",
    )


@bp.get("/previews/<int:version_id>/<string:format_key>")
def preview(version_id: int, format_key: str) -> Response:
    """Show a template version in a partner's brand."""
    actor = current_actor()
    query = PreviewQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    service.check_preview(actor, query["output"])
    with reading(actor):
        inputs = service.preview_inputs(actor, version_id, partner_id=query["partner_id"])
    made = service.sample(inputs, format_key, query["output"], page=query["page"])
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
        history = _history(actor, artwork)
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
        fields=_fields(document),
        styles=_open_styles(document),
        formats=[{"fmt": fmt, "outputs": service.outputs_of(fmt)} for fmt in document.formats.values()],
        may_edit=mine and artwork.state != "in_review" and (newer is not None or not withdrawn),
        findings=service.preflight(inputs) if inputs else [],
        locales=_locales(document),
        mine=mine,
    )


def _review(artwork_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        artwork = queries.one(actor, artwork_id)
        authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE, artwork)
        template = templates.version(actor, artwork.template_version_id)
        document = templates.document_of(template)
        withdrawn = template.state == "withdrawn"
        inputs = None if withdrawn else service.look_inputs(actor, artwork_id)
        partner = accounts.partner_profile(actor, artwork.partner_id)
        history = _history(actor, artwork)
    return render(
        "artworks/review.html",
        artwork=artwork,
        template=template,
        partner=partner,
        withdrawn=withdrawn,
        differences=_differences(document, artwork, artwork.locale or partner.locale or document.locale),
        formats=list(document.formats.values()),
        findings=service.preflight(inputs) if inputs else [],
        reasons=[(code.value, label) for code, label in rules.REASONS.items()],
        history=history,
        form=form,
    )


def _differences(document: Document, artwork: Artwork, locale: str) -> list[tuple[str, Any, Any]]:
    """Return each value that is not the brand's own: what it is called, what the brand has, what the partner wrote."""
    own = in_effect(document, {}, locale)
    return [
        (document.variables[name].label if name in document.variables else name, own.get(name, ""), value)
        for name, value in rules.departures(document, artwork.values, locale).items()
    ]


def _history(actor: Actor, artwork: Artwork) -> list[dict[str, Any]]:
    said = {Decision.APPROVED: "Approved", Decision.REJECTED: "Sent back"}
    return [
        {
            "at": one.decided_at,
            "title": said[one.decision],
            "text": f"{rules.REASONS[one.code]}: {one.reason}" if one.code in rules.REASONS else one.reason,
            "actor": accounts.user_name(actor, one.decided_by),
        }
        for one in service.reviews(actor, artwork.id)
    ]


KINDS = {
    "text": "text",
    "rich_text": "textarea",
    "link": "url",
    "number": "number",
    "date": "date",
    "image": "number",
    "logo": "number",
    "contact": "contact",
    "choice": "select",
}
HELP = {
    "rich_text": "Up to {} characters. **Strong**, *emphasis*, [a link](https://…); lines with - are a list.",
    "image": "A picture's number, as it stands under Files.",
    "logo": "A logo's number, as it stands under Files. Empty: the one that suits what lies behind it.",
    "contact": "Empty: as it stands in your profile.",
}


def _fields(document: Document) -> list[dict[str, Any]]:
    """Return a field for each open variable, as the form shows it."""
    return [_field(document, variable) for variable in document.variables.values() if variable.editable]


def _field(document: Document, variable: Variable) -> dict[str, Any]:
    long = variable.type == "text" and (variable.multiline or variable.max_length > 120)
    default = variable.default.get(document.locale) or variable.default.get("", "")
    told = HELP.get(variable.type, "").format(variable.max_length)
    if variable.type == "text" and default:
        told = f"Up to {variable.max_length} characters. Empty: the brand's own words."
    if variable.type == "image" and variable.categories:
        told = f"{told} It needs one of the tags {', '.join(variable.categories)}."
    if variable.must_change:
        told = "Say it in your own words: what stands there only shows what to write."
    return {
        "variable": variable,
        "kind": "textarea" if long else KINDS[variable.type],
        "default": default,
        "help": variable.help or told,
        "options": [(value, next(iter(texts.values()), value)) for value, texts in variable.choices.items()],
    }


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
        document = templates.document_of(version)
        made[artwork.id] = {
            "template": version,
            "format": next(iter(document.formats), None),
            "is_complete": not missing_values(document, artwork.values, artwork.locale or document.locale),
        }
    return made


def _partners(actor: Actor, artworks: list[Artwork]) -> dict[int, str]:
    if actor.is_partner:
        return {}
    return {artwork.partner_id: accounts.partner_profile(actor, artwork.partner_id).trade_name for artwork in artworks}
