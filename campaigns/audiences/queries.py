"""Reads of contacts, consents and suppressions. Row security stands behind each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from campaigns.audiences.errors import ContactNotFound, ImportNotFound, SuppressionNotFound
from campaigns.audiences.model import Consent, Contact, ContactImport, Suppression
from campaigns.audiences.rules import ConsentChannel, SuppressionReason, SuppressionScope
from tcma.infra.db import session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Recipient:
    """One contact at hand-off. `refusal` is empty, `no_consent` or `suppressed`: then nothing may be sent."""

    id: int
    email: str
    first_name: str
    last_name: str
    company: str
    locale: str
    address_hash: bytes
    refusal: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """One contact as its partner sees it; `standing` is `mailable`, `no_consent` or `suppressed`."""

    id: int
    email: str
    first_name: str
    last_name: str
    company: str
    locale: str
    attributes: dict[str, Any]
    standing: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SuppressionView:
    """One suppression; the address is known only while it belongs to a contact."""

    id: int
    email: str | None
    scope: SuppressionScope
    reason: SuppressionReason
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many contacts a partner has: all that the brand may know of them."""

    partner_id: int
    partner_name: str
    contacts: int
    mailable: int
    suppressed: int


def has_consent(channel: ConsentChannel = ConsentChannel.EMAIL) -> ColumnElement[bool]:
    """Return the condition that a contact row has a live consent for a channel."""
    return exists().where(Consent.contact_id == Contact.id, Consent.channel == channel, Consent.withdrawn_at.is_(None))


def is_suppressed() -> ColumnElement[bool]:
    """Return the condition that a contact row's address must not be mailed by its partner."""
    return exists().where(
        Suppression.address_hash == Contact.address_hash,
        or_(Suppression.partner_id == Contact.partner_id, Suppression.partner_id.is_(None)),
    )


def has_more_than(partner_id: int, number: int) -> bool:
    """Tell whether a partner has more than so many contacts, without counting them all."""
    one_more = select(Contact.id).where(Contact.partner_id == partner_id).order_by(Contact.id).offset(number).limit(1)
    return session.scalar(one_more) is not None


def next_contacts(partner_id: int, *, after: int, limit: int) -> Select[int, bool]:
    """Select the next contacts of a partner in the order of their ids, and whether each may be mailed.

    The two questions are asked for each contact through an index (OFFSET keeps the planner from doing it otherwise):
    right after an import nobody has counted the rows, and it would read all consents again for each piece of the list.
    """
    contact = aliased(
        Contact,
        select(Contact)
        .where(Contact.partner_id == partner_id, Contact.id > after)
        .order_by(Contact.id)
        .limit(limit)
        .subquery(),
    )
    agreed = (
        select(Consent.id)
        .where(
            Consent.contact_id == contact.id,
            Consent.channel == ConsentChannel.EMAIL,
            Consent.withdrawn_at.is_(None),
        )
        .offset(0)
        .exists()
    )
    suppressed = (
        select(Suppression.id)
        .where(
            Suppression.address_hash == contact.address_hash,
            or_(Suppression.partner_id == partner_id, Suppression.partner_id.is_(None)),
        )
        .offset(0)
        .exists()
    )
    return select(contact.id, and_(agreed, ~suppressed).label("mailable"))


# Made once: it is asked for each part that leaves. One array instead of a parameter for each contact.
_RECIPIENTS = (
    select(
        Contact.id,
        Contact.email,
        Contact.first_name,
        Contact.last_name,
        Contact.company,
        Contact.locale,
        Contact.address_hash,
        case((is_suppressed(), "suppressed"), (has_consent(), ""), else_="no_consent").label("refusal"),
    )
    .where(
        Contact.id == any_(bindparam("contact_ids", type_=ARRAY(BigInteger))),
        Contact.partner_id == bindparam("partner_id"),
    )
    .order_by(Contact.id)
)


def recipients(actor: Actor, contact_ids: Collection[int]) -> list[Recipient]:
    """Read contacts for hand-off, in the order of their ids; erased ones are absent."""
    found = session.execute(_RECIPIENTS, {"contact_ids": list(contact_ids), "partner_id": actor.partner_id})
    return [Recipient(*row) for row in found]


def visible_to(actor: Actor) -> Select[Contact]:
    """Return the contacts that an actor may see: a partner's own. Nobody else's are anybody's. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    return select(Contact).where(Contact.partner_id == actor.partner_id)


def contact(actor: Actor, contact_id: int) -> Contact:
    """Return one contact. Raises ContactNotFound."""
    found = session.scalars(visible_to(actor).where(Contact.id == contact_id)).one_or_none()
    if found is None:
        raise ContactNotFound
    return found


def contact_for_update(actor: Actor, contact_id: int) -> Contact:
    """Return one contact and keep others from changing it meanwhile. Raises ContactNotFound."""
    found = session.scalars(visible_to(actor).where(Contact.id == contact_id).with_for_update()).one_or_none()
    if found is None:
        raise ContactNotFound
    return found


def view(actor: Actor, contact_id: int) -> ContactView:
    """Return one contact with its standing. Raises ContactNotFound."""
    return _views([contact(actor, contact_id)])[0]


def page_of_contacts(
    actor: Actor, *, limit: int = 50, after: int | None = None, search: str = "", standing: str = ""
) -> Page[ContactView]:
    """Return one page of contacts, newest first; `search` looks into address, names and company."""
    rows = visible_to(actor)
    if search.strip():
        pattern = "%" + search.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        columns = (Contact.email_normalized, Contact.first_name, Contact.last_name, Contact.company)
        rows = rows.where(or_(*(column.ilike(pattern) for column in columns)))
    conditions = {
        "mailable": and_(has_consent(), ~is_suppressed()),
        "no_consent": and_(~has_consent(), ~is_suppressed()),
        "suppressed": is_suppressed(),
    }
    if standing in conditions:
        rows = rows.where(conditions[standing])
    found = page(rows, Contact.id, limit=limit, after=after)
    return Page(_views(found.items), found.next)


def every_contact(actor: Actor) -> Iterator[ContactView]:
    """Yield all contacts of a partner, oldest first, a thousand at a time."""
    last = 0
    while batch := session.scalars(visible_to(actor).where(Contact.id > last).order_by(Contact.id).limit(1000)).all():
        yield from _views(batch)
        last = batch[-1].id


def consents_of(actor: Actor, contact_id: int) -> list[Consent]:
    """Return what a contact agreed to, newest first. Raises ContactNotFound."""
    rows = select(Consent).where(Consent.contact_id == contact(actor, contact_id).id).order_by(Consent.id.desc())
    return list(session.scalars(rows))


def visible_imports(actor: Actor) -> Select[ContactImport]:
    """Return the imports that an actor may see: a partner's own. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    return select(ContactImport).where(ContactImport.partner_id == actor.partner_id)


def visible_suppressions(actor: Actor) -> Select[Suppression]:
    """Return the suppressions that an actor may see one by one: a partner's own. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_READ)
    return select(Suppression).where(Suppression.partner_id == actor.partner_id)


def one_import(actor: Actor, import_id: int) -> ContactImport:
    """Return the report of one import. Raises ImportNotFound."""
    found = session.scalars(visible_imports(actor).where(ContactImport.id == import_id)).one_or_none()
    if found is None:
        raise ImportNotFound
    return found


def page_of_imports(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[ContactImport]:
    """Return one page of imports, newest first."""
    return page(visible_imports(actor), ContactImport.id, limit=limit, after=after)


def page_of_suppressions(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[SuppressionView]:
    """Return one page of a partner's own suppressions, newest first."""
    found = page(visible_suppressions(actor), Suppression.id, limit=limit, after=after)
    known = known_addresses(actor, [row.address_hash for row in found.items])
    return Page([_suppression_view(row, known) for row in found.items], found.next)


def view_of_suppression(actor: Actor, row: Suppression) -> SuppressionView:
    """Return one suppression with the address, if that is a contact of the actor's partner."""
    return _suppression_view(row, known_addresses(actor, [row.address_hash]))


def one_suppression(actor: Actor, suppression_id: int) -> Suppression:
    """Return one suppression of the actor's partner; it is never changed, only deleted. Raises SuppressionNotFound."""
    found = session.scalars(visible_suppressions(actor).where(Suppression.id == suppression_id)).one_or_none()
    if found is None:
        raise SuppressionNotFound
    return found


def suppression(partner_id: int, address_hash: bytes) -> Suppression | None:
    """Return the suppression of an address by a partner, if there is one."""
    rows = select(Suppression).where(Suppression.address_hash == address_hash, Suppression.partner_id == partner_id)
    return session.scalars(rows).one_or_none()


def suppression_there(partner_id: int, address_hash: bytes) -> Suppression:
    """Return the suppression of an address that must be there. Raises SuppressionNotFound."""
    found = suppression(partner_id, address_hash)
    if found is None:
        raise SuppressionNotFound
    return found


def known_addresses(actor: Actor, hashes: Collection[bytes]) -> dict[bytes, str]:
    """Return the addresses behind hashes as far as they are contacts of the actor's partner, which it may see."""
    if not actor.can(Permission.CAMPAIGNS_CONTACT_READ):
        return {}
    rows = select(Contact.address_hash, Contact.email).where(
        Contact.partner_id == actor.partner_id, Contact.address_hash.in_(hashes)
    )
    return {row.address_hash: row.email for row in session.execute(rows)}


def count(partner_id: int, partner_name: str) -> AudienceCount:
    """Count a partner's contacts; the brand may ask too, since no row leaves the database."""
    row = session.execute(text("SELECT * FROM audience_counts(:partner_id)"), {"partner_id": partner_id}).one_or_none()
    if row is None:
        return AudienceCount(partner_id, partner_name, 0, 0, 0)
    return AudienceCount(partner_id, partner_name, row.contacts, row.mailable, row.suppressed)


def count_suppressed(contact_ids: Collection[int]) -> int:
    """Count which of these contacts must not be mailed."""
    among = Contact.id == any_(cast(list(contact_ids), ARRAY(BigInteger)))
    rows = select(func.count()).select_from(Contact).where(among, is_suppressed())
    return session.scalar(rows) or 0


def _suppression_view(row: Suppression, known: Mapping[bytes, str]) -> SuppressionView:
    return SuppressionView(
        id=row.id, email=known.get(row.address_hash), scope=row.scope, reason=row.reason, created_at=row.created_at
    )


def _views(contacts: Collection[Contact]) -> list[ContactView]:
    rows = select(Contact.id, has_consent().label("agreed"), is_suppressed().label("stopped")).where(
        Contact.id.in_([one.id for one in contacts])
    )
    standings = {
        row.id: "suppressed" if row.stopped else "mailable" if row.agreed else "no_consent"
        for row in session.execute(rows)
    }
    return [
        ContactView(
            id=one.id,
            email=one.email,
            first_name=one.first_name,
            last_name=one.last_name,
            company=one.company,
            locale=one.locale,
            attributes=one.attributes,
            standing=standings[one.id],
            created_at=one.created_at,
            updated_at=one.updated_at,
        )
        for one in contacts
    ]
