"""Posts: one touch on one account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.networks.rules import Network
from campaigns.posting.rules import PostState, Reason
from tcma.infra.db import Model, PartnerOwned, state_column
from tcma.kernel import clock


class Post(PartnerOwned, Model):
    """One touch, said in the name of one account. The account's name is kept here, for the brand to read."""

    __tablename__ = "social_posts"
    __table_args__ = (
        # What makes fan-out safe to repeat.
        UniqueConstraint("touch_id", "social_account_id", name="uq_social_posts_touch_id_social_account_id"),
        # A post, its touch and its account belong to one partner: held by the database.
        ForeignKeyConstraint(
            ["touch_id", "launch_id", "partner_id"],
            ["launch_touches.id", "launch_touches.launch_id", "launch_touches.partner_id"],
        ),
        ForeignKeyConstraint(["social_account_id", "partner_id"], ["social_accounts.id", "social_accounts.partner_id"]),
        Index("ix_social_posts_queued", "retry_at", postgresql_where=text("state = 'queued'")),
        Index("ix_social_posts_publishing", "lease_until", postgresql_where=text("state = 'publishing'")),
        Index("ix_social_posts_unconfirmed", "look_at", postgresql_where=text("state = 'unconfirmed'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    launch_id: Mapped[int] = mapped_column(index=True)
    touch_id: Mapped[int]
    social_account_id: Mapped[int] = mapped_column(index=True)
    network: Mapped[Network] = mapped_column(state_column(Network))
    account: Mapped[str]
    key: Mapped[str]  # what a network that knows such keys recognizes a second try by
    state: Mapped[PostState] = mapped_column(state_column(PostState), default=PostState.QUEUED)
    reason: Mapped[Reason] = mapped_column(state_column(Reason), default=Reason.NONE)
    detail: Mapped[str] = mapped_column(default="", server_default="")
    text: Mapped[str] = mapped_column(default="", server_default="")  # what was said, once it was on its way
    link: Mapped[str] = mapped_column(default="", server_default="")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    looks: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_until: Mapped[datetime | None]  # a job for it is waiting in line, and nobody asks for another before then
    lease_until: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]  # the mark of an attempt: an answer that comes late is known by it
    look_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    remote_id: Mapped[str] = mapped_column(default="", server_default="")
    url: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
