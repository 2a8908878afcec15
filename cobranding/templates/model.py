"""Templates and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cobranding.templates.rules import TemplateKind, VersionState
from tcma.infra.db import Model, Revised, Timestamped, state_column


class Template(Timestamped, Model):
    """A design of the brand."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("name", name="uq_templates_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    kind: Mapped[TemplateKind] = mapped_column(state_column(TemplateKind))

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

    template: Mapped[Template] = relationship(back_populates="versions")
