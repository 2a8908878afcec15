"""Let the brand approve artworks, and follow what was made of a template version when it is taken back.

Revision ID: 0009
Revises: 0007
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import append_only, brand_only, grant, one_of, partner_reads

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

POLICIES = ("none", "first_use", "always")
DECISIONS = ("approved", "rejected")
CODES = ("", "wording", "offer", "picture", "legal", "brand", "withdrawn", "other")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _widen_templates()
    _widen_artworks()
    _create_reviews()
    _create_recalls()


def _widen_templates() -> None:
    op.add_column("templates", sa.Column("approval", sa.Text, nullable=False, server_default="none"))
    op.add_column("templates", sa.Column("revision", sa.BigInteger, nullable=False, server_default="1"))
    op.create_check_constraint(op.f("ck_templates_approval"), "templates", one_of("approval", POLICIES))
    op.add_column(
        "template_versions",
        sa.Column("successor_version_id", sa.BigInteger, sa.ForeignKey("template_versions.id"), nullable=True),
    )


def _widen_artworks() -> None:
    op.add_column("artworks", sa.Column("values_hash", sa.Text, nullable=False, server_default=""))
    op.add_column("artworks", sa.Column("approved_hash", sa.Text, nullable=False, server_default=""))
    op.add_column("artworks", sa.Column("submitted_at", INSTANT, nullable=True))
    op.create_index(
        "ix_artworks_in_review",
        "artworks",
        ["submitted_at", "id"],
        postgresql_where=sa.text("state = 'in_review'"),
    )
    _hash_what_is_there()


def _hash_what_is_there() -> None:
    """Give every artwork the hash that approvals are about, as `cobranding.artworks.rules` takes it."""
    connection = op.get_bind()
    # Row security binds the owner of the tables, too.
    connection.execute(sa.text("SELECT set_config('tcma.scope', 'system', true)"))
    rows = connection.execute(
        sa.text(
            "SELECT a.id, a.locale, a.values, v.content_hash FROM artworks a"
            " JOIN template_versions v ON v.id = a.template_version_id"
        )
    ).all()
    for row in rows:
        content = [row.content_hash, row.values, row.locale]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        connection.execute(
            sa.text("UPDATE artworks SET values_hash = :hash WHERE id = :id"),
            {"id": row.id, "hash": hashlib.sha256(text.encode()).hexdigest()},
        )


def _create_reviews() -> None:
    op.create_table(
        "artwork_reviews",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False, index=True),
        sa.Column("artwork_id", sa.BigInteger, sa.ForeignKey("artworks.id"), nullable=False, index=True),
        sa.Column("template_id", sa.BigInteger, sa.ForeignKey("templates.id"), nullable=False),
        sa.Column("values_hash", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.BigInteger, sa.ForeignKey("users.id"), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.CheckConstraint(one_of("decision", DECISIONS), name=op.f("ck_artwork_reviews_decision")),
        sa.CheckConstraint(one_of("code", CODES), name=op.f("ck_artwork_reviews_code")),
        sa.CheckConstraint(
            "(decision = 'rejected') = (code <> '' AND reason <> '')", name=op.f("ck_artwork_reviews_says_why")
        ),
    )
    # What a launch asks: did the brand decide about these very words, and did it ever approve this template for them?
    op.create_index("ix_artwork_reviews_values_hash", "artwork_reviews", ["partner_id", "values_hash", "id"])
    op.create_index(
        "ix_artwork_reviews_approved",
        "artwork_reviews",
        ["partner_id", "template_id"],
        postgresql_where=sa.text("decision = 'approved'"),
    )
    grant("artwork_reviews")
    partner_reads("artwork_reviews")
    append_only("artwork_reviews")


def _create_recalls() -> None:
    op.create_table(
        "template_recalls",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("template_version_id", sa.BigInteger, sa.ForeignKey("template_versions.id"), nullable=False),
        sa.Column("progress", JSONB, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.UniqueConstraint("template_version_id", name="uq_template_recalls_template_version_id"),
    )
    op.create_index(
        "ix_template_recalls_unfinished", "template_recalls", ["id"], postgresql_where=sa.text("finished_at IS NULL")
    )
    grant("template_recalls")
    brand_only("template_recalls")


def downgrade() -> None:
    op.drop_table("template_recalls")
    op.drop_table("artwork_reviews")
    op.drop_index("ix_artworks_in_review", "artworks")
    for column in ("submitted_at", "approved_hash", "values_hash"):
        op.drop_column("artworks", column)
    op.drop_column("template_versions", "successor_version_id")
    op.drop_column("templates", "revision")
    op.drop_column("templates", "approval")
