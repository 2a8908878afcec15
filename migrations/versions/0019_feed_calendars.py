"""Give each person a calendar feed whose address can be renewed.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("feed_number", sa.BigInteger, nullable=False, server_default="1"))
    op.create_index("ix_launch_touches_due_at_local", "launch_touches", ["due_at_local"])


def downgrade() -> None:
    op.drop_index("ix_launch_touches_due_at_local", "launch_touches")
    op.drop_column("users", "feed_number")
