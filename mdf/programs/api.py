"""The API door of programs."""

from typing import Any

from flask import Response

from mdf.programs import queries, service
from mdf.programs.schemas import CreateProgram, ProgramOut, PublishDraft, SaveDraft, VersionOut
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import ListQuery, page_of

bp = api_blueprint("programs", __name__, "/mdf/programs")


@bp.route("/", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ProgramOut))
def list_programs(query: dict[str, Any]) -> Response:
    """List programs with their versions; a partner sees what is published."""
    return show_page(lambda actor: queries.page_of(actor, **query), ProgramOut)


@bp.route("/", methods=["POST"])
@bp.arguments(CreateProgram)
@bp.response(201, ProgramOut)
def create_program(payload: dict[str, Any]) -> Response:
    """Begin a program with a draft of its rules."""
    return perform(lambda actor: service.create(actor, **payload), ProgramOut, status=201)


@bp.route("/<int:program_id>", methods=["GET"])
@bp.response(200, ProgramOut)
def show_program(program_id: int) -> Response:
    """Show a program with its versions."""
    return show(lambda actor: queries.one(actor, program_id), ProgramOut)


@bp.route("/<int:program_id>/draft", methods=["PUT"])
@bp.arguments(SaveDraft)
@bp.response(200, VersionOut)
def save_draft(payload: dict[str, Any], program_id: int) -> Response:
    """Change the draft of the next version, or begin one; If-Match refuses a stale edit."""
    expected = expected_revision()
    return perform(
        lambda actor: service.save_draft(actor, program_id, expected_revision=expected, **payload), VersionOut
    )


@bp.route("/<int:program_id>/publish", methods=["POST"])
@bp.arguments(PublishDraft)
@bp.response(200, VersionOut)
def publish_draft(payload: dict[str, Any], program_id: int) -> Response:
    """Put the draft in force from a day on; it never changes afterwards."""
    return perform(lambda actor: service.publish(actor, program_id, **payload), VersionOut)


@bp.route("/versions/<int:version_id>", methods=["GET"])
@bp.response(200, VersionOut)
def show_version(version_id: int) -> Response:
    """Show a version of the rules."""
    return show(lambda actor: queries.version(actor, version_id), VersionOut)
