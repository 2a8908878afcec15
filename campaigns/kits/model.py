"""Kits and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.kits.rules import KitVersionState
from tcma.infra.db import Model, Revised, Timestamped, state_column


class Kit(Timestamped, Revised, Model):
    """A campaign in a box, as partners see it in the gallery."""

    __tablename__ = "kits"
    __table_args__ = (UniqueConstraint("name", name="uq_kits_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    audience_advice: Mapped[str] = mapped_column(default="")
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    versions: Mapped[list[KitVersion]] = relationship(back_populates="kit", order_by="KitVersion.number")


class KitSighting(Model):
    """Remember that a partner has looked at a kit."""

    __tablename__ = "kit_sightings"

    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"), primary_key=True, autoincrement=False)
    partner_id: Mapped[int] = mapped_column(
        ForeignKey("partners.id"), primary_key=True, autoincrement=False, index=True
    )
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class KitVersion(Timestamped, Revised, Model):
    """One edition of a kit; its document is frozen when it is published."""

    __tablename__ = "kit_versions"
    __table_args__ = (
        UniqueConstraint("kit_id", "number", name="uq_kit_versions_kit_id_number"),
        # One draft to work on and one version to launch: held by the database, so that two clicks cannot make two.
        Index("uq_kit_versions_one_draft", "kit_id", unique=True, postgresql_where=text("state = 'draft'")),
        Index("uq_kit_versions_one_published", "kit_id", unique=True, postgresql_where=text("state = 'published'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"))
    number: Mapped[int]
    state: Mapped[KitVersionState] = mapped_column(state_column(KitVersionState), default=KitVersionState.DRAFT)
    document: Mapped[dict[str, Any]]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    kit: Mapped[Kit] = relationship(back_populates="versions")
