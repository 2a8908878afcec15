"""What funds and allocations take and show."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money
from tcma.web.fields import IdField, Input, ListQuery, MoneyField, Output

_NOTE = validate.Length(max=500)
_CURRENCY = validate.Regexp(r"\A[A-Z]{3}\Z", error="Write the currency as three letters, such as EUR.")


class CreateFund(Input):
    """Begin a fund."""

    program_id = IdField(required=True)
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    currency = fields.String(required=True, validate=_CURRENCY)
    period_start_on = fields.Date(required=True)
    period_end_on = fields.Date(required=True)
    budget = MoneyField(load_default=None, allow_none=True)


class AddBudget(Input):
    """Put money into a fund."""

    amount = MoneyField(required=True)
    note = fields.String(load_default="", validate=_NOTE)


class Allocate(Input):
    """Give a partner a share of a fund."""

    partner_id = IdField(required=True)
    amount = MoneyField(required=True)
    note = fields.String(load_default="", validate=_NOTE)


class AllocateFrom(Allocate):
    """Give a partner a share of the fund that is named."""

    fund_id = IdField(required=True)


class TakeBack(Input):
    """Return part of what is available to the fund."""

    amount = MoneyField(required=True)
    note = fields.String(load_default="", validate=_NOTE)


class FundsQuery(ListQuery):
    """Ask for funds."""

    program_id = IdField()


class AllocationsQuery(ListQuery):
    """Ask for allocations."""

    fund_id = IdField()
    partner_id = IdField()


class _Standing(Output):
    currency = fields.String(required=True)
    period_start_on = fields.Date(required=True)
    period_end_on = fields.Date(required=True)
    allocated = MoneyField(required=True)
    available = MoneyField(required=True)
    pending = MoneyField(required=True)
    committed = MoneyField(required=True)
    payable = MoneyField(required=True)
    paid = MoneyField(required=True)
    expired = MoneyField(required=True)
    clawed_back = MoneyField(required=True)


class FundOut(_Standing):
    """Show a fund and where its money stands."""

    id = fields.Integer(required=True)
    program_id = fields.Integer(required=True)
    program_name = fields.String(required=True)
    name = fields.String(required=True)
    budget = MoneyField(required=True)
    unallocated = MoneyField(required=True)


class AllocationOut(_Standing):
    """Show a partner's share of a fund and where it stands."""

    id = fields.Integer(required=True)
    fund_id = fields.Integer(required=True)
    fund_name = fields.String(required=True)
    program_id = fields.Integer(required=True)
    partner_id = fields.Integer(required=True)
    partner_name = fields.String(required=True)


class CreateFundForm(CreateFund):
    """Begin a fund from the portal, where the budget is written in the fund's currency."""

    budget = fields.String(load_default="")  # type: ignore[assignment] # a text here, money in the API

    @post_load
    def read_the_budget(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Read the budget in the currency that was chosen."""
        try:
            budget = Money.parse(data["budget"], data["currency"]) if data["budget"] else None
        except DomainError as error:
            raise ValidationError(error.detail, "budget") from error
        return {**data, "budget": budget}
