"""The tables of organizations and people."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tcma.accounts.rules import LinkPurpose, Tier
from tcma.infra.db import Model, Revised, Timestamped, state_column
from tcma.infra.owed_mail import OwesMail
from tcma.kernel import clock
from tcma.kernel.permissions import Role


class Brand(Model):
    """Hold the one brand of this deployment."""

    __tablename__ = "brands"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    legal_name: Mapped[str]
    postal_address: Mapped[str]
    email: Mapped[str]
    web: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    # For so many days one person gets a campaign from one partner alone; 0: from as many as there are.
    collision_days: Mapped[int] = mapped_column(default=14, server_default="14")
    # So many mails of campaigns a person gets in seven days, whoever sends them; 0: no limit.
    mails_per_week: Mapped[int] = mapped_column(default=5, server_default="5")
    the_only_one: Mapped[bool] = mapped_column(default=True, unique=True)


class Partner(Revised, Timestamped, Model):
    """Hold a partner's profile: what co-branding puts on the brand's work."""

    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    legal_name: Mapped[str]
    trade_name: Mapped[str]
    contact_person: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    web: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    tier: Mapped[Tier] = mapped_column(state_column(Tier), default=Tier.REGISTERED)
    region: Mapped[str] = mapped_column(default="")
    specialties: Mapped[list[str]] = mapped_column(default=list)
    social: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_active: Mapped[bool] = mapped_column(default=True)


class User(Timestamped, Model):
    """Hold a person; without a partner, one of the brand."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    roles: Mapped[list[str]]
    is_active: Mapped[bool] = mapped_column(default=True)
    # Counts up when every session must end: a new password, a suspension.
    session_epoch: Mapped[int] = mapped_column(default=1)
    feed_number: Mapped[int] = mapped_column(default=1, server_default="1")  # counts up when the feed's address changes
    last_seen_at: Mapped[datetime | None]

    @property
    def role_set(self) -> frozenset[Role]:
        """Return the person's roles."""
        return frozenset(Role(role) for role in self.roles)


class SingleUseLink(OwesMail, Model):
    """Hold an invitation, a password reset or a visit; its token is the signed id, so no secret is kept."""

    __tablename__ = "single_use_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(state_column(LinkPurpose))
    target: Mapped[str] = mapped_column(default="", server_default="")  # the page that a visit leads to
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ApiToken(Model):
    """Hold the fingerprint of a token for scripts; `scopes` narrows what it may do, None narrows nothing."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str] | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
