"""Create templates with their versions, and the partners' artworks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import brand_writes, grant, one_of, own_by_partner

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("flyer", "social", "email")
VERSION_STATES = ("draft", "published", "withdrawn")
ARTWORK_STATES = ("draft", "ready", "in_review", "approved", "rejected")


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("kind", KINDS), name="ck_templates_kind"),
    )
    grant("templates")
    brand_writes("templates")
    op.create_table(
        "template_versions",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("template_id", sa.BigInteger, sa.ForeignKey("templates.id"), nullable=False, index=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("template_id", "number", name="uq_template_versions_template_id_number"),
        sa.CheckConstraint(one_of("state", VERSION_STATES), name="ck_template_versions_state"),
    )
    grant("template_versions")
    brand_writes("template_versions")
    op.create_table(
        "artworks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False, index=True),
        sa.Column("template_version_id", sa.BigInteger, sa.ForeignKey("template_versions.id"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("values", JSONB, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("state", ARTWORK_STATES), name="ck_artworks_state"),
    )
    grant("artworks")
    own_by_partner("artworks")


def downgrade() -> None:
    for table in ("artworks", "template_versions", "templates"):
        op.drop_table(table)
