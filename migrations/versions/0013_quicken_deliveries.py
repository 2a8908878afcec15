"""Bind a delivery to its touch, launch and partner in one check, and walk along contacts by their partner.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_launch_touches_id_launch_id_partner_id"), "launch_touches", ["id", "launch_id", "partner_id"]
    )
    for column in ("touch_id", "launch_id", "partner_id"):
        op.drop_constraint(op.f(f"fk_deliveries_{column}"), "deliveries")
    columns = ["touch_id", "launch_id", "partner_id"]
    op.create_foreign_key(
        op.f("fk_deliveries_touch_id_launch_id_partner_id"),
        "deliveries",
        "launch_touches",
        columns,
        ["id", "launch_id", "partner_id"],
    )
    op.drop_index("ix_deliveries_partner_id", "deliveries")
    op.create_index("ix_deliveries_partner_id_id", "deliveries", ["partner_id", "id"])
    op.drop_index("ix_contacts_partner_id", "contacts")
    op.create_index("ix_contacts_partner_id_id", "contacts", ["partner_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_contacts_partner_id_id", "contacts")
    op.create_index("ix_contacts_partner_id", "contacts", ["partner_id"])
    op.drop_index("ix_deliveries_partner_id_id", "deliveries")
    op.create_index("ix_deliveries_partner_id", "deliveries", ["partner_id"])
    op.drop_constraint(op.f("fk_deliveries_touch_id_launch_id_partner_id"), "deliveries")
    for column, table in (("touch_id", "launch_touches"), ("launch_id", "launches"), ("partner_id", "partners")):
        op.create_foreign_key(op.f(f"fk_deliveries_{column}"), "deliveries", table, [column], ["id"])
    op.drop_constraint(op.f("uq_launch_touches_id_launch_id_partner_id"), "launch_touches")
