"""The ledger's SELECTs. A partner sees the accounts and entries that are its own."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from mdf.ledger.errors import AccountNotFound, TransactionNotFound
from mdf.ledger.model import LedgerAccount, LedgerBalance, LedgerPosting, LedgerTransaction
from mdf.ledger.rules import AccountKey, AccountKind
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission

Row = TypeVar("Row")

LOCK = text("SELECT account_id, balance_minor, sequence, hash FROM ledger_lock(:fund_id, :account_ids)").bindparams(
    bindparam("account_ids", type_=ARRAY(BigInteger))
)


def visible_to(actor: Actor) -> Select[LedgerAccount]:
    """Return the accounts that an actor may read: finance all, a partner its own. Raises Forbidden."""
    return _readable(actor, LedgerAccount)


def _readable(actor: Actor, model: type[Row]) -> Select[Row]:
    authorize(actor, Permission.MDF_ALLOCATION_READ if actor.is_partner else Permission.MDF_LEDGER_READ)
    return owned_by(actor, model)


def account(actor: Actor, account_id: int) -> LedgerAccount:
    """Return one account with its balance. Raises AccountNotFound."""
    found = session.scalar(
        visible_to(actor).where(LedgerAccount.id == account_id).options(joinedload(LedgerAccount.balance))
    )
    if found is None:
        raise AccountNotFound
    return found


def accounts_page(
    actor: Actor,
    *,
    fund_id: int | None = None,
    partner_id: int | None = None,
    allocation_id: int | None = None,
    request_id: int | None = None,
    claim_id: int | None = None,
    kind: AccountKind | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[LedgerAccount]:
    """List accounts with their balances, newest first."""
    rows = visible_to(actor).options(joinedload(LedgerAccount.balance))
    wanted = {
        "fund_id": fund_id,
        "partner_id": partner_id,
        "allocation_id": allocation_id,
        "request_id": request_id,
        "claim_id": claim_id,
        "kind": kind,
    }
    rows = rows.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return page(rows, LedgerAccount.id, limit=limit, after=after)


def postings_page(actor: Actor, *, limit: int = 50, after: int | None = None, **wanted: Any) -> Page[LedgerPosting]:
    """List entries, newest first, each with its account and its transaction.

    `wanted` narrows by account_id, fund_id, allocation_id, request_id, claim_id or kind.
    """
    rows = _listed(actor, **wanted).options(joinedload(LedgerPosting.account), joinedload(LedgerPosting.transaction))
    return page(rows, LedgerPosting.id, limit=limit, after=after)


def _listed(actor: Actor, *, account_id: int | None = None, **wanted: Any) -> Select[LedgerPosting]:
    rows = _readable(actor, LedgerPosting).join(LedgerPosting.account)
    if account_id is not None:
        rows = rows.where(LedgerPosting.account_id == account_id)
    for name, value in wanted.items():
        if value is not None:
            rows = rows.where(getattr(LedgerAccount, name) == value)
    return rows


def totals(actor: Actor, **wanted: Any) -> list[Money]:
    """Sum the entries that `postings_page` lists for the same question, by currency."""
    rows = (
        _listed(actor, **wanted)
        .with_only_columns(LedgerPosting.currency, func.sum(LedgerPosting.amount_minor))
        .group_by(LedgerPosting.currency)
    )
    return [Money(int(total), currency) for currency, total in session.execute(rows)]


def transactions_page(
    actor: Actor, *, fund_id: int | None = None, limit: int = 50, after: int | None = None
) -> Page[LedgerTransaction]:
    """List transactions with the entries that the actor may see, newest first."""
    rows = _readable(actor, LedgerTransaction).options(
        selectinload(LedgerTransaction.postings).joinedload(LedgerPosting.account)
    )
    if fund_id is not None:
        rows = rows.where(LedgerTransaction.fund_id == fund_id)
    return page(rows, LedgerTransaction.id, limit=limit, after=after)


def transaction(actor: Actor, transaction_id: int) -> LedgerTransaction:
    """Return one transaction with the entries that the actor may see. Raises TransactionNotFound."""
    found = session.scalar(
        _readable(actor, LedgerTransaction)
        .where(LedgerTransaction.id == transaction_id)
        .options(selectinload(LedgerTransaction.postings).joinedload(LedgerPosting.account))
    )
    if found is None:
        raise TransactionNotFound
    return found


def ids_of(fund_id: int, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
    """Find the accounts that exist among these addresses of one fund."""
    wanted = or_(*(_is(key) for key in keys))
    address = (
        LedgerAccount.fund_id,
        LedgerAccount.kind,
        LedgerAccount.partner_id,
        LedgerAccount.allocation_id,
        LedgerAccount.request_id,
        LedgerAccount.claim_id,
    )
    found = session.execute(select(LedgerAccount.id, *address).where(LedgerAccount.fund_id == fund_id, wanted))
    return {
        AccountKey(row.fund_id, row.kind, row.partner_id, row.allocation_id, row.request_id, row.claim_id): row.id
        for row in found
    }


def _is(key: AccountKey) -> ColumnElement[bool]:
    return and_(
        LedgerAccount.kind == key.kind,
        LedgerAccount.allocation_id.is_not_distinct_from(key.allocation_id),
        LedgerAccount.request_id.is_not_distinct_from(key.request_id),
        LedgerAccount.claim_id.is_not_distinct_from(key.claim_id),
    )


def balance(actor: Actor, key: AccountKey) -> int:
    """Return what stands on an account, in minor units; an account that nothing was posted to holds zero."""
    return (
        session.scalar(
            owned_by(actor, LedgerAccount)
            .join(LedgerBalance, LedgerBalance.account_id == LedgerAccount.id)
            .with_only_columns(LedgerBalance.balance_minor)
            .where(LedgerAccount.fund_id == key.fund_id, _is(key))
        )
        or 0
    )


def sums(
    actor: Actor, column: InstrumentedAttribute[Any], values: Sequence[int]
) -> list[tuple[int, AccountKind, str, int]]:
    """Sum balances by one column of the accounts, by kind and by currency, over the accounts with these values."""
    rows = (
        owned_by(actor, LedgerAccount)
        .join(LedgerBalance, LedgerBalance.account_id == LedgerAccount.id)
        .with_only_columns(column, LedgerAccount.kind, LedgerAccount.currency, func.sum(LedgerBalance.balance_minor))
        .where(column.in_(list(values)))
        .group_by(column, LedgerAccount.kind, LedgerAccount.currency)
    )
    return [(group, kind, currency, int(total)) for group, kind, currency, total in session.execute(rows)]


def is_posted(fund_id: int, reference: str) -> bool:
    """Tell whether a fund has a transaction with this reference."""
    found = select(LedgerTransaction.id).where(
        LedgerTransaction.fund_id == fund_id, LedgerTransaction.reference == reference
    )
    return session.scalar(found) is not None
