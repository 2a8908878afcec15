"""Accounts, transactions, postings and balances. What holds them true is in migration 0006, in PostgreSQL itself."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mdf.ledger.rules import AccountKey, AccountKind
from tcma.infra.db import Model, state_column
from tcma.kernel.money import Money


class LedgerAccount(Model):
    """A place where money stands."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint(
            "fund_id",
            "kind",
            "allocation_id",
            "request_id",
            "claim_id",
            name="uq_ledger_accounts_key",
            postgresql_nulls_not_distinct=True,
        ),
        UniqueConstraint("id", "currency", name="uq_ledger_accounts_id_currency"),
        ForeignKeyConstraint(
            ["fund_id", "currency"], ["mdf_funds.id", "mdf_funds.currency"], name="fk_ledger_accounts_fund_currency"
        ),
        CheckConstraint(
            "(kind IN ('funding', 'unallocated')) = (allocation_id IS NULL) "
            "AND (allocation_id IS NULL) = (partner_id IS NULL) "
            "AND (kind IN ('pending', 'committed', 'payable', 'paid', 'clawed_back')) = (request_id IS NOT NULL) "
            "AND (kind IN ('payable', 'paid', 'clawed_back')) = (claim_id IS NOT NULL)",
            name="depth",
        ),
        CheckConstraint("may_go_negative = (kind = 'funding')", name="negative"),
        Index("ix_ledger_accounts_partner_id", "partner_id"),
        Index("ix_ledger_accounts_allocation_id", "allocation_id"),
        Index("ix_ledger_accounts_request_id", "request_id"),
        Index("ix_ledger_accounts_claim_id", "claim_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    fund_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[AccountKind] = mapped_column(state_column(AccountKind))
    partner_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("partners.id"))
    allocation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("mdf_allocations.id"))
    request_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("mdf_requests.id"))
    claim_id: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    may_go_negative: Mapped[bool] = mapped_column(Boolean, default=False)

    balance: Mapped["LedgerBalance"] = relationship(viewonly=True, uselist=False)

    @property
    def key(self) -> AccountKey:
        """Give the address of this account."""
        return AccountKey(self.fund_id, self.kind, self.partner_id, self.allocation_id, self.request_id, self.claim_id)

    @property
    def standing(self) -> Money:
        """Give what stands on this account."""
        return Money(self.balance.balance_minor, self.currency)


class LedgerBalance(Model):
    """The sum of an account's entries. Kept by a trigger; the application may not write it."""

    __tablename__ = "ledger_balances"
    __table_args__ = (CheckConstraint("may_go_negative OR balance_minor >= 0", name="not_negative"),)

    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("ledger_accounts.id"), primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("partners.id"), index=True)
    may_go_negative: Mapped[bool] = mapped_column(Boolean)
    balance_minor: Mapped[int] = mapped_column(BigInteger)


class LedgerChain(Model):
    """The newest link of a fund's hash chain. Kept by a trigger; the application may not write it."""

    __tablename__ = "ledger_chains"

    fund_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_funds.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerTransaction(Model):
    """One business event: made of postings, chained to the one before it in its fund."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("fund_id", "sequence", name="uq_ledger_transactions_fund_sequence"),
        UniqueConstraint("fund_id", "reference", name="uq_ledger_transactions_fund_reference"),
        Index("ix_ledger_transactions_partner_id", "partner_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    fund_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_funds.id"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    partner_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("partners.id"))
    kind: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    posted_at: Mapped[datetime]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    postings: Mapped[list["LedgerPosting"]] = relationship(
        viewonly=True, order_by="LedgerPosting.id", back_populates="transaction"
    )


class LedgerPosting(Model):
    """One entry: what an account gained (positive) or gave (negative). Two entries of one line are one posting."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "currency"],
            ["ledger_accounts.id", "ledger_accounts.currency"],
            name="fk_ledger_postings_account_currency",
        ),
        CheckConstraint("amount_minor <> 0", name="not_zero"),
        Index("ix_ledger_postings_account_id", "account_id", "id"),
        Index("ix_ledger_postings_transaction_id", "transaction_id"),
        Index("ix_ledger_postings_partner_id", "partner_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("ledger_transactions.id"))
    line: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[int] = mapped_column(BigInteger)
    partner_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("partners.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)

    transaction: Mapped[LedgerTransaction] = relationship(viewonly=True, back_populates="postings")
    account: Mapped[LedgerAccount] = relationship(viewonly=True)

    @property
    def amount(self) -> Money:
        """Give what the account gained, or gave (negative)."""
        return Money(self.amount_minor, self.currency)
