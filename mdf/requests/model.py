"""Requests with their cost lines and what happened to them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    Numeric,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mdf.requests.rules import EventKind, RequestState
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column
from tcma.kernel.money import Money


class Request(PartnerOwned, Revised, Timestamped, Model):
    """What a partner plans and asks for. What is fixed at approval stays empty until then."""

    __tablename__ = "mdf_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["allocation_id", "partner_id"],
            ["mdf_allocations.id", "mdf_allocations.partner_id"],
            name="fk_mdf_requests_allocation_partner",
        ),
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("cost_minor >= 0 AND requested_minor >= 0", name="amounts"),
        CheckConstraint(
            "approved_minor IS NULL OR (approved_minor > 0 AND approved_minor <= requested_minor)",
            name="approved",
        ),
        CheckConstraint("(state IN ('approved', 'closed')) = (approval_hash IS NOT NULL)", name="approval_hash"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    allocation_id: Mapped[int] = mapped_column(BigInteger, index=True)
    fund_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_funds.id"), index=True)
    program_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_programs.id"))
    currency: Mapped[str] = mapped_column(Text)
    activity_type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    launch_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[RequestState] = mapped_column(state_column(RequestState), index=True)

    cost_minor: Mapped[int] = mapped_column(BigInteger)
    requested_minor: Mapped[int] = mapped_column(BigInteger)

    created_by: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)

    program_version_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("mdf_program_versions.id"))
    approved_minor: Mapped[int | None] = mapped_column(BigInteger)
    share_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    claim_until_on: Mapped[date | None]
    answer_by_on: Mapped[date | None]
    proof_list: Mapped[dict[str, Any] | None]
    rule_results: Mapped[list[Any] | None]
    approval_hash: Mapped[bytes | None] = mapped_column(LargeBinary)

    lines: Mapped[list["RequestLine"]] = relationship(
        back_populates="request", order_by="RequestLine.position", cascade="all, delete-orphan"
    )
    events: Mapped[list["RequestEvent"]] = relationship(viewonly=True, order_by="RequestEvent.id")

    @property
    def cost(self) -> Money:
        """Give the planned cost, the sum of the lines."""
        return Money(self.cost_minor, self.currency)

    @property
    def requested(self) -> Money:
        """Give what is asked for: the reimbursed share of the cost."""
        return Money(self.requested_minor, self.currency)

    @property
    def approved(self) -> Money | None:
        """Give what was granted, once it was."""
        return None if self.approved_minor is None else Money(self.approved_minor, self.currency)


class RequestLine(PartnerOwned, Model):
    """One planned cost."""

    __tablename__ = "mdf_request_lines"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_requests.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)

    request: Mapped[Request] = relationship(back_populates="lines")

    @property
    def amount(self) -> Money:
        """Give the planned cost of this line."""
        return Money(self.amount_minor, self.currency)


class RequestEvent(PartnerOwned, Model):
    """What happened, who did it and what was said. Both sides read it; nobody changes it."""

    __tablename__ = "mdf_request_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_requests.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(state_column(EventKind))
    state: Mapped[RequestState] = mapped_column(state_column(RequestState))
    by_user_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
