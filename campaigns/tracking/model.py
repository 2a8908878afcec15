"""Events: one row per request, kept as it came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.tracking.rules import EventKind, MadeBy
from tcma.infra.db import Model, PartnerOwned, state_column
from tcma.kernel import clock


class Event(PartnerOwned, Model):
    """One request to a tracked link, a pixel or an unsubscribe address. No delivery: the link was printed or posted."""

    __tablename__ = "tracking_events"
    __table_args__ = (
        Index("ix_tracking_events_launch_id_kind", "launch_id", "kind"),
        Index("ix_tracking_events_delivery_id_happened_at", "delivery_id", "happened_at"),
        # What the limit of a printed or posted link counts.
        Index("ix_tracking_events_printed", "link_id", postgresql_where=text("delivery_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    launch_id: Mapped[int] = mapped_column(ForeignKey("launches.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("launch_touches.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("tracked_links.id"))
    kind: Mapped[EventKind] = mapped_column(state_column(EventKind))
    made_by: Mapped[MadeBy] = mapped_column(state_column(MadeBy))
    user_agent: Mapped[str] = mapped_column(default="", server_default="")
    address_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # the network address, never kept in the clear
    happened_at: Mapped[datetime] = mapped_column(default=clock.now)
