"""Programs and their versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mdf.programs.rules import VersionState
from tcma.infra.db import Model, Revised, Timestamped, state_column


class Program(Timestamped, Model):
    """A set of rules under which marketing money is given."""

    __tablename__ = "mdf_programs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    summary: Mapped[str] = mapped_column(Text, default="")

    versions: Mapped[list["ProgramVersion"]] = relationship(
        back_populates="program", order_by="ProgramVersion.number.desc()"
    )


class ProgramVersion(Revised, Timestamped, Model):
    """The rules from a day on. A draft can be edited; a published one never changes (held by a trigger)."""

    __tablename__ = "mdf_program_versions"
    __table_args__ = (
        UniqueConstraint("program_id", "number", name="uq_mdf_program_versions_number"),
        Index(
            "uq_mdf_program_versions_one_draft",
            "program_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    program_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mdf_programs.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[VersionState] = mapped_column(state_column(VersionState))
    valid_from_on: Mapped[date | None]
    document: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(BigInteger)

    program: Mapped[Program] = relationship(back_populates="versions")
