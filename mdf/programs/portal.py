"""The pages of programs: the rules, readable; and the draft of the next version."""

import json
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from mdf.programs import queries, rules, service
from mdf.programs.model import ProgramVersion
from mdf.programs.rules import VersionState
from mdf.programs.schemas import CreateProgramForm, PublishDraft, SaveDraftForm
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "programs",
    __name__,
    "/mdf/programs",
    nav=NavItem("Programs", "programs.index", Permission.MDF_PROGRAM_READ, section="Money", position=50),
)

# What a new program begins with, to be changed by whoever writes it.
EXAMPLE: dict[str, Any] = {
    "activity_types": [
        {
            "key": "email_campaign",
            "name": "E-mail campaign",
            "share_percent": "50",
            "caps": {"EUR": "5000.00"},
            "minimums": {"EUR": "100.00"},
            "cost_kinds": [{"key": "media", "name": "Media"}, {"key": "production", "name": "Production"}],
            "proof_of_cost": [{"key": "invoice", "name": "Invoice"}],
            "proof_of_performance": [{"key": "report", "name": "Report of the results"}],
            "figures": [{"key": "leads", "name": "Leads"}],
        }
    ],
    **rules.WINDOWS,
    "unused": "return",
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """List programs."""
    actor = current_actor()
    with reading(actor):
        found = queries.page_of(actor, limit=200)
        return render(
            "programs/index.html",
            programs=[(program, queries.begun(program.versions, clock.today())) for program in found.items],
        )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a new program."""
    return _new(FormState({"document": _written(EXAMPLE)}))


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Begin a program."""
    return submit(
        CreateProgramForm(),
        lambda actor, data: service.create(actor, **data),
        then=lambda program: url_for("programs.show", program_id=program.id),
        again=_new,
        flash="Draft saved. It holds from the day on which you publish it.",
    )


@bp.get("/<int:program_id>")
def show(program_id: int) -> ResponseReturnValue:
    """Show the rules that hold today, and the other versions."""
    return _show(program_id, FormState())


@bp.get("/versions/<int:version_id>")
def show_version(version_id: int) -> ResponseReturnValue:
    """Show a version of the rules."""
    actor = current_actor()
    with reading(actor):
        version = queries.version(actor, version_id)
        return render("programs/version.html", version=version, terms=rules.read(version.document))


@bp.get("/<int:program_id>/draft")
def edit(program_id: int) -> ResponseReturnValue:
    """Show the draft of the next version as a form."""
    actor = current_actor()
    authorize(actor, Permission.MDF_PROGRAM_EDIT)
    with reading(actor):
        newest = queries.versions_of(actor, queries.one(actor, program_id).id)[0]
        values = {"document": _written(newest.document)}
        if newest.state is VersionState.DRAFT:
            values["revision"] = str(newest.revision)
    return _edit(program_id, FormState(values))


@bp.post("/<int:program_id>/draft")
def save(program_id: int) -> ResponseReturnValue:
    """Save the draft."""
    return submit(
        SaveDraftForm(),
        lambda actor, data: service.save_draft(actor, program_id, **data),
        then=lambda version: url_for("programs.show", program_id=version.program_id),
        again=lambda form: _edit(program_id, form),
        flash="Draft saved.",
    )


@bp.post("/<int:program_id>/publish")
def publish(program_id: int) -> ResponseReturnValue:
    """Put the draft in force."""
    return submit(
        PublishDraft(),
        lambda actor, data: service.publish(actor, program_id, **data),
        then=lambda version: url_for("programs.show", program_id=version.program_id),
        again=lambda form: _show(program_id, form),
        flash="Published. This version never changes any more.",
    )


def _new(form: FormState) -> str:
    authorize(current_actor(), Permission.MDF_PROGRAM_EDIT)
    return render("programs/edit.html", program=None, form=form)


def _edit(program_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        return render("programs/edit.html", program=queries.one(actor, program_id), form=form)


def _show(program_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        program = queries.one(actor, program_id)
        shown = queries.begun(program.versions, clock.today()) or _newest(actor, program_id)
        draft = next((version for version in program.versions if version.state is VersionState.DRAFT), None)
        return render(
            "programs/show.html",
            program=program,
            version=shown,
            terms=rules.read(shown.document),
            draft=draft,
            form=form,
        )


def _newest(actor: Actor, program_id: int) -> ProgramVersion:
    return queries.versions_of(actor, program_id)[0]


def _written(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
