"""Keep one person from being mailed the same campaign by two partners, or too often by all of them.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import answers_for_the_service, grant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Whoever mails an address first about a kit has it until `since`; asked in the order of the hashes, so that two who ask
# at once never wait for each other in a circle.
FIRST = """
    INSERT INTO mailed_people AS known (address_hash, kit_id, partner_id, mailed_at)
    SELECT DISTINCT asked.hash, the_kit, tcma_partner, at FROM unnest(hashes) AS asked(hash) ORDER BY 1
    ON CONFLICT (address_hash, kit_id) DO UPDATE SET partner_id = excluded.partner_id, mailed_at = excluded.mailed_at
        WHERE known.partner_id = excluded.partner_id OR known.mailed_at < since
    RETURNING known.address_hash
"""
SELDOM = """
    INSERT INTO mail_counts AS known (address_hash, on_day, number)
    SELECT DISTINCT asked.hash, today, 1 FROM unnest(hashes) AS asked(hash)
    WHERE (
        SELECT coalesce(sum(number), 0) FROM mail_counts earlier
        WHERE earlier.address_hash = asked.hash AND earlier.on_day > today - 7
    ) < most
    ORDER BY 1
    ON CONFLICT (address_hash, on_day) DO UPDATE SET number = known.number + 1
    RETURNING known.address_hash
"""


def upgrade() -> None:
    op.add_column("brands", sa.Column("collision_days", sa.BigInteger, nullable=False, server_default="14"))
    op.add_column("brands", sa.Column("mails_per_week", sa.BigInteger, nullable=False, server_default="5"))
    op.create_table(
        "mailed_people",
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("kit_id", sa.BigInteger, sa.ForeignKey("kits.id"), primary_key=True, autoincrement=False),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "mail_counts",
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("on_day", sa.Date, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    for table in ("mailed_people", "mail_counts"):
        grant(table)
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        # Nobody may look up whom another one mails: only the functions below read this, about what they are asked.
        op.execute(
            f"CREATE POLICY service_only ON {table} USING ((SELECT tcma_scope()) = 'system')"
            " WITH CHECK ((SELECT tcma_scope()) = 'system')"
        )
    answers_for_the_service(
        "tcma_first_to_mail(the_kit bigint, tcma_partner bigint, hashes bytea[], at timestamptz, since timestamptz)",
        "TABLE (address_hash bytea)",
        FIRST,
    )
    answers_for_the_service(
        "tcma_mailed_seldom(hashes bytea[], today date, most bigint)", "TABLE (address_hash bytea)", SELDOM
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION tcma_mailed_seldom(bytea[], date, bigint)")
    op.execute("DROP FUNCTION tcma_first_to_mail(bigint, bigint, bytea[], timestamptz, timestamptz)")
    for table in ("mail_counts", "mailed_people"):
        op.drop_table(table)
    for column in ("mails_per_week", "collision_days"):
        op.drop_column("brands", column)
