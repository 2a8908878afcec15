"""Let a link in a mail lead its person to one page, once; remember which kits partners looked at.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import grant, one_of, own_by_partner

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("single_use_links", sa.Column("target", sa.Text, nullable=False, server_default=""))
    _let_purposes_be("invitation", "password_reset", "visit")
    op.create_table(
        "kit_sightings",
        sa.Column("kit_id", sa.BigInteger, sa.ForeignKey("kits.id"), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), primary_key=True, index=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
    )
    grant("kit_sightings", "SELECT, INSERT, UPDATE")
    own_by_partner("kit_sightings")


def downgrade() -> None:
    op.drop_table("kit_sightings")
    op.execute("DELETE FROM single_use_links WHERE purpose = 'visit'")
    _let_purposes_be("invitation", "password_reset")
    op.drop_column("single_use_links", "target")


def _let_purposes_be(*purposes: str) -> None:
    op.drop_constraint("ck_single_use_links_purpose", "single_use_links", type_="check")
    op.create_check_constraint("ck_single_use_links_purpose", "single_use_links", one_of("purpose", purposes))
