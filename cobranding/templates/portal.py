"""The pages of templates: the gallery, one template with its versions, and the desk where its document is written."""

import json
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from cobranding.rendering.errors import DocumentInvalid
from cobranding.templates import queries, service
from cobranding.templates.rules import VersionState
from cobranding.templates.schemas import (
    CreateTemplate,
    EditTemplate,
    ImportForm,
    ListTemplates,
    PublishVersion,
    SaveDraft,
    StartVersion,
    UsesQuery,
    WithdrawVersion,
)
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, form_values, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "templates",
    __name__,
    "/templates",
    nav=NavItem("Templates", "templates.index", Permission.COBRANDING_TEMPLATE_READ, section="Brand", position=10),
)

POLICIES = [
    ("none", "No approval: what is complete may be used"),
    ("first_use", "First use: the brand looks at a partner's first one"),
    ("always", "Always: the brand looks at each one"),
]
KINDS = {
    "flyer": "Flyers",
    "social": "Social posts",
    "email": "E-mails",
    "deck": "Presentations",
    "document": "Brochures and papers",
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the gallery."""
    actor = current_actor()
    query = ListTemplates(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        found = queries.page_of(actor, **query | {"limit": 24})
        return render("templates/index.html", templates=found, kinds=KINDS, chosen=query["kind"])


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the desk for a new template."""
    return render("templates/new.html", form=FormState())


@bp.post("/")
def create() -> ResponseReturnValue:
    """Start a template."""
    return submit(
        CreateTemplate(),
        lambda actor, data: service.create(actor, **data),
        then=lambda version: url_for("templates.show", template_id=version.template_id),
        again=lambda form: render("templates/new.html", form=form),
        flash="The draft was saved. Look at it below, then publish it.",
    )


@bp.get("/<int:template_id>")
def show(template_id: int) -> ResponseReturnValue:
    """Show one template with its versions, in the brand of whoever is asked for."""
    actor = current_actor()
    with reading(actor):
        template = queries.one(actor, template_id)
        found = queries.versions(actor, template_id).items
        shown = _chosen(found, query_id("version"))
        return render(
            "templates/show.html",
            template=template,
            versions=found,
            shown=shown,
            formats=_formats(shown),
            partners=_partners(actor),
            partner_id=query_id("partner_id"),
            policies=POLICIES,
            successor=service.successor_of(actor, shown),
            document=json.dumps(shown.document, indent=2, ensure_ascii=False),
        )


@bp.get("/versions/<int:version_id>/edit")
def edit(version_id: int) -> ResponseReturnValue:
    """Show the desk for a draft."""
    actor = current_actor()
    with reading(actor):
        version = queries.version(actor, version_id)
        text = json.dumps(version.document, indent=2, ensure_ascii=False)
        return render("templates/edit.html", version=version, form=FormState({"document": text}))


@bp.post("/versions/<int:version_id>")
def save_draft(version_id: int) -> ResponseReturnValue:
    """Replace the document of a draft."""
    return submit(
        SaveDraft(),
        lambda actor, data: service.save_draft(actor, version_id, **data),
        then=lambda version: url_for("templates.show", template_id=version.template_id, version=version.id),
        again=lambda form: _edit_again(version_id, form),
        flash="The draft was saved.",
    )


@bp.post("/<int:template_id>")
def edit_template(template_id: int) -> ResponseReturnValue:
    """Say when the brand looks at what partners make of a template."""
    return submit(
        EditTemplate(),
        lambda actor, data: service.edit(actor, template_id, **data),
        then=lambda template: url_for("templates.show", template_id=template.id),
        flash="Saved. It counts for everything that is used from now on.",
    )


@bp.post("/<int:template_id>/versions")
def start_version(template_id: int) -> ResponseReturnValue:
    """Start the next version as a copy of the newest."""
    return submit(
        StartVersion(),
        lambda actor, data: service.start_version(actor, template_id, **data),
        then=lambda version: url_for("templates.edit", version_id=version.id),
        flash="This draft is a copy of the newest version.",
    )


@bp.get("/versions/<int:version_id>/diff")
def diff(version_id: int) -> ResponseReturnValue:
    """Show what a version changes against another one, with both side by side."""
    actor = current_actor()
    with reading(actor):
        found = service.compare(actor, version_id, against=query_id("against"))
        return render(
            "templates/diff.html",
            comparison=found,
            versions=queries.versions(actor, found.version.template_id).items,
            formats=_both(found.against, found.version),
        )


@bp.get("/versions/<int:version_id>/export")
def export(version_id: int) -> Response:
    """Give a version with all of its files as one zip."""
    with reading(current_actor()):
        found = service.to_export(current_actor(), version_id)
    return file_response(service.packed(found), "application/zip", found.filename)


@bp.get("/import")
def new_import() -> ResponseReturnValue:
    """Show the form for a zip of a template."""
    authorize(current_actor(), Permission.COBRANDING_TEMPLATE_EDIT)
    return _import_form(FormState({"template_id": request.args.get("template_id", "")}))


@bp.post("/import")
def take_in() -> ResponseReturnValue:
    """Take a zip in as a new template, or as the next draft of one."""
    sent = request.files.get("file")
    try:
        incoming = service.checked(current_actor(), sent.stream.read()) if sent is not None and sent.filename else None
    except Invalid as refusal:
        return _import_form(FormState(form_values(), {"file": [refusal.detail], **_places(refusal)})), 422
    if sent is not None:
        sent.stream.seek(0)

    def keep(actor: Actor, data: dict[str, Any]) -> TemplateVersionView:
        del data["file"]  # it was read and checked above
        if incoming is None:  # the schema has refused a form without a file
            raise Invalid
        return service.take_in(actor, incoming, **data)

    return submit(
        ImportForm(),
        keep,
        then=lambda version: url_for("templates.show", template_id=version.template_id, version=version.id),
        again=_import_form,
        flash="Every file was checked. Look at the draft below, then publish it.",
    )


@bp.post("/versions/<int:version_id>/publish")
def publish(version_id: int) -> ResponseReturnValue:
    """Publish a draft."""
    with reading(current_actor()):
        draft = service.to_publish(current_actor(), version_id)
    service.prove(draft)
    return submit(
        PublishVersion(),
        lambda actor, data: service.publish(actor, version_id, expected_revision=draft.revision, **data),
        then=lambda version: url_for("templates.show", template_id=version.template_id, version=version.id),
        flash="Published. Every partner can use it now.",
    )


@bp.get("/versions/<int:version_id>/recall")
def recall(version_id: int) -> ResponseReturnValue:
    """Show where a version is in use, and take it back or follow its recall."""
    return _recall(version_id, FormState())


@bp.post("/versions/<int:version_id>/withdraw")
def withdraw(version_id: int) -> ResponseReturnValue:
    """Take a published version back."""
    return submit(
        WithdrawVersion(),
        lambda actor, data: service.withdraw(actor, version_id, **data),
        then=lambda version: url_for("templates.recall", version_id=version.id),
        again=lambda form: _recall(version_id, form),
        flash="Withdrawn. Nothing is produced from it or sent with it any more.",
    )


def _recall(version_id: int, form: FormState) -> str:
    actor = current_actor()
    query = UsesQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        version = queries.version(actor, version_id)
        published = [
            (other.id, f"Version {other.number}")
            for other in queries.versions(actor, version.template_id).items
            if other.state is VersionState.PUBLISHED and other.id != version.id
        ]
        return render(
            "templates/recall.html",
            version=version,
            successor=service.successor_of(actor, version),
            choices=published,
            uses=service.uses(actor, version_id, **query),
            whole=not query["kind"],
            recall=service.recall_of(actor, version_id),
            partners=dict(_partners(actor)),
            form=form,
        )


def _import_form(form: FormState) -> str:
    with reading(current_actor()):
        templates = [(template.id, template.name) for template in service.gallery(current_actor())]
    return render("templates/import.html", form=form, templates=templates)


def _places(refusal: Invalid) -> dict[str, list[str]]:
    """Return what is wrong in the document inside a zip, place by place."""
    return refusal.errors if isinstance(refusal, DocumentInvalid) else {}


def _both(before: TemplateVersionView, after: TemplateVersionView) -> list[dict[str, Any]]:
    """Return the formats of two versions, and which of the two has each."""
    had, has = (service.document_of(version).formats for version in (before, after))
    return [
        {"name": name, "label": (has.get(name) or had[name]).label, "before": name in had, "after": name in has}
        for name in dict.fromkeys([*has, *had])
    ]


def _edit_again(version_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        return render("templates/edit.html", version=queries.version(actor, version_id), form=form)


def _chosen(versions: list[TemplateVersionView], version_id: int | None) -> TemplateVersionView:
    """Return the version asked for, else the newest one."""
    return next((version for version in versions if version.id == version_id), versions[0])


def _formats(version: TemplateVersionView) -> list[dict[str, Any]]:
    document = service.document_of(version)
    return [{"name": fmt.name, "label": fmt.label, "is_print": fmt.is_print} for fmt in document.formats.values()]


def _partners(actor: Actor) -> list[tuple[int, str]]:
    return [] if actor.is_partner else [(partner.id, partner.trade_name) for partner in accounts.partners(actor)]
