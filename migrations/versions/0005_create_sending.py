"""Create deliveries, turns, tracked links, shares and tracking events.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import grant, one_of, own_by_partner

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_deliveries()
    _create_turns()
    _create_links_and_shares()
    _create_events()
    for table in ("deliveries", "sending_turns", "tracked_links", "shares", "tracking_events"):
        grant(table)
        own_by_partner(table)


def downgrade() -> None:
    for table in ("tracking_events", "shares", "tracked_links", "sending_turns", "deliveries"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, ondelete: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target, ondelete=ondelete), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _create_deliveries() -> None:
    states = ("queued", "claimed", "sent", "deferred", "failed", "skipped", "unknown", "bounced", "complained")
    op.create_table(
        "deliveries",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("launch_id", "launches.id"),
        _ref("touch_id", "launch_touches.id"),
        # An erased contact leaves the row behind, so that the totals of a launch stay what they were.
        _ref("contact_id", "contacts.id", nullable=True, ondelete="SET NULL"),
        sa.Column("state", sa.Text, nullable=False),
        _text("reason"),
        _text("detail"),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("builds", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("retry_at", INSTANT, nullable=False),
        _text("claimed_by"),
        sa.Column("lease_until", INSTANT),
        sa.Column("handing_over_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.UniqueConstraint("touch_id", "contact_id", name="uq_deliveries_touch_id_contact_id"),
        sa.CheckConstraint(one_of("state", states), name="state"),
        sa.CheckConstraint("(state = 'claimed') <= (lease_until IS NOT NULL)", name="claimed_has_lease"),
        sa.CheckConstraint("(state = 'sent') <= (sent_at IS NOT NULL)", name="sent_has_time"),
    )
    op.create_index("ix_deliveries_partner_id", "deliveries", ["partner_id"])
    op.create_index("ix_deliveries_launch_id", "deliveries", ["launch_id"])
    op.create_index("ix_deliveries_contact_id", "deliveries", ["contact_id"])
    op.create_index(
        "ix_deliveries_owed",
        "deliveries",
        ["partner_id", "touch_id", "retry_at", "id"],
        postgresql_where=sa.text("state IN ('queued', 'deferred')"),
    )
    op.create_index(
        "ix_deliveries_claimed", "deliveries", ["lease_until"], postgresql_where=sa.text("state = 'claimed'")
    )
    op.create_index(
        "ix_deliveries_unknown", "deliveries", ["partner_id", "id"], postgresql_where=sa.text("state = 'unknown'")
    )


def _create_turns() -> None:
    op.create_table(
        "sending_turns",
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("expected_by", INSTANT),
        sa.Column("running_until", INSTANT),
    )


def _create_links_and_shares() -> None:
    op.create_table(
        "tracked_links",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("touch_id", "launch_touches.id"),
        sa.Column("url", sa.Text, nullable=False),
        sa.UniqueConstraint("touch_id", "url", name="uq_tracked_links_touch_id_url"),
        # A redirect goes to the web, never to a script or a file.
        sa.CheckConstraint("url ~ '^https?://'", name="url"),
    )
    op.create_index("ix_tracked_links_partner_id", "tracked_links", ["partner_id"])
    op.create_table(
        "shares",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("launch_id", "launches.id"),
        _ref("touch_id", "launch_touches.id"),
        _text("network"),
        _text("post_url"),
        _ref("shared_by", "users.id", nullable=True),
        sa.Column("shared_at", INSTANT, nullable=False),
        sa.UniqueConstraint("touch_id", name="uq_shares_touch_id"),
    )
    op.create_index("ix_shares_partner_id", "shares", ["partner_id"])
    op.create_index("ix_shares_launch_id", "shares", ["launch_id"])


def _create_events() -> None:
    op.create_table(
        "tracking_events",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("launch_id", "launches.id"),
        _ref("touch_id", "launch_touches.id"),
        _ref("delivery_id", "deliveries.id", nullable=True),
        _ref("link_id", "tracked_links.id", nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        _text("user_agent"),
        sa.Column("address_hash", sa.LargeBinary),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.CheckConstraint(one_of("kind", ("open", "click", "unsubscribe")), name="kind"),
        sa.CheckConstraint(
            one_of("made_by", ("person", "crawler", "head", "prefetch", "burst", "haste")), name="made_by"
        ),
    )
    op.create_index("ix_tracking_events_partner_id", "tracking_events", ["partner_id"])
    op.create_index("ix_tracking_events_launch_id_kind", "tracking_events", ["launch_id", "kind"])
    op.create_index("ix_tracking_events_delivery_id_happened_at", "tracking_events", ["delivery_id", "happened_at"])
    op.create_index(
        "ix_tracking_events_printed",
        "tracking_events",
        ["link_id"],
        postgresql_where=sa.text("delivery_id IS NULL"),
    )
