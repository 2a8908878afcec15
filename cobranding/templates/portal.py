"""The pages of templates: the gallery, one template with its versions, and the desk where its document is written."""

import json
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from cobranding.templates import queries, service
from cobranding.templates.schemas import (
    CreateTemplate,
    ListTemplates,
    PublishVersion,
    SaveDraft,
    StartVersion,
    WithdrawVersion,
)
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "templates",
    __name__,
    "/templates",
    nav=NavItem("Templates", "templates.index", Permission.COBRANDING_TEMPLATE_READ, section="Brand", position=10),
)

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


@bp.post("/<int:template_id>/versions")
def start_version(template_id: int) -> ResponseReturnValue:
    """Start the next version as a copy of the newest."""
    return submit(
        StartVersion(),
        lambda actor, data: service.start_version(actor, template_id, **data),
        then=lambda version: url_for("templates.edit", version_id=version.id),
        flash="This draft is a copy of the newest version.",
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


@bp.post("/versions/<int:version_id>/withdraw")
def withdraw(version_id: int) -> ResponseReturnValue:
    """Take a published version back."""
    return submit(
        WithdrawVersion(),
        lambda actor, data: service.withdraw(actor, version_id, **data),
        then=lambda version: url_for("templates.show", template_id=version.template_id, version=version.id),
        flash="Withdrawn. Nothing is produced from it or sent with it any more.",
    )


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
