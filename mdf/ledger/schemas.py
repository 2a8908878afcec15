"""What the ledger shows."""

from marshmallow import fields

from mdf.ledger.rules import AccountKind
from tcma.web.fields import IdField, ListQuery, MoneyField, Output, StateField


class AccountsQuery(ListQuery):
    """Ask for balances."""

    fund_id = IdField()
    partner_id = IdField()
    allocation_id = IdField()
    request_id = IdField()
    claim_id = IdField()
    kind = StateField(AccountKind)


class PostingsQuery(ListQuery):
    """Ask for entries."""

    account_id = IdField()
    fund_id = IdField()
    allocation_id = IdField()
    request_id = IdField()
    claim_id = IdField()
    kind = StateField(AccountKind)


class TransactionsQuery(ListQuery):
    """Ask for transactions."""

    fund_id = IdField()


class AccountOut(Output):
    """Show an account and what stands on it."""

    id = fields.Integer(required=True)
    fund_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    partner_id = fields.Integer(allow_none=True)
    allocation_id = fields.Integer(allow_none=True)
    request_id = fields.Integer(allow_none=True)
    claim_id = fields.Integer(allow_none=True)
    balance = MoneyField(attribute="standing", required=True)


class PostingOut(Output):
    """Show one entry: what an account gained, or gave (negative)."""

    id = fields.Integer(required=True)
    transaction_id = fields.Integer(required=True)
    line = fields.Integer(required=True)
    account_id = fields.Integer(required=True)
    account_kind = fields.String(attribute="account.kind", required=True)
    fund_id = fields.Integer(attribute="account.fund_id", required=True)
    partner_id = fields.Integer(allow_none=True)
    allocation_id = fields.Integer(attribute="account.allocation_id", allow_none=True)
    request_id = fields.Integer(attribute="account.request_id", allow_none=True)
    claim_id = fields.Integer(attribute="account.claim_id", allow_none=True)
    amount = MoneyField(required=True)
    kind = fields.String(attribute="transaction.kind", required=True)
    reference = fields.String(attribute="transaction.reference", required=True)
    posted_at = fields.AwareDateTime(attribute="transaction.posted_at", required=True)


class EntryOut(Output):
    """Show an entry inside its transaction."""

    id = fields.Integer(required=True)
    line = fields.Integer(required=True)
    account_id = fields.Integer(required=True)
    account_kind = fields.String(attribute="account.kind", required=True)
    amount = MoneyField(required=True)


class TransactionOut(Output):
    """Show one business event and its place in the fund's chain."""

    id = fields.Integer(required=True)
    fund_id = fields.Integer(required=True)
    sequence = fields.Integer(required=True)
    kind = fields.String(required=True)
    reference = fields.String(required=True)
    note = fields.String(required=True)
    actor_id = fields.Integer(allow_none=True)
    posted_at = fields.AwareDateTime(required=True)
    previous_hash = fields.Function(lambda row: bytes(row.previous_hash).hex(), required=True)
    hash = fields.Function(lambda row: bytes(row.hash).hex(), required=True)
    postings = fields.List(fields.Nested(EntryOut), required=True)
