"""Change one contact, or forget it."""

from __future__ import annotations

from campaigns.audiences import queries
from campaigns.audiences.queries import ContactView
from campaigns.audiences.rules import SuppressionReason
from campaigns.audiences.service.suppressing import suppress_hash
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def edit(actor: Actor, contact_id: int, **changes: str) -> ContactView:
    """Change names, company or locale of a contact. Raises ContactNotFound, Forbidden."""
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT, contact)
    for name in {"first_name", "last_name", "company", "locale"} & changes.keys():
        setattr(contact, name, changes[name])
    session.flush()
    audit.record(actor, "campaigns.contact.edited", contact, fields=sorted(changes))
    return queries.view(actor, contact_id)


def erase(actor: Actor, contact_id: int) -> None:
    """Forget a contact and what it agreed to; a keyed hash stays behind, so that no import brings it back to life.

    Raises ContactNotFound, Forbidden.
    """
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT, contact)
    suppress_hash(contact.partner_id, contact.address_hash, SuppressionReason.ERASED)
    audit.record(actor, "campaigns.contact.erased", contact)
    session.delete(contact)
    session.flush()
