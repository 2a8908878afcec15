"""Everything that can go wrong with a fund."""

from tcma.kernel.errors import Conflict, Invalid, NotFound


class FundNotFound(NotFound):
    """No such fund, or not yours to see."""

    code = "mdf_fund_not_found"
    message = "There is no such fund."


class AllocationNotFound(NotFound):
    """No such allocation, or not yours to see."""

    code = "mdf_allocation_not_found"
    message = "There is no such allocation."


class NameTaken(Conflict):
    """Two funds with one name cannot be told apart."""

    code = "mdf_fund_name_taken"
    message = "There is a fund with this name already."


class BadPeriod(Invalid):
    """A period ends before it begins."""

    code = "mdf_fund_bad_period"
    message = "The period ends before it begins."


class WrongCurrency(Invalid):
    """A fund has one currency."""

    code = "mdf_wrong_currency"
    message = "The amount is not in the currency of the fund."


class NoAmount(Invalid):
    """Zero moves nothing."""

    code = "mdf_no_amount"
    message = "Write an amount above zero."
