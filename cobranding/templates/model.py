"""Templates, their versions, and the recall of a version that was withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cobranding.templates.rules import ApprovalPolicy, TemplateKind, VersionState
from tcma.infra.db import Model, Revised, Timestamped, state_column
from tcma.kernel import clock


class Template(Timestamped, Revised, Model):
    """A design of the brand."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("name", name="uq_templates_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    kind: Mapped[TemplateKind] = mapped_column(state_column(TemplateKind))
    approval: Mapped[ApprovalPolicy] = mapped_column(
        state_column(ApprovalPolicy), default=ApprovalPolicy.NONE, server_default="none"
    )

    versions: Mapped[list[TemplateVersion]] = relationship(back_populates="template", order_by="TemplateVersion.number")


class TemplateVersion(Timestamped, Revised, Model):
    """One edition of a template; PostgreSQL refuses any change of its document after it is published."""

    __tablename__ = "template_versions"
    __table_args__ = (
        UniqueConstraint("template_id", "number", name="uq_template_versions_template_id_number"),
        # One draft to work on: held by the database, so that two clicks cannot make two.
        Index("uq_template_versions_one_draft", "template_id", unique=True, postgresql_where=text("state = 'draft'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("templates.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(state_column(VersionState), default=VersionState.DRAFT)
    document: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    successor_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_versions.id"))

    template: Mapped[Template] = relationship(back_populates="versions")


class TemplateRecall(Model):
    """How far the recall of a withdrawn version has come; each use of it is looked at once."""

    __tablename__ = "template_recalls"
    __table_args__ = (
        UniqueConstraint("template_version_id", name="uq_template_recalls_template_version_id"),
        # What the sweep reads.
        Index("ix_template_recalls_unfinished", "id", postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_versions.id"))
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)  # kind -> after, done, outcomes: word -> number
    told: Mapped[list[int]] = mapped_column(JSONB, default=list)  # the partners who know already
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
