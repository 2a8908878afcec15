"""Create assets: what is kept of the files that came in, and what came in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import grant, one_of, own_by_partner

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = ("logo", "photo", "font", "document", "proof")
VARIANTS = ("light", "dark", "any")


def upgrade() -> None:
    create_assets()
    create_uploads()


def create_assets() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("alt_text", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("storage_key", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("width_px", sa.BigInteger, nullable=True),
        sa.Column("height_px", sa.BigInteger, nullable=True),
        sa.Column("pages", sa.BigInteger, nullable=True),
        sa.Column("thumbnail", JSONB, nullable=True),
        sa.Column("mark", JSONB, nullable=True),
        sa.Column("measures", JSONB, nullable=True),
        sa.Column("notes", JSONB, nullable=False),
        sa.Column("rights_from_on", sa.Date, nullable=True),
        sa.Column("rights_until_on", sa.Date, nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("kind", KINDS), name="ck_assets_kind"),
        sa.CheckConstraint(one_of("variant", VARIANTS), name="ck_assets_variant"),
        sa.CheckConstraint("size_bytes > 0", name="ck_assets_size"),
        sa.CheckConstraint("rights_from_on <= rights_until_on", name="ck_assets_rights_window"),
    )
    op.create_index("ix_assets_sha256", "assets", ["sha256"])
    op.create_index("ix_assets_partner_id_kind", "assets", ["partner_id", "kind"])
    grant("assets")
    every = "tcma_scope() IN ('brand', 'system')"
    own = "(tcma_scope() = 'partner' AND partner_id = tcma_partner_id())"
    of_the_brand = "(tcma_scope() = 'partner' AND partner_id IS NULL)"
    op.execute("ALTER TABLE assets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE assets FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_and_brands_read ON assets FOR SELECT USING ({every} OR {own} OR {of_the_brand})")
    op.execute(f"CREATE POLICY own_insert ON assets FOR INSERT WITH CHECK ({every} OR {own})")
    op.execute(f"CREATE POLICY own_update ON assets FOR UPDATE USING ({every} OR {own}) WITH CHECK ({every} OR {own})")
    op.execute(f"CREATE POLICY own_delete ON assets FOR DELETE USING ({every} OR {own})")


def create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("asset_id", sa.BigInteger, sa.ForeignKey("assets.id"), nullable=False, index=True),
        sa.Column("received_by", sa.BigInteger, sa.ForeignKey("users.id"), nullable=True),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_uploads_sha256", "uploads", ["sha256"])
    grant("uploads")
    own_by_partner("uploads")


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("assets")
