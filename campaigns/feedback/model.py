"""What came back, one row for each report; the message itself is not kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.feedback.rules import Kind
from tcma.infra.db import Model, PartnerOwned, state_column
from tcma.kernel import clock


class FeedbackReport(PartnerOwned, Model):
    """What one report said about one delivery, without addresses."""

    __tablename__ = "feedback_reports"
    __table_args__ = (
        # What makes hearing the same report twice harmless.
        UniqueConstraint("delivery_id", "fingerprint", name="uq_feedback_reports_delivery_id_fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[Kind] = mapped_column(state_column(Kind))
    status: Mapped[str]
    words: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
