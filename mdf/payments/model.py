"""Payment batches and their items."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mdf.payments.rules import BatchState, PaymentState
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column
from tcma.kernel.money import Money, sum_money


class PaymentBatch(Revised, Timestamped, Model):
    """One payment run in one currency. Only the brand sees it."""

    __tablename__ = "mdf_payment_batches"
    __table_args__ = (
        CheckConstraint("(released_by IS NULL) = (released_at IS NULL)", name="released"),
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by", name="second_person"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    state: Mapped[BatchState] = mapped_column(state_column(BatchState), index=True)
    currency: Mapped[str] = mapped_column(Text)
    pay_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    prepared_by: Mapped[int] = mapped_column(BigInteger)
    prepared_by_name: Mapped[str] = mapped_column(Text)
    released_by: Mapped[int | None] = mapped_column(BigInteger)
    released_by_name: Mapped[str] = mapped_column(Text, default="")
    released_at: Mapped[datetime | None]
    exported_by: Mapped[int | None] = mapped_column(BigInteger)
    exported_at: Mapped[datetime | None]
    file_sha256: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]

    payments: Mapped[list["Payment"]] = relationship(back_populates="batch", order_by="Payment.id")

    @property
    def live_payments(self) -> list["Payment"]:
        """Give the items that were not taken out."""
        return [payment for payment in self.payments if payment.state is not PaymentState.REMOVED]

    @property
    def total(self) -> Money:
        """Give what the batch pays in all."""
        return sum_money((payment.amount for payment in self.live_payments), self.currency)


class Payment(PartnerOwned, Revised, Timestamped, Model):
    """One item of a batch: pays one claim to its partner."""

    __tablename__ = "mdf_payments"
    __table_args__ = (
        Index(
            "uq_mdf_payments_live_claim",
            "claim_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'settled')"),
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(state = 'settled') = (paid_on IS NOT NULL)", name="paid_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_payment_batches.id"), index=True)
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claims.id"), index=True)
    approval_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claim_approvals.id"))
    approved_by: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[PaymentState] = mapped_column(state_column(PaymentState), index=True)
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    payee: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text)
    supplier_invoice: Mapped[str] = mapped_column(Text)
    paid_on: Mapped[date | None]
    bank_reference: Mapped[str] = mapped_column(Text, default="")
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str] = mapped_column(Text, default="")

    batch: Mapped[PaymentBatch] = relationship(back_populates="payments")

    @property
    def amount(self) -> Money:
        """Give what is paid."""
        return Money(self.amount_minor, self.currency)
