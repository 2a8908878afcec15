"""The SELECTs of programs. Everybody reads published rules; drafts are the brand's own."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload, with_loader_criteria

from mdf.programs.errors import NoVersionInForce, ProgramNotFound, VersionNotFound
from mdf.programs.model import Program, ProgramVersion
from mdf.programs.rules import VersionState
from tcma.infra.db import session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Program]:
    """Return the programs that an actor may see: a partner those that were ever published. Raises Forbidden."""
    authorize(actor, Permission.MDF_PROGRAM_READ)
    rows = select(Program).options(selectinload(Program.versions))
    if actor.is_partner:
        published = ProgramVersion.state == VersionState.PUBLISHED
        rows = rows.where(Program.versions.any(published)).options(
            with_loader_criteria(ProgramVersion, published, include_aliases=True)
        )
    return rows


def versions_visible_to(actor: Actor) -> Select[ProgramVersion]:
    """Return the versions that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.MDF_PROGRAM_READ)
    rows = select(ProgramVersion)
    if actor.is_partner:
        rows = rows.where(ProgramVersion.state == VersionState.PUBLISHED)
    return rows


def one(actor: Actor, program_id: int) -> Program:
    """Return a program. Raises ProgramNotFound."""
    found = session.scalar(visible_to(actor).where(Program.id == program_id))
    if found is None:
        raise ProgramNotFound
    return found


def take_turns(program_id: int) -> None:
    """Hold a program until the commit, so that its versions are numbered one after the other."""
    session.execute(select(Program.id).where(Program.id == program_id).with_for_update())


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Program]:
    """List programs, newest first."""
    return page(visible_to(actor), Program.id, limit=limit, after=after)


def version(actor: Actor, version_id: int) -> ProgramVersion:
    """Return a version with its program. Raises VersionNotFound."""
    found = session.scalar(
        versions_visible_to(actor).where(ProgramVersion.id == version_id).options(selectinload(ProgramVersion.program))
    )
    if found is None:
        raise VersionNotFound
    return found


def versions_of(actor: Actor, program_id: int) -> list[ProgramVersion]:
    """List a program's versions, newest first."""
    return list(
        session.scalars(
            versions_visible_to(actor)
            .where(ProgramVersion.program_id == program_id)
            .order_by(ProgramVersion.number.desc())
        )
    )


def in_force(program_id: int, on: date) -> ProgramVersion:
    """Return the published version that holds on a day: the newest of those that began by then.

    Raises NoVersionInForce.
    """
    rows = select(ProgramVersion).where(ProgramVersion.program_id == program_id)
    found = begun(session.scalars(rows.options(selectinload(ProgramVersion.program))), on)
    if found is None:
        raise NoVersionInForce
    return found


def begun(versions: Iterable[ProgramVersion], on: date) -> ProgramVersion | None:
    """Choose from a program's versions the one that holds on a day; None before the first."""
    published = [each for each in versions if each.state is VersionState.PUBLISHED]
    dated = [each for each in published if each.valid_from_on and each.valid_from_on <= on]
    return max(dated, key=lambda each: (each.valid_from_on, each.number), default=None)


def name_is_taken(name: str) -> bool:
    """Tell whether a program has this name."""
    return session.scalar(select(Program.id).where(Program.name == name)) is not None
