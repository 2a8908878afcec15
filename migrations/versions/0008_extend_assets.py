"""Extend assets: versions, tags, rights by region and channel, drawings kept, uses, and links to share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import append_only, grant, one_of, own_by_partner

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

USES = ("template_draft", "template", "artwork", "download")
NO_WORDS = sa.text("'[]'::jsonb")
COLUMNS = ("vector", "first_id", "number", "superseded_at", "tags", "rights_regions", "rights_channels")


def upgrade() -> None:
    extend_assets()
    create_asset_uses()
    create_asset_shares()


def extend_assets() -> None:
    op.add_column("assets", sa.Column("vector", JSONB, nullable=True))
    op.add_column("assets", sa.Column("first_id", sa.BigInteger, sa.ForeignKey("assets.id"), nullable=True))
    op.add_column("assets", sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("1")))
    op.add_column("assets", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    for words in ("tags", "rights_regions", "rights_channels"):
        op.add_column("assets", sa.Column(words, JSONB, nullable=False, server_default=NO_WORDS))
    op.create_unique_constraint("uq_assets_first_id_number", "assets", ["first_id", "number"])
    op.create_check_constraint("ck_assets_number", "assets", "(number = 1) = (first_id IS NULL)")
    op.create_index("ix_assets_tags", "assets", ["tags"], postgresql_using="gin")
    op.execute(
        "CREATE FUNCTION tcma_region_of(of_partner bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE"
        " AS $$ SELECT upper(btrim(region)) FROM partners WHERE id = of_partner $$"
    )


def create_asset_uses() -> None:
    op.create_table(
        "asset_uses",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("asset_id", sa.BigInteger, sa.ForeignKey("assets.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("used_by", sa.BigInteger, sa.ForeignKey("users.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("asset_id", "kind", "ref", name="uq_asset_uses_asset_id_kind_ref"),
        sa.CheckConstraint(one_of("kind", USES), name="ck_asset_uses_kind"),
    )
    grant("asset_uses", "SELECT, INSERT")
    own_by_partner("asset_uses")
    append_only("asset_uses")


def create_asset_shares() -> None:
    op.create_table(
        "asset_shares",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("asset_id", sa.BigInteger, sa.ForeignKey("assets.id"), nullable=False, index=True),
        sa.Column("created_by", sa.BigInteger, sa.ForeignKey("users.id"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloads", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    grant("asset_shares")
    own_by_partner("asset_shares")


def downgrade() -> None:
    op.drop_table("asset_shares")
    op.drop_table("asset_uses")
    op.execute("DROP FUNCTION tcma_region_of(bigint)")
    op.drop_index("ix_assets_tags", "assets")
    op.drop_constraint("ck_assets_number", "assets")
    op.drop_constraint("uq_assets_first_id_number", "assets")
    for name in COLUMNS:
        op.drop_column("assets", name)
