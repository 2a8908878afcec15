"""The table of assets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assets.library.rules import AssetKind, Variant
from tcma.infra.db import Model, Revised, Timestamped, state_column


class Asset(Timestamped, Revised, Model):
    """One file that is kept. No partner means that it is the brand's.

    `thumbnail` and `mark` (a logo without its margins, with alpha) are files too: {key, sha256, media_type, width_px,
    height_px}. `notes` say what the sender should know about our copy.
    """

    __tablename__ = "assets"
    __table_args__ = (Index("ix_assets_partner_id_kind", "partner_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    kind: Mapped[AssetKind] = mapped_column(state_column(AssetKind))
    variant: Mapped[Variant] = mapped_column(state_column(Variant))
    name: Mapped[str]
    alt_text: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    storage_key: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    pages: Mapped[int | None]
    thumbnail: Mapped[dict[str, Any] | None]
    mark: Mapped[dict[str, Any] | None]
    measures: Mapped[dict[str, Any] | None]
    notes: Mapped[list[str]]
    rights_from_on: Mapped[date | None]
    rights_until_on: Mapped[date | None]
    archived_at: Mapped[datetime | None]
