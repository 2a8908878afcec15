"""Let a template make slides, or be a finished document.

Revision ID: 0011
Revises: 0007
"""

from alembic import op

from migrations.row_security import one_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "ck_templates_kind"
BEFORE = ("flyer", "social", "email")
KINDS = (*BEFORE, "deck", "document")


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "templates")
    op.create_check_constraint(op.f(NAME), "templates", one_of("kind", KINDS))


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "templates")
    op.create_check_constraint(op.f(NAME), "templates", one_of("kind", BEFORE))
