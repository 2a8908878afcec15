"""Create signing keys, manifests, and batches of renders with their items.

Revision ID: 0010
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import grant, one_of, own_by_brand, own_by_partner

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BATCH_STATES = ("queued", "running", "finished", "cancelled")
ITEM_STATES = ("queued", "claimed", "rendered", "failed", "skipped")


def upgrade() -> None:
    _create_keys()
    _create_manifests()
    _create_batches()
    _create_items()


def downgrade() -> None:
    for table in ("render_batch_items", "render_batches", "manifests", "signing_keys"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _ref(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target), nullable=False, index=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _create_keys() -> None:
    op.create_table(
        "signing_keys",
        _id(),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.Column("revoked_since", INSTANT),
        sa.CheckConstraint("(revoked_since IS NOT NULL) <= (retired_at IS NOT NULL)", name="revoked_is_retired"),
    )
    op.create_index(
        "uq_signing_keys_one_signs",
        "signing_keys",
        ["algorithm"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    grant("signing_keys", "SELECT, INSERT, UPDATE")
    own_by_brand("signing_keys")


def _create_manifests() -> None:
    op.create_table(
        "manifests",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("template_version_id", "template_versions.id"),
        _ref("key_id", "signing_keys.id"),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("output_sha256", sa.Text, nullable=False, index=True),
        # The exact text that is signed: JSONB would write numbers in another way.
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.UniqueConstraint("code", "output_sha256", name="uq_manifests_code_output_sha256"),
    )
    grant("manifests", "SELECT, INSERT, UPDATE")
    own_by_partner("manifests")


def _create_batches() -> None:
    op.create_table(
        "render_batches",
        _id(),
        _ref("template_version_id", "template_versions.id"),
        sa.Column("created_by_id", sa.BigInteger, sa.ForeignKey("users.id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("values", JSONB, nullable=False),
        sa.Column("values_by_locale", JSONB, nullable=False),
        _text("locale"),
        sa.Column("total", sa.BigInteger, nullable=False),
        _text("zip_key"),
        sa.Column("zip_bytes", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("packing_until", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("files_deleted_at", INSTANT),
        sa.CheckConstraint(one_of("state", BATCH_STATES), name="state"),
        sa.CheckConstraint("(state IN ('finished', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_has_time"),
    )
    op.create_index(
        "ix_render_batches_open",
        "render_batches",
        ["state"],
        postgresql_where=sa.text("state IN ('queued', 'running') OR files_deleted_at IS NULL"),
    )
    grant("render_batches")
    own_by_brand("render_batches")


def _create_items() -> None:
    op.create_table(
        "render_batch_items",
        _id(),
        _ref("batch_id", "render_batches.id"),
        _ref("partner_id", "partners.id"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
        _text("claimed_by"),
        sa.Column("lease_until", INSTANT),
        _text("reason"),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("codes", JSONB, nullable=False),
        _text("part_key"),
        sa.Column("settled_at", INSTANT),
        sa.UniqueConstraint("batch_id", "partner_id", name="uq_render_batch_items_batch_id_partner_id"),
        sa.CheckConstraint(one_of("state", ITEM_STATES), name="state"),
        sa.CheckConstraint("(state = 'claimed') <= (lease_until IS NOT NULL)", name="claimed_has_lease"),
    )
    op.create_index("ix_render_batch_items_batch_id_state", "render_batch_items", ["batch_id", "state"])
    grant("render_batch_items")
    own_by_brand("render_batch_items")
