"""What the doors of claims take and give."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from mdf.claims.rules import ClaimState, Reason
from tcma.web.fields import IdField, Input, ListQuery, MoneyField, Output, StateField

_SHORT = validate.Length(max=200)
_LONG = validate.Length(max=4000)
_REQUIRED = validate.Length(min=1, max=4000)
_HASH = validate.Length(min=64, max=64)
_LOOK_FIRST: dict[str, Any] = {"required": "Send the money_hash of the claim that you looked at."}
_DECIMALS = {0, -1, -2}
_MONEY = ("net", "tax", "asked", "amount")


def is_countable(figure: Decimal) -> None:
    """Refuse what is no plain figure: up to 12 digits and 2 decimals, neither a sign nor an exponent.

    Said in words, since JSON has no decimal limits.
    """
    _, _, exponent = figure.as_tuple()
    if exponent not in _DECIMALS or figure.is_signed() or figure >= 10**12:
        raise ValidationError("Write a figure from 0 to 999999999999.99, with at most 2 decimals.")


class WithMoney(Input):
    """Take money from a form too, where the currency is there and the amount is left blank: that is no amount."""

    @pre_load
    def blank_is_nothing(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Read a currency without an amount as nothing."""
        blank = {name for name in _MONEY if isinstance(data.get(name), Mapping) and set(data[name]) == {"currency"}}
        return {name: None if name in blank else value for name, value in data.items()}


class OpenClaim(Input):
    """Begin a claim for an approved request."""

    request_id = IdField(required=True)


class EditClaim(WithMoney):
    """Change what a claim says; what is left out stays as it is."""

    supplier = fields.String(validate=_SHORT)
    supplier_tax_id = fields.String(validate=validate.Length(max=40))
    invoice_number = fields.String(validate=validate.Length(max=60))
    invoiced_on = fields.Date(allow_none=True)
    net = MoneyField(allow_none=True)
    tax = MoneyField(allow_none=True)
    asked = MoneyField(allow_none=True)
    figures = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=60)),
        values=fields.Decimal(allow_nan=False, as_string=True, validate=is_countable),
    )
    note = fields.String(validate=_LONG)


class AttachProof(Input):
    """Attach a file as one of the proofs on the list."""

    proof = fields.String(required=True, validate=validate.Length(min=1, max=60))
    asset_id = IdField(required=True)


class UploadProof(Input):
    """Upload a file and attach it: what a phone sends."""

    proof = fields.String(required=True, validate=validate.Length(min=1, max=60))
    file = fields.Raw(required=True, error_messages={"required": "Choose a file, or take a picture."})


class AddEvidence(Input):
    """Add what the service knows about a launch."""

    launch_id = IdField(required=True)


class SubmitClaim(Input):
    """Give the claim to finance."""

    note = fields.String(load_default="", validate=_LONG)


class Say(Input):
    """Ask, answer or dispute: something has to be said."""

    note = fields.String(required=True, validate=_REQUIRED)


class ApproveClaim(WithMoney):
    """Approve in full, or an amount with the reason; `seen` is the hash of what was looked at."""

    amount = MoneyField(allow_none=True)
    reason = fields.Enum(Reason, by_value=True, load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=_LONG)
    seen = fields.String(required=True, validate=_HASH, error_messages=_LOOK_FIRST)


class RejectClaim(Input):
    """Send back with a reason from the list, what is wrong in words, and what would pass.

    `seen` is the hash of what was looked at.
    """

    reason = fields.Enum(Reason, by_value=True, required=True)
    note = fields.String(required=True, validate=_REQUIRED)
    fix = fields.String(required=True, validate=_REQUIRED)
    seen = fields.String(required=True, validate=_HASH, error_messages=_LOOK_FIRST)


class ListClaims(ListQuery):
    """Ask for one page of claims."""

    state = fields.Enum(ClaimState, by_value=True, load_default=None)
    partner_id = IdField(load_default=None)
    request_id = IdField(load_default=None)


class ProofOut(Output):
    """A file on a claim."""

    id = fields.Integer()
    proof = fields.String()
    asset_id = fields.Integer()
    name = fields.String()
    media_type = fields.String()
    sha256 = fields.String()
    attached_at = fields.DateTime()


class ApprovalOut(Output):
    """One approval, in force or voided."""

    id = fields.Integer()
    amount = MoneyField()
    accepted_cost = MoneyField()
    share_percent = fields.Decimal(as_string=True)
    in_full = fields.Boolean()
    money_hash = fields.String()
    note = fields.String()
    approved_by_name = fields.String()
    approved_at = fields.DateTime()
    voided_at = fields.DateTime(allow_none=True)
    void_reason = fields.String()


class EvidenceOut(Output):
    """What the service knows itself."""

    launch_id = fields.Integer()
    label = fields.String()
    value = fields.String()
    link = fields.String()


class ClaimOut(Output):
    """A claim."""

    id = fields.Integer()
    partner_id = fields.Integer()
    request_id = fields.Integer()
    state = StateField(ClaimState)
    title = fields.String()
    supplier = fields.String()
    supplier_tax_id = fields.String()
    invoice_number = fields.String()
    invoiced_on = fields.Date(allow_none=True)
    currency = fields.String()
    net = MoneyField(allow_none=True)
    tax = MoneyField(allow_none=True)
    asked = MoneyField(allow_none=True)
    approved = MoneyField(allow_none=True)
    accepted_cost = MoneyField(allow_none=True)
    figures = fields.Dict()
    evidence = fields.List(fields.Nested(EvidenceOut))
    note = fields.String()
    proofs = fields.List(fields.Nested(ProofOut))
    approvals = fields.List(fields.Nested(ApprovalOut))
    reason = StateField(Reason, allow_none=True)
    reason_text = fields.String()
    reason_fix = fields.String()
    submitted_at = fields.DateTime(allow_none=True)
    decide_by_on = fields.Date(allow_none=True)
    answer_by_on = fields.Date(allow_none=True)
    decided_at = fields.DateTime(allow_none=True)
    pay_by_on = fields.Date(allow_none=True)
    paid_on = fields.Date(allow_none=True)
    money_hash = fields.String(metadata={"description": "Send it back as `seen` when you decide."})
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    revision = fields.Integer()


class NeededOut(Output):
    """One proof or figure on the list."""

    key = fields.String()
    name = fields.String()


class RuleOut(Output):
    """One rule with its outcome."""

    key = fields.String(attribute="code")
    name = fields.String(attribute="title")
    field = fields.String()
    passed = fields.Boolean()
    why = fields.String()
    fix = fields.String(attribute="what_passes")


class AssessmentOut(Output):
    """A claim held against the rules."""

    passed = fields.Boolean()
    expected = MoneyField()
    reserved = MoneyField(attribute="standing.reserved")
    remaining = MoneyField(attribute="standing.remaining")
    share_percent = fields.Decimal(as_string=True, attribute="standing.share_percent")
    results = fields.List(fields.Nested(RuleOut))
    proofs = fields.List(fields.Nested(NeededOut), attribute="needed")
    figures = fields.List(fields.Nested(NeededOut))


class EventOut(Output):
    """One thing that happened to a claim."""

    id = fields.Integer()
    kind = fields.String()
    state = StateField(ClaimState)
    by_name = fields.String()
    note = fields.String()
    at = fields.DateTime()


class HistoryOut(Output):
    """Everything that happened to a claim."""

    items = fields.List(fields.Nested(EventOut))
