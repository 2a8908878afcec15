"""What the doors of payments take and give."""

from marshmallow import fields, validate

from mdf.payments.rules import BatchState, PaymentState
from tcma.web.fields import IdField, Input, ListQuery, MoneyField, Output, StateField

_NOTE = validate.Length(max=2000)
_SAID = validate.Length(min=1, max=2000)


class PrepareBatch(Input):
    """Put approved claims of one currency into a batch."""

    claim_ids = fields.List(
        IdField(), required=True, validate=validate.Length(min=1, max=500, error="Choose at least one claim.")
    )
    pay_on = fields.Date(load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=_NOTE)


class SettlePayment(Input):
    """Say when the bank paid, and under which reference."""

    paid_on = fields.Date(required=True)
    bank_reference = fields.String(load_default="", validate=validate.Length(max=140))


class SayWhy(Input):
    """Cancel or fail: the reason has to be said."""

    note = fields.String(required=True, validate=_SAID)


class ListBatches(ListQuery):
    """Ask for one page of batches."""

    state = fields.Enum(BatchState, by_value=True, load_default=None)


class ListPayments(ListQuery):
    """Ask for one page of items."""

    state = fields.Enum(PaymentState, by_value=True, load_default=None)
    partner_id = IdField(load_default=None)
    claim_id = IdField(load_default=None)


class PaymentOut(Output):
    """One item: pays one claim."""

    id = fields.Integer()
    batch_id = fields.Integer()
    claim_id = fields.Integer()
    partner_id = fields.Integer()
    state = StateField(PaymentState)
    amount = MoneyField()
    payee = fields.String()
    reference = fields.String()
    title = fields.String()
    supplier_invoice = fields.String()
    paid_on = fields.Date(allow_none=True)
    bank_reference = fields.String()
    failure = fields.String()
    revision = fields.Integer()


class BatchOut(Output):
    """One payment run."""

    id = fields.Integer()
    state = StateField(BatchState)
    total = MoneyField()
    pay_on = fields.Date()
    note = fields.String()
    prepared_by_name = fields.String()
    released_by_name = fields.String()
    released_at = fields.DateTime(allow_none=True)
    exported_at = fields.DateTime(allow_none=True)
    file_sha256 = fields.String(allow_none=True)
    settled_at = fields.DateTime(allow_none=True)
    payments = fields.List(fields.Nested(PaymentOut))
    created_at = fields.DateTime()
    revision = fields.Integer()


class PayableOut(Output):
    """An approved claim that can be put into a batch."""

    id = fields.Integer()
    partner_id = fields.Integer()
    title = fields.String()
    amount = MoneyField()
    supplier = fields.String()
    invoice_number = fields.String()
    approved_by_name = fields.String()
    pay_by_on = fields.Date(allow_none=True)


class PayablesOut(Output):
    """Everything that can be put into a batch."""

    items = fields.List(fields.Nested(PayableOut))


class ListPayables(Input):
    """Ask what can be paid."""

    currency = fields.String(load_default=None, validate=validate.Regexp(r"^[A-Z]{3}$"))
