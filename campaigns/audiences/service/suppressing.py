"""Stop a partner's mail to an address, and lift what was stopped by hand."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from campaigns.audiences import queries, rules
from campaigns.audiences.errors import NoPartner, SuppressionBinding
from campaigns.audiences.model import Consent, Suppression
from campaigns.audiences.queries import SuppressionView
from campaigns.audiences.rules import SuppressionReason, SuppressionScope
from tcma.audit import service as audit
from tcma.infra.crypto import keyed_hash
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def suppress(actor: Actor, email: str) -> SuppressionView:
    """Stop all mail of the actor's partner to an address; done twice, it changes nothing.

    Raises AddressInvalid, Forbidden, NoPartner.
    """
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT)
    address_hash = hash_of(rules.read_address(email).normalized)
    suppression = suppress_hash(partner_of(actor), address_hash, SuppressionReason.MANUAL)
    audit.record(actor, "campaigns.suppression.added", suppression)
    return queries.view_of_suppression(actor, suppression)


def lift(actor: Actor, suppression_id: int) -> None:
    """Remove a suppression that the partner made by hand. Raises SuppressionNotFound, Forbidden, SuppressionBinding."""
    suppression = queries.one_suppression(actor, suppression_id)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, suppression)
    if suppression.reason not in rules.LIFTABLE:
        raise SuppressionBinding
    audit.record(actor, "campaigns.suppression.lifted", suppression)
    session.delete(suppression)
    session.flush()


def unsubscribe(actor: Actor, contact_id: int) -> Suppression:
    """Do what a recipient asked for: withdraw the consent and never write again. Done twice, it changes nothing.

    Raises ContactNotFound, Forbidden.
    """
    return _stop(actor, contact_id, SuppressionReason.UNSUBSCRIBED, "campaigns.contact.unsubscribed")


def stop_after_complaint(actor: Actor, contact_id: int) -> Suppression:
    """Never write again to somebody who reported a mail as spam. Done twice, it changes nothing.

    Raises ContactNotFound, Forbidden.
    """
    return _stop(actor, contact_id, SuppressionReason.COMPLAINED, "campaigns.contact.complained")


def suppress_for_brand(actor: Actor, address_hash: bytes, reason: SuppressionReason) -> None:
    """Let no partner write to an address about this brand; only the service and the brand may say that.

    Done twice, it changes nothing. Raises Forbidden.
    """
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT)
    session.execute(
        insert(Suppression)
        .values(address_hash=address_hash, reason=reason, scope=SuppressionScope.BRAND, created_at=clock.now())
        .on_conflict_do_nothing()
    )


def suppress_everywhere(actor: Actor, address_hash: bytes, reason: SuppressionReason) -> None:
    """Let nobody write to an address; only the service and the brand may say that. Done twice, it changes nothing.

    Raises Forbidden.
    """
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT)
    session.execute(
        insert(Suppression)
        .values(address_hash=address_hash, reason=reason, scope=SuppressionScope.EVERYWHERE, created_at=clock.now())
        .on_conflict_do_nothing()
    )


def address_hash(actor: Actor, contact_id: int) -> bytes:
    """Return the keyed hash of a contact's address. Raises ContactNotFound, Forbidden."""
    return queries.contact(actor, contact_id).address_hash


def _stop(actor: Actor, contact_id: int, reason: SuppressionReason, action: str) -> Suppression:
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, contact)
    session.execute(
        update(Consent)
        .where(Consent.contact_id == contact.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    suppression = suppress_hash(contact.partner_id, contact.address_hash, reason)
    audit.record(actor, action, contact)
    return suppression


def hash_of(normalized: str) -> bytes:
    """Return the keyed hash by which an address is suppressed."""
    return keyed_hash("suppression", normalized)


def partner_of(actor: Actor) -> int:
    """Return whose contacts the actor works with. Raises NoPartner."""
    if actor.partner_id is None:
        raise NoPartner
    return actor.partner_id


def suppress_hash(partner_id: int, address_hash: bytes, reason: SuppressionReason) -> Suppression:
    """Keep that a partner must not mail a hash; done twice, it changes nothing."""
    found = queries.suppression(partner_id, address_hash)
    if found is not None:
        return found
    session.execute(
        insert(Suppression)
        .values(
            partner_id=partner_id,
            address_hash=address_hash,
            reason=reason,
            scope=SuppressionScope.PARTNER,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    # Whoever was faster wrote the same, so there is one now.
    return queries.suppression_there(partner_id, address_hash)
