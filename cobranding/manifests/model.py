"""The tables of manifests and of the keys that sign them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.infra.db import Model, PartnerOwned
from tcma.kernel import clock


class SigningKey(Model):
    """A key pair, its private half sealed. Retired keys go on verifying, revoked ones only what they signed before."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        # One key signs: held by the database, so that two first downloads cannot make two.
        Index("uq_signing_keys_one_signs", "algorithm", unique=True, postgresql_where=text("retired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    algorithm: Mapped[str] = mapped_column(default="ed25519")
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    private_key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None]
    revoked_since: Mapped[datetime | None]


class Manifest(PartnerOwned, Model):
    """What one file of a partner was made of; `content` is the exact text that is signed."""

    __tablename__ = "manifests"
    __table_args__ = (UniqueConstraint("code", "output_sha256", name="uq_manifests_code_output_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_versions.id"), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), index=True)
    code: Mapped[str]
    output_sha256: Mapped[str] = mapped_column(index=True)
    content: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]
