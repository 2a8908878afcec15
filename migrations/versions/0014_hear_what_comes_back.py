"""Keep what comes back after a mail, and stop senders whose mails people report as spam.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import grant, one_of, own_by_partner

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("hard_bounce", "soft_bounce", "delayed", "delivered", "complaint", "auto_reply", "unrecognized")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feedback_reports",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger, sa.ForeignKey("deliveries.id"), nullable=False),
        # The hash of what came, so that the same report is heard once.
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.UniqueConstraint("delivery_id", "fingerprint", name="uq_feedback_reports_delivery_id_fingerprint"),
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
    )
    op.create_index("ix_feedback_reports_partner_id", "feedback_reports", ["partner_id"])
    op.create_table(
        "sender_holds",
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("held_at", INSTANT, nullable=False),
    )
    for table in ("feedback_reports", "sender_holds"):
        grant(table)
        own_by_partner(table)


def downgrade() -> None:
    op.drop_table("sender_holds")
    op.drop_table("feedback_reports")
