"""The tables of assets, of where they are used, and of the links that share them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assets.library.rules import AssetKind, UseKind, Variant
from tcma.infra.db import Model, Revised, Timestamped, state_column
from tcma.kernel import clock


class Asset(Timestamped, Revised, Model):
    """One file that is kept. No partner means that it is the brand's.

    `thumbnail`, `mark` (a logo without its margins, with alpha) and `vector` (the cleaned drawing that a logo came as)
    are files too: {key, sha256, media_type, width_px, height_px}. `notes` say what the sender should know about our
    copy. A new file for the same thing is the next version: `first_id` names the first of the series (None: this is
    it), `number` counts, and `superseded_at` says since when there is a newer one.
    """

    __tablename__ = "assets"
    __table_args__ = (
        UniqueConstraint("first_id", "number", name="uq_assets_first_id_number"),
        Index("ix_assets_partner_id_kind", "partner_id", "kind"),
        Index("ix_assets_tags", "tags", postgresql_using="gin"),
    )

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
    vector: Mapped[dict[str, Any] | None]
    measures: Mapped[dict[str, Any] | None]
    notes: Mapped[list[str]]
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    rights_from_on: Mapped[date | None]
    rights_until_on: Mapped[date | None]
    rights_regions: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    rights_channels: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    first_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    superseded_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    @property
    def series_id(self) -> int:
        """Name the series by its first version."""
        return self.first_id or self.id


class AssetUse(Model):
    """That an asset was used somewhere, or fetched by somebody; `partner_id` says for whom (None: the brand)."""

    __tablename__ = "asset_uses"
    __table_args__ = (UniqueConstraint("asset_id", "kind", "ref", name="uq_asset_uses_asset_id_kind_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    kind: Mapped[UseKind] = mapped_column(state_column(UseKind))
    ref: Mapped[str]
    label: Mapped[str]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class AssetShare(Timestamped, Model):
    """A link by which people without sign-in may fetch one asset, until it expires or is taken back."""

    __tablename__ = "asset_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    downloads: Mapped[int] = mapped_column(default=0)
