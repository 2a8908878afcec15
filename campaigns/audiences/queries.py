"""Reads of contacts, consents and suppressions. Row security stands behind each of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select

from campaigns.audiences.model import Consent, Contact, Suppression
from campaigns.audiences.rules import ConsentChannel
from tcma.infra.db import session
from tcma.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Recipient:
    """One contact at hand-off. `refusal` is empty, `no_consent` or `suppressed`: then nothing may be sent."""

    id: int
    email: str
    first_name: str
    last_name: str
    company: str
    locale: str
    refusal: str


def has_consent(channel: ConsentChannel = ConsentChannel.EMAIL) -> ColumnElement[bool]:
    """Return the condition that a contact row has a live consent for a channel."""
    return exists().where(
        Consent.contact_id == Contact.id, Consent.channel == channel, Consent.withdrawn_at.is_(None)
    )


def is_suppressed() -> ColumnElement[bool]:
    """Return the condition that a contact row's address must not be mailed by its partner."""
    return exists().where(
        Suppression.address_hash == Contact.address_hash,
        or_(Suppression.partner_id == Contact.partner_id, Suppression.partner_id.is_(None)),
    )


def mailable(partner_id: int) -> Select[tuple[int]]:
    """Select the ids of a partner's contacts that agreed to e-mail and are not suppressed."""
    return select(Contact.id).where(Contact.partner_id == partner_id, has_consent(), ~is_suppressed())


def recipients(actor: Actor, contact_ids: Collection[int]) -> list[Recipient]:
    """Read contacts for hand-off, in the order of their ids; erased ones are absent."""
    columns = (Contact.id, Contact.email, Contact.first_name, Contact.last_name, Contact.company, Contact.locale)
    found = session.execute(
        select(*columns, has_consent().label("agreed"), is_suppressed().label("suppressed"))
        .where(Contact.id.in_(contact_ids), Contact.partner_id == actor.partner_id)
        .order_by(Contact.id)
    )
    return [
        Recipient(
            id=row.id,
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            company=row.company,
            locale=row.locale,
            refusal="suppressed" if row.suppressed else "" if row.agreed else "no_consent",
        )
        for row in found
    ]
