"""Deliveries, the turns that partners take, tracked links, and what was shared by hand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.sending.rules import DeliveryState, Reason
from tcma.infra.db import Model, PartnerOwned, state_column
from tcma.kernel import clock


class Delivery(PartnerOwned, Model):
    """One touch to one contact. Carries no address: brand staff may count these rows."""

    __tablename__ = "deliveries"
    __table_args__ = (
        # What makes fan-out safe to repeat.
        UniqueConstraint("touch_id", "contact_id", name="uq_deliveries_touch_id_contact_id"),
        # One check in place of three for each row: a touch knows its launch and its partner.
        ForeignKeyConstraint(
            ["touch_id", "launch_id", "partner_id"],
            ["launch_touches.id", "launch_touches.launch_id", "launch_touches.partner_id"],
        ),
        Index("ix_deliveries_partner_id_id", "partner_id", "id"),
        # What a claim reads: nothing but owed rows, the longest due first.
        Index(
            "ix_deliveries_owed",
            "partner_id",
            "touch_id",
            "retry_at",
            "id",
            postgresql_where=text("state IN ('queued', 'deferred')"),
        ),
        # What the sweep reads: nothing but claims, the oldest lease first.
        Index("ix_deliveries_claimed", "lease_until", postgresql_where=text("state = 'claimed'")),
        Index("ix_deliveries_unknown", "partner_id", "id", postgresql_where=text("state = 'unknown'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column()
    launch_id: Mapped[int] = mapped_column(index=True)
    touch_id: Mapped[int]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    state: Mapped[DeliveryState] = mapped_column(state_column(DeliveryState), default=DeliveryState.QUEUED)
    reason: Mapped[Reason] = mapped_column(state_column(Reason), default=Reason.NONE, server_default="")
    detail: Mapped[str] = mapped_column(default="", server_default="")  # the server's words, without addresses
    message_id: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")  # how often a mail server spoke about it
    builds: Mapped[int] = mapped_column(default=0, server_default="0")  # how often in a row its letter failed to build
    retry_at: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]
    # Set in the transaction before the message leaves: from then on it may have left.
    handing_over_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class MailedPerson(Model):
    """Who has mailed an address about a kit last: nobody else does for a while. Read by no query, but by a function."""

    __tablename__ = "mailed_people"

    address_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"), primary_key=True, autoincrement=False)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    mailed_at: Mapped[datetime]


class MailCount(Model):
    """How many mails of campaigns an address got on a day. Read by no query, but by a function."""

    __tablename__ = "mail_counts"

    address_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class Turn(Model):
    """Whose mails are being sent, and which message to the workers is outstanding: one chain of jobs per partner."""

    __tablename__ = "sending_turns"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    expected_by: Mapped[datetime | None]  # a job was asked for and should have begun by then
    running_until: Mapped[datetime | None]  # a job is at work and shows itself until then
    resting_until: Mapped[datetime | None]  # the mail server is away: nobody tries until then


class TrackedLink(PartnerOwned, Model):
    """A target that a touch points at. Only what stands here can be redirected to."""

    __tablename__ = "tracked_links"
    __table_args__ = (UniqueConstraint("touch_id", "url", name="uq_tracked_links_touch_id_url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    touch_id: Mapped[int] = mapped_column(ForeignKey("launch_touches.id"))
    url: Mapped[str]


class Share(PartnerOwned, Model):
    """What a partner shared by hand, and where: evidence for a claim."""

    __tablename__ = "shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    launch_id: Mapped[int] = mapped_column(ForeignKey("launches.id"), index=True)
    touch_id: Mapped[int] = mapped_column(ForeignKey("launch_touches.id"), unique=True)
    network: Mapped[str] = mapped_column(default="")
    post_url: Mapped[str] = mapped_column(default="")
    shared_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
