"""The SELECTs of funds and allocations. Funds are the brand's to see; a partner sees its allocations."""

from datetime import date

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from mdf.funds.errors import AllocationNotFound, FundNotFound
from mdf.funds.model import Allocation, Fund
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Fund]:
    """Return the funds that an actor may see: a budget is the brand's own business."""
    rows = select(Fund)
    return rows if actor.can(Permission.MDF_FUND_READ) else rows.where(false())


def allocations_visible_to(actor: Actor) -> Select[Allocation]:
    """Return the allocations that an actor may see."""
    rows = owned_by(actor, Allocation).options(joinedload(Allocation.fund))
    return rows if actor.can(Permission.MDF_ALLOCATION_READ) else rows.where(false())


def one(actor: Actor, fund_id: int) -> Fund:
    """Return a fund. Raises FundNotFound."""
    found = session.scalar(visible_to(actor).where(Fund.id == fund_id))
    if found is None:
        raise FundNotFound
    return found


def page_of(actor: Actor, *, program_id: int | None = None, limit: int = 50, after: int | None = None) -> Page[Fund]:
    """List funds, newest first."""
    rows = visible_to(actor)
    if program_id is not None:
        rows = rows.where(Fund.program_id == program_id)
    return page(rows, Fund.id, limit=limit, after=after)


def allocation(actor: Actor, allocation_id: int) -> Allocation:
    """Return an allocation with its fund. Raises AllocationNotFound."""
    found = session.scalar(allocations_visible_to(actor).where(Allocation.id == allocation_id))
    if found is None:
        raise AllocationNotFound
    return found


def allocations_page(
    actor: Actor,
    *,
    fund_id: int | None = None,
    partner_id: int | None = None,
    running_on: date | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Allocation]:
    """List allocations, newest first."""
    rows = allocations_visible_to(actor)
    if fund_id is not None:
        rows = rows.where(Allocation.fund_id == fund_id)
    if partner_id is not None:
        rows = rows.where(Allocation.partner_id == partner_id)
    if running_on is not None:
        rows = rows.where(Allocation.fund.has(Fund.period_end_on >= running_on))
    return page(rows, Allocation.id, limit=limit, after=after)


def name_is_taken(name: str) -> bool:
    """Tell whether a fund has this name."""
    return session.scalar(select(Fund.id).where(Fund.name == name)) is not None
