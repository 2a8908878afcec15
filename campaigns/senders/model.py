"""The tables of sending domains, their keys, and senders."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.senders.rules import DomainState, KeyState, SenderState
from tcma.infra.db import Model, PartnerOwned, Timestamped, state_column
from tcma.infra.owed_mail import OwesMail
from tcma.kernel import clock


class SendingDomain(Timestamped, Model):
    """A domain under which mail leaves: a partner's, or (without one) the brand's, for every partner."""

    __tablename__ = "sending_domains"
    __table_args__ = (
        # Two organizations may have one domain, each with a record of its own; one has it once.
        Index(
            "uq_sending_domains_name",
            text("coalesce(partner_id, 0)"),
            "name",
            unique=True,
            postgresql_where=text("state <> 'removed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    name: Mapped[str]
    state: Mapped[DomainState] = mapped_column(state_column(DomainState), default=DomainState.ADDED)
    token: Mapped[str]  # what its owner publishes; known to whoever reads the DNS, so no secret
    findings: Mapped[list[Any]] = mapped_column(default=list)
    failures: Mapped[int] = mapped_column(default=0)  # checks running that it did not pass
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    warm_up_from: Mapped[datetime | None]
    per_hour: Mapped[int | None]

    keys: Mapped[list["SendingKey"]] = relationship(back_populates="domain", order_by="SendingKey.id")


class SendingKey(Model):
    """A key pair of a domain, its private half sealed."""

    __tablename__ = "sending_keys"
    __table_args__ = (
        UniqueConstraint("domain_id", "selector", name="uq_sending_keys_selector"),
        Index("uq_sending_keys_one_signs", "domain_id", unique=True, postgresql_where=text("state = 'signing'")),
        Index("uq_sending_keys_one_waits", "domain_id", unique=True, postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("sending_domains.id"), index=True)
    selector: Mapped[str]
    algorithm: Mapped[str]
    public_key: Mapped[str]
    private_key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[KeyState] = mapped_column(state_column(KeyState), default=KeyState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None]

    domain: Mapped[SendingDomain] = relationship(back_populates="keys")


class Sender(PartnerOwned, Timestamped, OwesMail, Model):
    """Whom recipients see: a name and an address of a partner, confirmed by its domain or by a code."""

    __tablename__ = "senders"
    __table_args__ = (
        Index(
            "uq_senders_address",
            "partner_id",
            "address",
            unique=True,
            postgresql_where=text("state <> 'removed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    postal_address: Mapped[str]  # empty: the partner's own
    state: Mapped[SenderState] = mapped_column(state_column(SenderState), default=SenderState.UNCONFIRMED)
    codes: Mapped[int] = mapped_column(default=0)  # how many codes were sent; the code itself grows from this number
    code_expires_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    @property
    def choice(self) -> tuple[int, str]:
        """Return how it stands in a list to choose from."""
        return self.id, f"{self.name} <{self.address}>"
