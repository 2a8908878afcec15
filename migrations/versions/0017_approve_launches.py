"""Let a kit ask for the brand's approval of each launch, and a channel manager launch for a partner.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import one_of

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPROVALS = ("", "waiting", "approved", "rejected")


def upgrade() -> None:
    op.add_column("kits", sa.Column("needs_approval", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("launches", sa.Column("approval", sa.Text, nullable=False, server_default=""))
    op.add_column("launches", sa.Column("approval_note", sa.Text, nullable=False, server_default=""))
    op.add_column("launches", sa.Column("decided_by", sa.BigInteger, sa.ForeignKey("users.id")))
    op.add_column("launches", sa.Column("decided_at", sa.DateTime(timezone=True)))
    op.add_column("launches", sa.Column("on_behalf", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_check_constraint("approval", "launches", one_of("approval", APPROVALS))


def downgrade() -> None:
    op.drop_constraint("approval", "launches", type_="check")
    for column in ("on_behalf", "decided_at", "decided_by", "approval_note", "approval"):
        op.drop_column("launches", column)
    op.drop_column("kits", "needs_approval")
