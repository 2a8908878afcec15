"""The verbs of funds: create, budget, allocate, take back; and the wallet of a partner."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from mdf.funds import queries, rules
from mdf.funds.errors import BadPeriod, NameTaken
from mdf.funds.model import Allocation, Fund
from mdf.funds.rules import AllocationView, FundView
from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Posting, Standing
from mdf.programs import service as programs
from mdf.programs.rules import YEARS_OF_FUNDS, check_reach
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.infra.paging import Page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission

__all__ = [
    "AllocationView",
    "FundView",
    "allocate",
    "allocation",
    "allocations_page",
    "budget",
    "create",
    "one",
    "page_of",
    "take_back",
    "wallet",
]


def create(
    actor: Actor,
    *,
    program_id: int,
    name: str,
    currency: str,
    period_start_on: date,
    period_end_on: date,
    budget: Money | None = None,
) -> FundView:
    """Begin a fund of a program, with its first budget if one is given.

    Raises Forbidden, ProgramNotFound, NameTaken, BadPeriod, DateTooFar, WrongCurrency, NoAmount.
    """
    authorize(actor, Permission.MDF_FUND_CREATE)
    program_id = programs.one_id(actor, program_id)
    if queries.name_is_taken(name):
        raise NameTaken(errors={"name": [NameTaken.message]})
    if period_end_on < period_start_on:
        raise BadPeriod(errors={"period_end_on": [BadPeriod.message]})
    period = {"period_start_on": period_start_on, "period_end_on": period_end_on}
    check_reach(clock.today(), period, YEARS_OF_FUNDS)
    if budget is not None:
        rules.check_amount(budget, currency, field="budget")
    fund = Fund(
        program_id=program_id,
        name=name,
        currency=currency,
        period_start_on=period_start_on,
        period_end_on=period_end_on,
    )
    session.add(fund)
    _flush_name()
    audit.record(actor, "mdf.fund.created", fund, after={"name": name, "currency": currency})
    if budget is not None:
        _add_budget(actor, fund, budget, "")
    return _view(actor, fund)


def budget(actor: Actor, fund_id: int, *, amount: Money, note: str = "") -> FundView:
    """Put more money into a fund. Raises FundNotFound, Forbidden, WrongCurrency, NoAmount."""
    fund = queries.one(actor, fund_id)
    authorize(actor, Permission.MDF_FUND_CREATE, fund)
    rules.check_amount(amount, fund.currency)
    _add_budget(actor, fund, amount, note)
    return _view(actor, fund)


def _add_budget(actor: Actor, fund: Fund, amount: Money, note: str) -> None:
    source, target = ledger.of_fund(fund.id, AccountKind.FUNDING), ledger.of_fund(fund.id, AccountKind.UNALLOCATED)
    ledger.post(
        actor,
        fund.id,
        [Posting(source, target, amount)],
        kind="fund.budgeted",
        reference=f"fund:{fund.id}:budgeted:{secrets.token_hex(8)}",
        note=note,
    )
    audit.record(actor, "mdf.fund.budgeted", fund, amount=str(amount), note=note)


def allocate(actor: Actor, fund_id: int, *, partner_id: int, amount: Money, note: str = "") -> AllocationView:
    """Give a partner a share of a fund, or more of it.

    Raises FundNotFound, Forbidden, NotFound for an unknown partner, WrongCurrency, NoAmount, NotEnoughMoney.
    """
    fund = queries.one(actor, fund_id)
    authorize(actor, Permission.MDF_ALLOCATION_CREATE, fund)
    rules.check_amount(amount, fund.currency)
    partner = accounts.partner_profile(actor, partner_id)
    # Two commands that open the same allocation take turns at its unique constraint.
    session.execute(
        insert(Allocation)
        .values(fund_id=fund.id, partner_id=partner.id, created_at=clock.now(), updated_at=clock.now())
        .on_conflict_do_nothing(constraint="uq_mdf_allocations_fund_partner")
    )
    allocation = queries.allocations_page(actor, fund_id=fund.id, partner_id=partner.id, limit=1).items[0]
    ledger.post(
        actor,
        fund.id,
        [Posting(ledger.of_fund(fund.id, AccountKind.UNALLOCATED), _available(allocation), amount)],
        kind="allocation.made",
        reference=f"allocation:{allocation.id}:made:{secrets.token_hex(8)}",
        note=note,
    )
    audit.record(actor, "mdf.allocation.made", allocation, amount=str(amount), fund_id=fund.id, note=note)
    return _allocation_views(actor, [allocation])[0]


def take_back(actor: Actor, allocation_id: int, *, amount: Money, note: str = "") -> AllocationView:
    """Return part of what a partner has available to the fund; what is held or spent stays.

    Raises AllocationNotFound, Forbidden, WrongCurrency, NoAmount, NotEnoughMoney.
    """
    allocation = queries.allocation(actor, allocation_id)
    authorize(actor, Permission.MDF_ALLOCATION_CREATE, allocation)
    rules.check_amount(amount, allocation.fund.currency)
    target = ledger.of_fund(allocation.fund_id, AccountKind.UNALLOCATED)
    ledger.post(
        actor,
        allocation.fund_id,
        [Posting(_available(allocation), target, amount)],
        kind="allocation.taken_back",
        reference=f"allocation:{allocation.id}:taken_back:{secrets.token_hex(8)}",
        note=note,
    )
    audit.record(actor, "mdf.allocation.taken_back", allocation, amount=str(amount), note=note)
    return _allocation_views(actor, [allocation])[0]


def one(actor: Actor, fund_id: int) -> FundView:
    """Show a fund and where its money stands. Raises FundNotFound."""
    return _view(actor, queries.one(actor, fund_id))


def page_of(
    actor: Actor, *, program_id: int | None = None, limit: int = 50, after: int | None = None
) -> Page[FundView]:
    """List funds and where their money stands, newest first."""
    found = queries.page_of(actor, program_id=program_id, limit=limit, after=after)
    return Page(_views(actor, found.items), found.next)


def allocation(actor: Actor, allocation_id: int) -> AllocationView:
    """Show an allocation and where its money stands. Raises AllocationNotFound."""
    return _allocation_views(actor, [queries.allocation(actor, allocation_id)])[0]


def allocations_page(
    actor: Actor,
    *,
    fund_id: int | None = None,
    partner_id: int | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[AllocationView]:
    """List allocations and where their money stands, newest first."""
    found = queries.allocations_page(actor, fund_id=fund_id, partner_id=partner_id, limit=limit, after=after)
    return Page(_allocation_views(actor, found.items), found.next)


def wallet(actor: Actor, partner_id: int) -> list[AllocationView]:
    """Show what a partner has in the funds whose period is not over, and where it stands."""
    found = queries.allocations_page(actor, partner_id=partner_id, running_on=clock.today(), limit=200)
    return _allocation_views(actor, found.items)


def _available(allocation: Allocation) -> ledger.AccountKey:
    return ledger.of_allocation(
        allocation.fund_id, AccountKind.AVAILABLE, partner_id=allocation.partner_id, allocation_id=allocation.id
    )


def _view(actor: Actor, fund: Fund) -> FundView:
    return _views(actor, [fund])[0]


def _views(actor: Actor, funds: Sequence[Fund]) -> list[FundView]:
    standings = ledger.by_fund(actor, [fund.id for fund in funds])
    names = programs.names(actor)
    views = []
    for fund in funds:
        standing = standings.get(fund.id, Standing(fund.currency, {}))
        unallocated, funding = standing[AccountKind.UNALLOCATED], standing[AccountKind.FUNDING]
        views.append(
            FundView(
                id=fund.id,
                program_id=fund.program_id,
                program_name=names.get(fund.program_id, ""),
                name=fund.name,
                currency=fund.currency,
                period_start_on=fund.period_start_on,
                period_end_on=fund.period_end_on,
                budget=-funding,
                unallocated=unallocated,
                allocated=-funding - unallocated,
                **_amounts(standing),
            )
        )
    return views


def _allocation_views(actor: Actor, allocations: Sequence[Allocation]) -> list[AllocationView]:
    standings = ledger.by_allocation(actor, [allocation.id for allocation in allocations])
    names = _names(actor, {allocation.partner_id for allocation in allocations})
    views = []
    for allocation in allocations:
        fund = allocation.fund
        standing = standings.get(allocation.id, Standing(fund.currency, {}))
        views.append(
            AllocationView(
                id=allocation.id,
                fund_id=fund.id,
                fund_name=fund.name,
                program_id=fund.program_id,
                partner_id=allocation.partner_id,
                partner_name=names[allocation.partner_id],
                currency=fund.currency,
                period_start_on=fund.period_start_on,
                period_end_on=fund.period_end_on,
                allocated=standing.total(),
                **_amounts(standing),
            )
        )
    return views


def _names(actor: Actor, partner_ids: set[int]) -> dict[int, str]:
    if len(partner_ids) == 1:
        return {one: accounts.partner_profile(actor, one).trade_name for one in partner_ids}
    return {partner.id: partner.trade_name for partner in accounts.partners(actor)}


def _amounts(standing: Standing) -> dict[str, Money]:
    travelling = (
        AccountKind.AVAILABLE,
        AccountKind.PENDING,
        AccountKind.COMMITTED,
        AccountKind.PAYABLE,
        AccountKind.PAID,
        AccountKind.EXPIRED,
        AccountKind.CLAWED_BACK,
    )
    return {kind.value: standing[kind] for kind in travelling}


def _flush_name() -> None:
    """Let the database decide between two of one name at the same moment. Raises NameTaken."""
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_mdf_funds_name" in str(error.orig):
            raise NameTaken(errors={"name": [NameTaken.message]}) from error
        raise
