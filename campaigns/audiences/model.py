"""Contacts, consents, suppressions. Row security lets no brand role see the first two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.audiences.rules import ConsentChannel, ConsentScope, SuppressionReason, SuppressionScope
from tcma.infra.db import Model, PartnerOwned, Timestamped, state_column


class ContactImport(PartnerOwned, Model):
    """One file that was taken over, row by row: the report of it, and the evidence of where contacts came from."""

    __tablename__ = "contact_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str]
    file_sha256: Mapped[str]
    consent_source: Mapped[str]
    consent_text: Mapped[str] = mapped_column(default="")
    created: Mapped[int]
    updated: Mapped[int]
    skipped: Mapped[int]
    without_consent: Mapped[int]
    suppressed: Mapped[int]
    errors: Mapped[list[Any]]  # {row, field, reason}, without the row's content
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    imported_at: Mapped[datetime]


class Contact(PartnerOwned, Timestamped, Model):
    """A person whom a partner may write to."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("partner_id", "email_normalized", name="uq_contacts_partner_id_email_normalized"),
        Index("ix_contacts_partner_id_address_hash", "partner_id", "address_hash"),
        # What a fan-out walks along, and what a page of contacts reads.
        Index("ix_contacts_partner_id_id", "partner_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    email: Mapped[str]  # deliverable as it stands: the domain is in its ASCII form
    email_normalized: Mapped[str]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)  # so that suppression is a join, not a loop in Python
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    company: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")  # empty: the partner's
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Consent(PartnerOwned, Model):
    """What a person agreed to, where, when, and on which words. Never deleted while the contact lives."""

    __tablename__ = "consents"
    __table_args__ = (
        # One live consent per contact, channel and scope: a repeated import adds nothing.
        Index(
            "uq_consents_live",
            "contact_id",
            "channel",
            "scope",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    channel: Mapped[ConsentChannel] = mapped_column(state_column(ConsentChannel))
    scope: Mapped[ConsentScope] = mapped_column(state_column(ConsentScope))
    source: Mapped[str]
    text_shown: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    withdrawn_at: Mapped[datetime | None]


class Suppression(Model):
    """An address that must not be mailed, kept as a keyed hash. `partner_id` is NULL when it binds every partner."""

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint("(scope = 'partner') = (partner_id IS NOT NULL)", name="scope_matches_partner"),
        Index(
            "uq_suppressions_partner",
            "address_hash",
            "partner_id",
            unique=True,
            postgresql_where=text("partner_id IS NOT NULL"),
        ),
        Index(
            "uq_suppressions_everyone",
            "address_hash",
            "scope",
            unique=True,
            postgresql_where=text("partner_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    scope: Mapped[SuppressionScope] = mapped_column(state_column(SuppressionScope))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[SuppressionReason] = mapped_column(state_column(SuppressionReason))
    created_at: Mapped[datetime]
