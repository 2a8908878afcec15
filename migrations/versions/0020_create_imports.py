"""Create lists of contacts that are taken over in pieces.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import grant, one_of, own_by_partner, own_by_partner_only

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATES = ("waiting", "running", "done", "cancelled", "failed")


def upgrade() -> None:
    op.create_table(
        "contact_lists",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False, index=True),
        _text("filename"),
        _text("file_sha256"),
        _text("state"),
        _text("raw_key"),
        _text("text_key"),
        _text("encoding"),
        _text("separator"),
        sa.Column("header", JSONB, nullable=False),
        sa.Column("columns", JSONB, nullable=False),
        _text("consent_scope"),
        _number("size_bytes"),
        _number("done_bytes"),
        _number("done_rows"),
        _number("problems"),
        sa.Column("import_id", sa.BigInteger, sa.ForeignKey("contact_imports.id"), index=True),
        _text("claimed_by"),
        sa.Column("lease_until", INSTANT),
        _text("trouble"),
        sa.Column("given_by", sa.BigInteger, sa.ForeignKey("users.id")),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint(one_of("state", STATES), name="state"),
    )
    grant("contact_lists")
    own_by_partner_only("contact_lists")
    op.create_table(
        "contact_list_problems",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("list_id", sa.BigInteger, sa.ForeignKey("contact_lists.id", ondelete="CASCADE"), nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        _text("field"),
        _text("reason"),
    )
    op.create_index("ix_contact_list_problems_list_id_row", "contact_list_problems", ["list_id", "row"])
    grant("contact_list_problems", "SELECT, INSERT, DELETE")
    own_by_partner_only("contact_list_problems")
    # What the sweep reads, which sees no partner's lists: ids alone.
    op.create_table(
        "contact_list_turns",
        sa.Column("list_id", sa.BigInteger, primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("expected_by", INSTANT, nullable=False, index=True),
    )
    grant("contact_list_turns")
    own_by_partner("contact_list_turns")


def downgrade() -> None:
    for table in ("contact_list_turns", "contact_list_problems", "contact_lists"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
