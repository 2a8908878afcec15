"""Funds and allocations. Their amounts are balances of the ledger, never columns here."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tcma.infra.db import Model, PartnerOwned, Timestamped


class Fund(Timestamped, Model):
    """A budget of a program for a period, in one currency."""

    __tablename__ = "mdf_funds"
    __table_args__ = (
        UniqueConstraint("id", "currency", name="uq_mdf_funds_id_currency"),
        CheckConstraint("period_start_on <= period_end_on", name="period"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    program_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_programs.id"), index=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    currency: Mapped[str] = mapped_column(Text)
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]

    allocations: Mapped[list["Allocation"]] = relationship(back_populates="fund")


class Allocation(PartnerOwned, Timestamped, Model):
    """A partner's share of a fund."""

    __tablename__ = "mdf_allocations"
    __table_args__ = (
        UniqueConstraint("fund_id", "partner_id", name="uq_mdf_allocations_fund_partner"),
        UniqueConstraint("id", "partner_id", name="uq_mdf_allocations_id_partner"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    fund_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_funds.id"))

    fund: Mapped[Fund] = relationship(back_populates="allocations")
