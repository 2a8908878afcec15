"""Claims with their proofs, approvals, fingerprints and what happened to them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mdf.claims.rules import ClaimState, FingerprintKind, MoneyFacts, Reason, money_hash
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column
from tcma.kernel.money import Money


class Claim(PartnerOwned, Revised, Timestamped, Model):
    """What was spent on an approved request. Amounts are of the invoice; `approved` is what is reimbursed of them."""

    __tablename__ = "mdf_claims"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('approved', 'payable', 'paid', 'reversed')) = (approved_minor IS NOT NULL)", name="approved"
        ),
        CheckConstraint(
            "(approved_minor IS NULL AND accepted_cost_minor IS NULL)"
            " OR (approved_minor > 0 AND accepted_cost_minor > 0 AND accepted_cost_minor <= net_minor)",
            name="amounts",
        ),
        Index("ix_mdf_claims_queue", "state", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_requests.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(state_column(ClaimState))
    title: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)

    supplier: Mapped[str] = mapped_column(Text, default="")
    supplier_tax_id: Mapped[str] = mapped_column(Text, default="")
    invoice_number: Mapped[str] = mapped_column(Text, default="")
    invoiced_on: Mapped[date | None]
    net_minor: Mapped[int | None] = mapped_column(BigInteger)
    tax_minor: Mapped[int | None] = mapped_column(BigInteger)
    asked_minor: Mapped[int | None] = mapped_column(BigInteger)
    figures: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(Text, default="")

    worked_on_by: Mapped[list[Any]]
    submitted_at: Mapped[datetime | None]
    decide_by_on: Mapped[date | None]
    asked_at: Mapped[datetime | None]
    answer_by_on: Mapped[date | None]
    waited_business_days: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_at: Mapped[datetime | None]
    rejected_by: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[Reason | None] = mapped_column(state_column(Reason))
    reason_text: Mapped[str] = mapped_column(Text, default="")
    reason_fix: Mapped[str] = mapped_column(Text, default="")

    approved_minor: Mapped[int | None] = mapped_column(BigInteger)
    accepted_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    pay_by_on: Mapped[date | None]
    paid_on: Mapped[date | None]

    proofs: Mapped[list["ClaimProof"]] = relationship(
        back_populates="claim", order_by="ClaimProof.id", cascade="all, delete-orphan"
    )
    approvals: Mapped[list["ClaimApproval"]] = relationship(
        back_populates="claim", order_by="ClaimApproval.id", cascade="all"
    )
    events: Mapped[list["ClaimEvent"]] = relationship(viewonly=True, order_by="ClaimEvent.id")

    def _money(self, minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, self.currency)

    @property
    def net(self) -> Money | None:
        """Give the cost before tax."""
        return self._money(self.net_minor)

    @property
    def tax(self) -> Money | None:
        """Give the tax on the invoice, which is not reimbursed."""
        return self._money(self.tax_minor)

    @property
    def asked(self) -> Money | None:
        """Give what the partner asks for, where that is less than what is due."""
        return self._money(self.asked_minor)

    @property
    def approved(self) -> Money | None:
        """Give what was granted, once it was."""
        return self._money(self.approved_minor)

    @property
    def accepted_cost(self) -> Money | None:
        """Give the part of the cost that the approval reimburses."""
        return self._money(self.accepted_cost_minor)

    @property
    def approval(self) -> "ClaimApproval | None":
        """Give the approval that is in force."""
        return next((approval for approval in self.approvals if approval.voided_at is None), None)

    @property
    def money_hash(self) -> str:
        """Hash everything that an approval is about."""
        return money_hash(
            MoneyFacts(
                request_id=self.request_id,
                payee_partner_id=self.partner_id,
                currency=self.currency,
                net_minor=self.net_minor,
                tax_minor=self.tax_minor,
                asked_minor=self.asked_minor,
                supplier=self.supplier,
                supplier_tax_id=self.supplier_tax_id,
                invoice_number=self.invoice_number,
                invoiced_on=self.invoiced_on,
                attachments=frozenset((proof.proof, proof.sha256) for proof in self.proofs),
                figures=self.figures,
                evidence=self.evidence,
            )
        )


class ClaimProof(PartnerOwned, Model):
    """A file that proves the cost or the performance."""

    __tablename__ = "mdf_claim_proofs"
    __table_args__ = (UniqueConstraint("claim_id", "proof", "asset_id", name="uq_mdf_claim_proofs_asset"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claims.id"), index=True)
    proof: Mapped[str] = mapped_column(Text)
    asset_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assets.id"), index=True)
    sha256: Mapped[str] = mapped_column(Text)
    source_sha256: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    attached_at: Mapped[datetime]

    claim: Mapped[Claim] = relationship(back_populates="proofs")


class ClaimApproval(PartnerOwned, Model):
    """One approval: who, when, how much, of what exactly. In force until it is voided; never deleted."""

    __tablename__ = "mdf_claim_approvals"
    __table_args__ = (
        Index("uq_mdf_claim_approvals_in_force", "claim_id", unique=True, postgresql_where=text("voided_at IS NULL")),
        CheckConstraint("amount_minor > 0 AND accepted_cost_minor > 0", name="amounts"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claims.id"), index=True)
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    accepted_cost_minor: Mapped[int] = mapped_column(BigInteger)
    share_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    in_full: Mapped[bool]
    money_hash: Mapped[str] = mapped_column(Text)
    rule_results: Mapped[list[Any]]
    reason: Mapped[Reason | None] = mapped_column(state_column(Reason))
    note: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[int] = mapped_column(BigInteger)
    approved_by_name: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    claim: Mapped[Claim] = relationship(back_populates="approvals")

    @property
    def amount(self) -> Money:
        """Give what was granted."""
        return Money(self.amount_minor, self.currency)

    @property
    def accepted_cost(self) -> Money:
        """Give the part of the cost that it reimburses."""
        return Money(self.accepted_cost_minor, self.currency)


class ClaimFingerprint(PartnerOwned, Model):
    """What no two live claims share: its primary key is what blocks a duplicate, across all partners."""

    __tablename__ = "mdf_claim_fingerprints"

    kind: Mapped[FingerprintKind] = mapped_column(state_column(FingerprintKind), primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claims.id"), index=True)


class ClaimEvent(PartnerOwned, Model):
    """What happened, who did it and what was said. Both sides read it; nobody changes it."""

    __tablename__ = "mdf_claim_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_claims.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[ClaimState] = mapped_column(state_column(ClaimState))
    by_user_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
