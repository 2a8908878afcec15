"""Launches and their touches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.kits.rules import TouchChannel
from campaigns.launches.rules import Approval, LaunchState, TouchState
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column


class Launch(PartnerOwned, Timestamped, Revised, Model):
    """One partner's run of a kit version."""

    __tablename__ = "launches"

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_version_id: Mapped[int] = mapped_column(ForeignKey("kit_versions.id"), index=True)
    name: Mapped[str]
    state: Mapped[LaunchState] = mapped_column(state_column(LaunchState), default=LaunchState.DRAFT, index=True)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)  # touch key -> variable -> value
    sender_name: Mapped[str]
    sender_email: Mapped[str]
    reply_to: Mapped[str]
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("senders.id"))  # none: the partner itself
    # Wall time of the partner, without a zone on purpose: the zone is beside it, the instant is worked out late.
    starts_at_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    time_zone: Mapped[str]
    launched_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    launched_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # a person said "go on": lateness counts from here
    completed_at: Mapped[datetime | None]
    stopped_reason: Mapped[str] = mapped_column(default="")
    approval: Mapped[Approval] = mapped_column(state_column(Approval), default=Approval.NOT_NEEDED, server_default="")
    approval_note: Mapped[str] = mapped_column(default="", server_default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    on_behalf: Mapped[bool] = mapped_column(default=False, server_default=false())  # by the brand, for the partner

    touches: Mapped[list[LaunchTouch]] = relationship(back_populates="launch", order_by="LaunchTouch.position")


class SenderHold(Model):
    """A partner that may send nothing until the brand releases it."""

    __tablename__ = "sender_holds"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str]
    held_at: Mapped[datetime]

    @property
    def id(self) -> int:
        """Give the number under which the audit trail names it: the partner's."""
        return self.partner_id


class LaunchTouch(PartnerOwned, Model):
    """One step of a launch; carries its own copy of the kit's touch."""

    __tablename__ = "launch_touches"
    __table_args__ = (
        UniqueConstraint("launch_id", "key", name="uq_launch_touches_launch_id_key"),
        # What a delivery refers to.
        UniqueConstraint("id", "launch_id", "partner_id", name="uq_launch_touches_id_launch_id_partner_id"),
        # What the tick reads: nothing but open touches, soonest first.
        Index("ix_launch_touches_waiting", "due_at_local", postgresql_where=text("state = 'waiting'")),
        Index("ix_launch_touches_due_at_local", "due_at_local"),
        Index("ix_launch_touches_due", "id", postgresql_where=text("state = 'due'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    launch_id: Mapped[int] = mapped_column(ForeignKey("launches.id", ondelete="CASCADE"))
    key: Mapped[str]
    channel: Mapped[TouchChannel] = mapped_column(state_column(TouchChannel))
    position: Mapped[int]
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_versions.id"))  # none: text alone
    due_at_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    due_at: Mapped[datetime]  # the instant as last worked out from wall time and zone
    state: Mapped[TouchState] = mapped_column(state_column(TouchState), default=TouchState.WAITING)
    document: Mapped[dict[str, Any]]
    # A post on a network, due without an account to post it: a person shares it, or connects one.
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    fanned_out_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    launch: Mapped[Launch] = relationship(back_populates="touches")

    @property
    def way(self) -> TouchChannel:
        """Return how it reaches people: as its channel says, or by hand in place of a network."""
        return TouchChannel.SHARE if self.by_hand else self.channel
