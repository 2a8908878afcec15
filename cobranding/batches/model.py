"""The tables of batches and their items."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cobranding.batches.rules import BatchState, ItemState
from tcma.infra.db import Model, Timestamped, state_column


class RenderBatch(Timestamped, Model):
    """One template version for many partners; `updated_at` is the last sign of work."""

    __tablename__ = "render_batches"
    __table_args__ = (
        # What the sweep reads: work that is owed, and files that are to be deleted one day.
        Index(
            "ix_render_batches_open",
            "state",
            postgresql_where=text("state IN ('queued', 'running') OR files_deleted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_versions.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[BatchState] = mapped_column(state_column(BatchState), default=BatchState.QUEUED)
    name: Mapped[str]
    files: Mapped[list[str]]
    values: Mapped[dict[str, Any]]
    values_by_locale: Mapped[dict[str, Any]]
    locale: Mapped[str] = mapped_column(default="", server_default="")
    total: Mapped[int]
    zip_key: Mapped[str] = mapped_column(default="", server_default="")
    zip_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    packing_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    files_deleted_at: Mapped[datetime | None]


class RenderBatchItem(Model):
    """One partner of a batch. The row is the brand's, though it names a partner."""

    __tablename__ = "render_batch_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "partner_id", name="uq_render_batch_items_batch_id_partner_id"),
        Index("ix_render_batch_items_batch_id_state", "batch_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("render_batches.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    state: Mapped[ItemState] = mapped_column(state_column(ItemState), default=ItemState.QUEUED)
    folder: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    findings: Mapped[list[Any]] = mapped_column(default=list)
    codes: Mapped[list[str]] = mapped_column(default=list)
    part_key: Mapped[str] = mapped_column(default="", server_default="")
    settled_at: Mapped[datetime | None]
