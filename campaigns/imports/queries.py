"""Reads of lists: a partner its own, nobody else any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from campaigns.imports.errors import ListNotFound
from campaigns.imports.model import ContactList, ListProblem, ListTurn
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[ContactList]:
    """Return the lists that an actor may see: a partner's own. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    return select(ContactList).where(ContactList.partner_id == actor.partner_id)


def one(actor: Actor, list_id: int) -> ContactList:
    """Return one list. Raises ListNotFound."""
    found = session.scalars(visible_to(actor).where(ContactList.id == list_id)).one_or_none()
    if found is None:
        raise ListNotFound
    return found


def one_for_update(actor: Actor, list_id: int) -> ContactList:
    """Return one list as it is now and keep others from changing it meanwhile. Raises ListNotFound."""
    rows = lock(visible_to(actor).where(ContactList.id == list_id)).execution_options(populate_existing=True)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise ListNotFound
    return found


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[ContactList]:
    """Return one page of lists, newest first."""
    return page(visible_to(actor), ContactList.id, limit=limit, after=after)


def problems_of(actor: Actor, list_id: int, *, after_row: int = 0, limit: int = 1000) -> Sequence[ListProblem]:
    """Return rows that were left out, in the order of the file. Raises ListNotFound."""
    rows = owned_by(actor, ListProblem).where(
        ListProblem.list_id == one(actor, list_id).id, ListProblem.row > after_row
    )
    return session.scalars(rows.order_by(ListProblem.row).limit(limit)).all()


def stalled(actor: Actor, now: datetime) -> list[tuple[int, int]]:
    """Return the lists that no job has shown itself at in time: partner and list."""
    rows = owned_by(actor, ListTurn).where(ListTurn.expected_by < now).order_by(ListTurn.expected_by).limit(1000)
    return [(turn.partner_id, turn.list_id) for turn in session.scalars(rows)]
