"""What requests take and show."""

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from mdf.requests.rules import EventKind, RequestState
from tcma.web.fields import IdField, Input, ListQuery, MoneyField, Output, StateField

_TEXT = validate.Length(min=1, max=2000)
_NOTE = validate.Length(max=2000)
MOST_LINES = 50


class LineIn(Input):
    """One planned cost."""

    kind = fields.String(load_default="", validate=validate.Length(max=100))
    description = fields.String(required=True, validate=validate.Length(min=1, max=500))
    amount = MoneyField(required=True)


class EditRequest(Input):
    """Change what is planned; what is not named stays."""

    activity_type = fields.String(validate=validate.Length(min=1, max=100))
    title = fields.String(validate=validate.Length(min=1, max=200))
    description = fields.String(validate=validate.Length(max=5000))
    starts_on = fields.Date()
    ends_on = fields.Date()
    lines = fields.List(fields.Nested(LineIn), validate=validate.Length(max=MOST_LINES))


class DraftRequest(EditRequest):
    """Begin a request against an allocation."""

    allocation_id = IdField(required=True)
    activity_type = fields.String(required=True, validate=validate.Length(min=1, max=100))
    title = fields.String(required=True, validate=validate.Length(min=1, max=200))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class ApproveRequest(Input):
    """Grant all that was asked for, or a smaller amount."""

    amount = MoneyField(load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=_NOTE)


class ApproveSeen(ApproveRequest):
    """Grant what was looked at: its revision comes in `seen` or in If-Match."""

    seen = fields.Integer(load_default=None, metadata={"description": "The revision of the request as it was read."})


class RefuseRequest(Input):
    """Reject or decline, with the reason that the partner reads."""

    reason = fields.String(required=True, validate=_TEXT)


class AskPartner(Input):
    """Ask the partner something."""

    question = fields.String(required=True, validate=_TEXT)


class AnswerBrand(Input):
    """Answer what was asked."""

    answer = fields.String(required=True, validate=_TEXT)


class WithdrawRequest(Input):
    """Take a request back."""

    note = fields.String(load_default="", validate=_NOTE)


class LinkLaunch(Input):
    """Say which launch is the planned activity."""

    launch_id = IdField(required=True)


class RequestsQuery(ListQuery):
    """Ask for requests."""

    state = StateField(RequestState)
    partner_id = IdField()
    allocation_id = IdField()


class _FromAForm(Input):
    """Leave out what was not filled in, and call the revision what the service calls it."""

    @pre_load
    def leave_out_unused_rows(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Drop a row that has neither a description nor an amount."""
        data = dict(data)
        if isinstance(data.get("lines"), list):
            data["lines"] = [line for line in data["lines"] if _is_used(line)]
        amount = data.get("amount")
        if isinstance(amount, dict) and not amount.get("amount"):
            del data["amount"]  # only the currency, which the form always sends
        return data

    @post_load
    def name_the_revision(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Pass the revision that the form was opened on."""
        if "revision" in data:
            data["expected_revision"] = data.pop("revision")
        return data


def _is_used(line: Any) -> bool:
    if not isinstance(line, dict):
        return True
    amount = line.get("amount")
    return bool(line.get("description")) or (isinstance(amount, dict) and bool(amount.get("amount")))


class DraftRequestForm(_FromAForm, DraftRequest):
    """Begin a request from the portal."""


class EditRequestForm(_FromAForm, EditRequest):
    """Change a request from the portal."""

    revision = fields.Integer()


class ApproveRequestForm(_FromAForm, ApproveRequest):
    """Approve from the portal what is on the page."""

    revision = fields.Integer(required=True)


class SubmitRequestForm(_FromAForm):
    """Submit from the portal what is on the page."""

    revision = fields.Integer(required=True)


class RefuseRequestForm(_FromAForm, RefuseRequest):
    """Reject or decline from the portal what is on the page."""

    revision = fields.Integer(required=True)


class LineOut(Output):
    """Show one planned cost."""

    kind = fields.String(required=True)
    description = fields.String(required=True)
    amount = MoneyField(required=True)


class RequestOut(Output):
    """Show a request."""

    id = fields.Integer(required=True)
    partner_id = fields.Integer(required=True)
    allocation_id = fields.Integer(required=True)
    fund_id = fields.Integer(required=True)
    program_id = fields.Integer(required=True)
    program_version_id = fields.Integer(allow_none=True)
    activity_type = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    state = StateField(RequestState, required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    cost = MoneyField(required=True)
    requested = MoneyField(required=True)
    approved = MoneyField(allow_none=True)
    share_percent = fields.Decimal(as_string=True, allow_none=True)
    proof_list = fields.Dict(allow_none=True)
    claim_until_on = fields.Date(allow_none=True)
    answer_by_on = fields.Date(allow_none=True)
    launch_id = fields.Integer(allow_none=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    revision = fields.Integer(required=True)


class RuleResultOut(Output):
    """Show one rule: met or not, why, and what would meet it."""

    code = fields.String(required=True)
    field = fields.String(required=True)
    title = fields.String(required=True)
    passed = fields.Boolean(required=True)
    why = fields.String(required=True)
    what_passes = fields.String(required=True)


class PreCheckOut(Output):
    """Show what the rules say, and what would come of it."""

    passed = fields.Boolean(required=True)
    results = fields.List(fields.Nested(RuleResultOut), required=True)
    cost = MoneyField(required=True)
    requested = MoneyField(required=True)
    share_percent = fields.Decimal(as_string=True, required=True)
    line_shares = fields.List(MoneyField(), required=True)
    decide_by_on = fields.Date(required=True)
    claim_until_on = fields.Date(required=True)
    program_version_id = fields.Integer(required=True)


class EventOut(Output):
    """Show what happened to a request."""

    id = fields.Integer(required=True)
    kind = StateField(EventKind, required=True)
    state = StateField(RequestState, required=True)
    by_name = fields.String(required=True)
    note = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
