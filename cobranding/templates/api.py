"""The JSON door of templates."""

from typing import Any

from flask import Response, jsonify

from cobranding.templates import queries, service
from cobranding.templates.schemas import (
    ComparisonOut,
    CreateTemplate,
    DiffQuery,
    EditTemplate,
    ImportForm,
    ListTemplates,
    PublishVersion,
    SaveDraft,
    StartVersion,
    TemplateOut,
    TemplateVersionOut,
    UsesOut,
    UsesQuery,
    WithdrawVersion,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
from tcma.web.files import file_response
from tcma.web.guards import current_actor

bp = api_blueprint("templates", __name__, "/templates")


@bp.route("", methods=["GET"])
@bp.arguments(ListTemplates, location="query")
@bp.response(200, page_of(TemplateOut))
def index(query: dict[str, Any]) -> Response:
    """List templates, the newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), TemplateOut)


@bp.route("", methods=["POST"])
@bp.arguments(CreateTemplate)
@bp.response(201, TemplateVersionOut)
def create(payload: dict[str, Any]) -> Response:
    """Start a template with its first draft."""
    return perform(lambda actor: service.create(actor, **payload), TemplateVersionOut, status=201)


@bp.route("/schema", methods=["GET"])
@bp.response(200, content_type="application/schema+json")
def schema() -> Response:
    """Give the JSON schema of template documents."""
    response = jsonify(service.document_schema())
    response.mimetype = "application/schema+json"
    return response


@bp.route("/<int:template_id>", methods=["GET"])
@bp.response(200, TemplateOut)
def one(template_id: int) -> Response:
    """Tell about one template."""
    return show(lambda actor: queries.one(actor, template_id), TemplateOut)


@bp.route("/<int:template_id>", methods=["PATCH"])
@bp.arguments(EditTemplate)
@bp.response(200, TemplateOut)
def edit(payload: dict[str, Any], template_id: int) -> Response:
    """Say when the brand looks at what partners make of a template."""
    revision = expected_revision()
    return perform(lambda actor: service.edit(actor, template_id, expected_revision=revision, **payload), TemplateOut)


@bp.route("/<int:template_id>/versions", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(TemplateVersionOut))
def versions(query: dict[str, Any], template_id: int) -> Response:
    """List the versions of a template, the newest first."""
    return show_page(lambda actor: queries.versions(actor, template_id, **query), TemplateVersionOut)


@bp.route("/<int:template_id>/versions", methods=["POST"])
@bp.arguments(StartVersion)
@bp.response(201, TemplateVersionOut)
def start_version(payload: dict[str, Any], template_id: int) -> Response:
    """Start the next version as a draft."""
    return perform(lambda actor: service.start_version(actor, template_id, **payload), TemplateVersionOut, status=201)


@bp.route("/versions/<int:version_id>", methods=["GET"])
@bp.response(200, TemplateVersionOut)
def version(version_id: int) -> Response:
    """Tell about one version, with its document."""
    return show(lambda actor: queries.version(actor, version_id), TemplateVersionOut)


@bp.route("/versions/<int:version_id>", methods=["PUT"])
@bp.arguments(SaveDraft)
@bp.response(200, TemplateVersionOut)
def save_draft(payload: dict[str, Any], version_id: int) -> Response:
    """Replace the document of a draft."""
    revision = expected_revision()
    return perform(
        lambda actor: service.save_draft(actor, version_id, expected_revision=revision, **payload), TemplateVersionOut
    )


@bp.route("/versions/<int:version_id>/diff", methods=["GET"])
@bp.arguments(DiffQuery, location="query")
@bp.response(200, ComparisonOut)
def diff(query: dict[str, Any], version_id: int) -> Response:
    """Tell what a version changes against another one of its template."""
    return show(lambda actor: service.compare(actor, version_id, **query), ComparisonOut)


@bp.route("/versions/<int:version_id>/export", methods=["GET"])
@bp.response(200, content_type="application/zip")
def export(version_id: int) -> Response:
    """Give a version with all of its files as one zip."""
    with reading(current_actor()):
        found = service.to_export(current_actor(), version_id)
    return file_response(service.packed(found), "application/zip", found.filename)


@bp.route("/import", methods=["POST"])
@bp.arguments(ImportForm, location="multipart")
@bp.response(201, TemplateVersionOut)
def take_in(form: dict[str, Any]) -> Response:
    """Take a zip in: multipart/form-data with `file`, and `name` of the new template or `template_id` of one there."""
    sent = form.pop("file")
    incoming = service.checked(current_actor(), sent.stream.read())
    sent.stream.seek(0)
    return perform(lambda actor: service.take_in(actor, incoming, **form), TemplateVersionOut, status=201)


@bp.route("/versions/<int:version_id>/publish", methods=["POST"])
@bp.arguments(PublishVersion)
@bp.response(200, TemplateVersionOut)
def publish(payload: dict[str, Any], version_id: int) -> Response:
    """Publish a draft; from then on it never changes."""
    with reading(current_actor()):
        draft = service.to_publish(current_actor(), version_id)
    service.prove(draft)
    proved = draft.revision
    return perform(
        lambda actor: service.publish(actor, version_id, expected_revision=proved, **payload), TemplateVersionOut
    )


@bp.route("/versions/<int:version_id>/withdraw", methods=["POST"])
@bp.arguments(WithdrawVersion)
@bp.response(200, TemplateVersionOut)
def withdraw(payload: dict[str, Any], version_id: int) -> Response:
    """Take a published version back; what was made of it is stopped, or moved to its successor."""
    return perform(lambda actor: service.withdraw(actor, version_id, **payload), TemplateVersionOut)


@bp.route("/versions/<int:version_id>/uses", methods=["GET"])
@bp.arguments(UsesQuery, location="query")
@bp.response(200, UsesOut)
def uses(query: dict[str, Any], version_id: int) -> Response:
    """Say where a version is in use, and how far its recall has come."""
    return show(
        lambda actor: {
            "kinds": service.uses(actor, version_id, **query),
            "recall": service.recall_of(actor, version_id),
        },
        UsesOut,
    )
