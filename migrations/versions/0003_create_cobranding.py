"""Create templates with their versions, and the partners' artworks.

Revision ID: 0003
Revises: 0002
"""

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

FROZEN = """
CREATE FUNCTION template_versions_stay_as_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        TG_OP = 'DELETE'
        OR (NEW.document, NEW.content_hash, NEW.template_id, NEW.number)
            IS DISTINCT FROM (OLD.document, OLD.content_hash, OLD.template_id, OLD.number)
    ) THEN
        RAISE EXCEPTION 'template version % was published and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    _create_templates()
    _create_versions()
    _create_artworks()


def _create_templates() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("name", name="uq_templates_name"),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_templates_kind")),
    )
    grant("templates")
    brand_writes("templates")


def _create_versions() -> None:
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
        sa.Column("withdrawn_reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("template_id", "number", name="uq_template_versions_template_id_number"),
        sa.CheckConstraint(one_of("state", VERSION_STATES), name=op.f("ck_template_versions_state")),
    )
    op.create_index(
        "uq_template_versions_one_draft",
        "template_versions",
        ["template_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    grant("template_versions")
    brand_writes("template_versions")
    op.execute(
        "CREATE POLICY drafts_stay_with_the_brand ON template_versions AS RESTRICTIVE FOR SELECT"
        " USING (tcma_scope() <> 'partner' OR state <> 'draft')"
    )
    op.execute(FROZEN)
    op.execute(
        "CREATE TRIGGER template_versions_frozen BEFORE UPDATE OR DELETE ON template_versions"
        " FOR EACH ROW EXECUTE FUNCTION template_versions_stay_as_published()"
    )


def _create_artworks() -> None:
    op.create_table(
        "artworks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False, index=True),
        sa.Column(
            "template_version_id", sa.BigInteger, sa.ForeignKey("template_versions.id"), nullable=False, index=True
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("values", JSONB, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("state", ARTWORK_STATES), name=op.f("ck_artworks_state")),
    )
    grant("artworks")
    own_by_partner("artworks")


def downgrade() -> None:
    for table in ("artworks", "template_versions", "templates"):
        op.drop_table(table)
    op.execute("DROP FUNCTION template_versions_stay_as_published()")
