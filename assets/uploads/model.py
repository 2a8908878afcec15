"""The table of uploads."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tcma.infra.db import Model, Timestamped


class Upload(Timestamped, Model):
    """What came in, as it came: its own name, type, size and hash."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
