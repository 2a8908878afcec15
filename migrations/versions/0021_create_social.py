"""Create accounts at social networks, the handshakes on the way there, and posts; let a touch be a post.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import grant, one_of, own_by_partner, own_by_partner_and_service

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
CHANNELS_BEFORE = ("email", "share")
NETWORKS = ("mastodon", "bluesky", "linkedin", "facebook", "x")
# Of a post, once it was on its way.
LATER_KNOWN = ("detail", "text", "link", "remote_id", "url")


def upgrade() -> None:
    _create_accounts()
    _create_handshakes()
    _create_posts()
    for table in ("social_accounts", "social_handshakes"):
        grant(table)
        own_by_partner_and_service(table)
    grant("social_posts")
    own_by_partner("social_posts")
    op.add_column("launch_touches", sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()))
    _allow_channels(*CHANNELS_BEFORE, *NETWORKS)


def downgrade() -> None:
    _allow_channels(*CHANNELS_BEFORE)
    op.drop_column("launch_touches", "by_hand")
    for table in ("social_posts", "social_handshakes", "social_accounts"):
        op.drop_table(table)


def _allow_channels(*channels: str) -> None:
    op.drop_constraint(op.f("ck_launch_touches_channel"), "launch_touches")
    op.create_check_constraint(op.f("ck_launch_touches_channel"), "launch_touches", one_of("channel", channels))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _create_accounts() -> None:
    op.create_table(
        "social_accounts",
        _id(),
        _ref("partner_id", "partners.id"),
        *(_text(name) for name in ("network", "server", "subject", "handle", "name", "url", "state", "trouble")),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *(
            sa.Column(name, INSTANT)
            for name in ("access_until", "expires_at", "refresh_at", "refreshing_until", "warned_at")
        ),
        _ref("connected_by", "users.id", nullable=True),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("connected_at", "created_at", "updated_at")),
        sa.UniqueConstraint(
            "partner_id", "network", "server", "subject", name="uq_social_accounts_partner_id_network_server_subject"
        ),
        sa.UniqueConstraint("id", "partner_id", name="uq_social_accounts_id_partner_id"),
        sa.CheckConstraint(one_of("network", NETWORKS), name="network"),
        sa.CheckConstraint(
            one_of("state", ("connected", "expiring", "expired", "disconnected")),
            name="state",
        ),
        # What is disconnected keeps no key.
        sa.CheckConstraint("(state = 'disconnected') = (sealed = '')", name="disconnected_keeps_no_token"),
    )
    op.create_index("ix_social_accounts_partner_id", "social_accounts", ["partner_id"])
    for column in ("refresh_at", "expires_at"):
        op.create_index(
            f"ix_social_accounts_{column}",
            "social_accounts",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _create_handshakes() -> None:
    op.create_table(
        "social_handshakes",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("user_id", "users.id"),
        _text("network"),
        _text("server"),
        sa.Column("state_hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.UniqueConstraint("state_hash", name="uq_social_handshakes_state_hash"),
        sa.CheckConstraint(one_of("network", NETWORKS), name="network"),
    )
    for column in ("partner_id", "expires_at"):
        op.create_index(f"ix_social_handshakes_{column}", "social_handshakes", [column])


def _create_posts() -> None:
    op.create_table(
        "social_posts",
        _id(),
        _ref("partner_id", "partners.id"),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("launch_id", "touch_id", "social_account_id")),
        *(_text(name) for name in ("network", "account", "key", "state", "reason")),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in LATER_KNOWN),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in ("tries", "looks")),
        sa.Column("retry_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT) for name in ("asked_until", "lease_until", "claimed_at", "look_at", "published_at")),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.UniqueConstraint("touch_id", "social_account_id", name="uq_social_posts_touch_id_social_account_id"),
        sa.ForeignKeyConstraint(
            ["touch_id", "launch_id", "partner_id"],
            ["launch_touches.id", "launch_touches.launch_id", "launch_touches.partner_id"],
        ),
        sa.ForeignKeyConstraint(
            ["social_account_id", "partner_id"], ["social_accounts.id", "social_accounts.partner_id"]
        ),
        sa.CheckConstraint(one_of("network", NETWORKS), name="network"),
        sa.CheckConstraint(
            one_of("state", ("queued", "publishing", "published", "failed", "unconfirmed")), name="state"
        ),
        sa.CheckConstraint("(state = 'publishing') = (lease_until IS NOT NULL)", name="publishing_has_lease"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
    )
    for column in ("partner_id", "launch_id", "social_account_id"):
        op.create_index(f"ix_social_posts_{column}", "social_posts", [column])
    for state, column in (("queued", "retry_at"), ("publishing", "lease_until"), ("unconfirmed", "look_at")):
        op.create_index(
            f"ix_social_posts_{state}", "social_posts", [column], postgresql_where=sa.text(f"state = '{state}'")
        )
