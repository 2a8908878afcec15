"""Create sending domains with their keys, and senders; let a launch name its sender.

Revision ID: 0016
Revises: 0015
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import grant, one_of, own_and_the_brands, own_by_partner

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
DOMAIN_STATES = ("added", "verified", "failing", "removed")
KEY_STATES = ("waiting", "signing", "retired")
SENDER_STATES = ("unconfirmed", "confirmed", "removed")


def upgrade() -> None:
    _create_domains()
    _create_keys()
    _create_senders()
    op.add_column("launches", sa.Column("sender_id", sa.BigInteger, sa.ForeignKey("senders.id")))


def downgrade() -> None:
    op.drop_column("launches", "sender_id")
    for table in ("senders", "sending_keys", "sending_domains"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _times() -> list[sa.Column[datetime]]:
    return [sa.Column("created_at", INSTANT, nullable=False), sa.Column("updated_at", INSTANT, nullable=False)]


def _partner(*, nullable: bool) -> sa.Column[int]:
    return sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=nullable, index=True)


def _create_domains() -> None:
    op.create_table(
        "sending_domains",
        _id(),
        _partner(nullable=True),
        _text("name"),
        _text("state"),
        _text("token"),
        sa.Column("findings", JSONB, nullable=False),
        _number("failures"),
        sa.Column("checked_at", INSTANT),
        sa.Column("verified_at", INSTANT),
        sa.Column("warm_up_from", INSTANT),
        sa.Column("per_hour", sa.BigInteger),
        *_times(),
        sa.CheckConstraint(one_of("state", DOMAIN_STATES), name="state"),
        sa.CheckConstraint("per_hour > 0", name="per_hour"),
    )
    op.create_index(
        "uq_sending_domains_name",
        "sending_domains",
        [sa.text("coalesce(partner_id, 0)"), "name"],
        unique=True,
        postgresql_where=sa.text("state <> 'removed'"),
    )
    grant("sending_domains", "SELECT, INSERT, UPDATE")
    own_and_the_brands("sending_domains")


def _create_keys() -> None:
    op.create_table(
        "sending_keys",
        _id(),
        _partner(nullable=True),
        sa.Column("domain_id", sa.BigInteger, sa.ForeignKey("sending_domains.id"), nullable=False, index=True),
        _text("selector"),
        _text("algorithm"),
        _text("public_key"),
        sa.Column("private_key_sealed", sa.LargeBinary, nullable=False),
        _text("state"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.UniqueConstraint("domain_id", "selector", name="uq_sending_keys_selector"),
        sa.CheckConstraint(one_of("state", KEY_STATES), name="state"),
        sa.CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_has_time"),
    )
    for name, state in (("signs", "signing"), ("waits", "waiting")):
        op.create_index(
            f"uq_sending_keys_one_{name}",
            "sending_keys",
            ["domain_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    grant("sending_keys", "SELECT, INSERT, UPDATE")
    own_and_the_brands("sending_keys")


def _create_senders() -> None:
    op.create_table(
        "senders",
        _id(),
        _partner(nullable=False),
        _text("name"),
        _text("address"),
        _text("postal_address"),
        _text("state"),
        _number("codes"),
        sa.Column("code_expires_at", INSTANT),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("mail_due_at", INSTANT),
        _number("mail_tries"),
        sa.Column("mailed_at", INSTANT),
        *_times(),
        sa.CheckConstraint(one_of("state", SENDER_STATES), name="state"),
    )
    op.create_index(
        "uq_senders_address",
        "senders",
        ["partner_id", "address"],
        unique=True,
        postgresql_where=sa.text("state <> 'removed'"),
    )
    grant("senders", "SELECT, INSERT, UPDATE")
    own_by_partner("senders")
