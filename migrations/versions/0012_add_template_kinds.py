"""Decks and documents as kinds of templates."""

from alembic import op

revision = "0012"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = ("flyer", "social", "email")
SINCE = (*BEFORE, "deck", "document")


def upgrade() -> None:
    _allow(SINCE)


def downgrade() -> None:
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        "ALTER TABLE templates DROP CONSTRAINT ck_templates_kind,"
        f" ADD CONSTRAINT ck_templates_kind CHECK (kind IN ({listed}))"
    )
