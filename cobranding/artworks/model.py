"""Artworks, and what the brand decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cobranding.artworks.rules import ArtworkState, Decision, RejectionCode
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column
from tcma.kernel import clock


class Artwork(PartnerOwned, Timestamped, Revised, Model):
    """One partner's values for one template version; `locale` is empty while it is the partner's own."""

    __tablename__ = "artworks"
    __table_args__ = (
        # The reviewers' queue: nothing but what waits, the longest first.
        Index("ix_artworks_in_review", "submitted_at", "id", postgresql_where=text("state = 'in_review'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_versions.id"), index=True)
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")
    state: Mapped[ArtworkState] = mapped_column(state_column(ArtworkState), default=ArtworkState.DRAFT)
    values: Mapped[dict[str, Any]]
    values_hash: Mapped[str] = mapped_column(default="", server_default="")  # of version, values and locale
    approved_hash: Mapped[str] = mapped_column(default="", server_default="")  # what the approval is about
    submitted_at: Mapped[datetime | None]


class ArtworkReview(PartnerOwned, Model):
    """One decision about an artwork as it was then. Never changes; both sides read it."""

    __tablename__ = "artwork_reviews"
    __table_args__ = (
        Index("ix_artwork_reviews_values_hash", "partner_id", "values_hash", "id"),
        Index(
            "ix_artwork_reviews_approved",
            "partner_id",
            "template_id",
            postgresql_where=text("decision = 'approved'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    artwork_id: Mapped[int] = mapped_column(ForeignKey("artworks.id"), index=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("templates.id"))
    values_hash: Mapped[str]
    decision: Mapped[Decision] = mapped_column(state_column(Decision))
    code: Mapped[RejectionCode] = mapped_column(state_column(RejectionCode), default=RejectionCode.NONE)
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # none: the service
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
