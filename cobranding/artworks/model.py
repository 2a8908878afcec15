"""The table of artworks."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cobranding.artworks.rules import ArtworkState
from tcma.infra.db import Model, PartnerOwned, Revised, Timestamped, state_column


class Artwork(PartnerOwned, Timestamped, Revised, Model):
    """One partner's values for one template version; `locale` is empty while it is the partner's own."""

    __tablename__ = "artworks"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_versions.id"), index=True)
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")
    state: Mapped[ArtworkState] = mapped_column(state_column(ArtworkState), default=ArtworkState.DRAFT)
    values: Mapped[dict[str, Any]]
