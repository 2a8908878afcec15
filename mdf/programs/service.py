"""The verbs of programs: draft rules, publish them from a day on, read the ones that hold."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from mdf.programs import queries, rules
from mdf.programs.errors import NameTaken, PublishedForThePast, VersionNotFound
from mdf.programs.model import Program, ProgramVersion
from mdf.programs.rules import ActivityType, ProgramVersionView, Terms, Unused, VersionState
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move

__all__ = [
    "ActivityType",
    "ProgramVersionView",
    "Terms",
    "Unused",
    "create",
    "in_force",
    "names",
    "one_id",
    "publish",
    "save_draft",
    "version",
]


def create(actor: Actor, *, name: str, document: Mapping[str, Any], summary: str = "") -> Program:
    """Begin a program with a draft of its rules. Raises Forbidden, NameTaken, DocumentInvalid."""
    authorize(actor, Permission.MDF_PROGRAM_EDIT)
    if queries.name_is_taken(name):
        raise NameTaken(errors={"name": [NameTaken.message]})
    rules.read(document)
    program = Program(name=name, summary=summary)
    program.versions.append(ProgramVersion(number=1, state=VersionState.DRAFT, document=dict(document)))
    session.add(program)
    _flush_name()
    audit.record(actor, "mdf.program.created", program, after={"name": name, "document": dict(document)})
    return program


def save_draft(
    actor: Actor, program_id: int, *, document: Mapping[str, Any], expected_revision: int | None = None
) -> ProgramVersion:
    """Change the draft of the next version, or begin one. Published versions stay as they are.

    Raises ProgramNotFound, Forbidden, StaleEdit, DocumentInvalid.
    """
    program = queries.one(actor, program_id)
    authorize(actor, Permission.MDF_PROGRAM_EDIT, program)
    queries.take_turns(program.id)
    rules.read(document)
    newest = queries.versions_of(actor, program.id)[0]
    before = newest.document
    if newest.state is VersionState.DRAFT:
        check_revision(newest, expected_revision)
        draft = newest
        draft.document = dict(document)
    else:
        draft = ProgramVersion(
            program_id=program.id, number=newest.number + 1, state=VersionState.DRAFT, document=dict(document)
        )
        session.add(draft)
    session.flush()
    audit.record(
        actor,
        "mdf.program.drafted",
        program,
        before={"document": before},
        after={"document": draft.document},
        number=draft.number,
    )
    return draft


def publish(actor: Actor, program_id: int, *, valid_from_on: date | None = None) -> ProgramVersion:
    """Put the draft in force from a day on (today unless said); from then on it never changes.

    Raises ProgramNotFound, VersionNotFound, Forbidden, PublishedForThePast, DateTooFar.
    """
    program = queries.one(actor, program_id)
    authorize(actor, Permission.MDF_PROGRAM_EDIT, program)
    queries.take_turns(program.id)
    draft = queries.versions_of(actor, program.id)[0]
    if draft.state is not VersionState.DRAFT:
        raise VersionNotFound("There is no draft to publish.")
    begins_on = valid_from_on or clock.today()
    if begins_on < clock.today():
        raise PublishedForThePast(errors={"valid_from_on": [PublishedForThePast.message]})
    rules.check_reach(clock.today(), {"valid_from_on": begins_on})
    draft.state = move(rules.MOVES, draft.state, VersionState.PUBLISHED)
    draft.valid_from_on = begins_on
    draft.published_at = clock.now()
    draft.published_by = actor.user_id
    session.flush()
    audit.record(
        actor,
        "mdf.program.published",
        program,
        before={"state": VersionState.DRAFT},
        after={"state": draft.state},
        number=draft.number,
        valid_from_on=begins_on.isoformat(),
    )
    return draft


def version(actor: Actor, version_id: int) -> ProgramVersionView:
    """Show a version of the rules. Raises VersionNotFound."""
    return _view(queries.version(actor, version_id))


def in_force(actor: Actor, program_id: int, on: date) -> ProgramVersionView:
    """Show the rules that hold on a day. Raises ProgramNotFound, NoVersionInForce."""
    return _view(queries.in_force(queries.one(actor, program_id).id, on))


def one_id(actor: Actor, program_id: int) -> int:
    """Return the id if there is such a program. Raises ProgramNotFound."""
    return queries.one(actor, program_id).id


def names(actor: Actor) -> dict[int, str]:
    """Name the programs that the actor may see, by their ids."""
    return {program.id: program.name for program in queries.page_of(actor, limit=200).items}


def _view(found: ProgramVersion) -> ProgramVersionView:
    return ProgramVersionView(
        id=found.id,
        program_id=found.program_id,
        program_name=found.program.name,
        number=found.number,
        state=found.state,
        valid_from_on=found.valid_from_on,
        document=found.document,
        terms=rules.read(found.document),
    )


def _flush_name() -> None:
    """Let the database decide between two of one name at the same moment. Raises NameTaken."""
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_mdf_programs_name" in str(error.orig):
            raise NameTaken(errors={"name": [NameTaken.message]}) from error
        raise
