"""Connected accounts, and the handshakes on the way there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.networks.rules import AccountState, Network
from tcma.infra.db import Model, PartnerOwned, Timestamped, state_column
from tcma.kernel import clock


class SocialAccount(PartnerOwned, Timestamped, Model):
    """One account at a network, in whose name a partner lets posts leave. The brand does not see these rows."""

    __tablename__ = "social_accounts"
    __table_args__ = (
        # Connected again, it is the same account, and its posts stay with it.
        UniqueConstraint(
            "partner_id", "network", "server", "subject", name="uq_social_accounts_partner_id_network_server_subject"
        ),
        # What a post refers to: nobody posts in the name of another partner's account.
        UniqueConstraint("id", "partner_id", name="uq_social_accounts_id_partner_id"),
        Index("ix_social_accounts_refresh_at", "refresh_at", postgresql_where=text("refresh_at IS NOT NULL")),
        Index("ix_social_accounts_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[Network] = mapped_column(state_column(Network))
    server: Mapped[str]  # its address, such as https://mastodon.social
    subject: Mapped[str]  # what the network calls it; never changes, unlike the handle
    handle: Mapped[str]
    name: Mapped[str]
    url: Mapped[str]
    state: Mapped[AccountState] = mapped_column(state_column(AccountState), default=AccountState.CONNECTED)
    trouble: Mapped[str] = mapped_column(default="")  # why it is not connected any more, for people
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # tokens, and our registration if it is the account's own
    access_until: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    refresh_at: Mapped[datetime | None]
    refreshing_until: Mapped[datetime | None]  # somebody is renewing the tokens, and shows it until then
    warned_at: Mapped[datetime | None]
    connected_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    connected_at: Mapped[datetime] = mapped_column(default=clock.now)


class Handshake(PartnerOwned, Model):
    """One way to a network and back: made at the first click, used once, over after ten minutes."""

    __tablename__ = "social_handshakes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    network: Mapped[Network] = mapped_column(state_column(Network))
    server: Mapped[str]
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the PKCE verifier; later the accounts to choose from
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
