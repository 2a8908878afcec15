"""Let turns rest while no mail server answers.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sending_turns", sa.Column("resting_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("sending_turns", "resting_until")
