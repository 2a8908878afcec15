"""How a fund and its allocations read: pure."""

from dataclasses import dataclass
from datetime import date

from mdf.funds.errors import NoAmount, WrongCurrency
from tcma.kernel.money import Money


def check_amount(amount: Money, currency: str, *, field: str = "amount") -> None:
    """Let an amount above zero in the fund's currency pass. Raises WrongCurrency, NoAmount."""
    if amount.currency != currency:
        raise WrongCurrency(errors={field: [f"This fund is in {currency}, not in {amount.currency}."]})
    if amount.minor <= 0:
        raise NoAmount(errors={field: [NoAmount.message]})


@dataclass(frozen=True, slots=True)
class FundView:
    """A fund and where its money stands. All amounts are balances of the ledger."""

    id: int
    program_id: int
    program_name: str
    name: str
    currency: str
    period_start_on: date
    period_end_on: date
    budget: Money
    unallocated: Money
    allocated: Money
    available: Money
    pending: Money
    committed: Money
    payable: Money
    paid: Money
    expired: Money
    clawed_back: Money


@dataclass(frozen=True, slots=True)
class AllocationView:
    """A partner's share of a fund and where its money stands: one line of a wallet."""

    id: int
    fund_id: int
    fund_name: str
    program_id: int
    partner_id: int
    partner_name: str
    currency: str
    period_start_on: date
    period_end_on: date
    allocated: Money
    available: Money
    pending: Money
    committed: Money
    payable: Money
    paid: Money
    expired: Money
    clawed_back: Money
