"""The audit trail's table."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tcma.infra.db import Model
from tcma.kernel import clock


class AuditEntry(Model):
    """Keep one change; PostgreSQL refuses to change or delete it."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_noun_noun_id", "noun", "noun_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str]
    action: Mapped[str]
    noun: Mapped[str]
    noun_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    details: Mapped[dict[str, Any]]
