"""Everything that is kept about one person, for the person who asks (GDPR, article 15): in plain words and whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.audiences import service as audiences
from campaigns.sending import service as sending
from campaigns.tracking import queries
from tcma.audit import service as audit
from tcma.infra.paging import LARGEST_PAGE
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is kept about a contact: its fields, what it agreed to, what it was sent, and what it did with it."""

    contact: audiences.ContactView
    consents: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    events: list[dict[str, Any]]
    made_at: datetime


def disclose(actor: Actor, contact_id: int) -> Disclosure:
    """Gather everything that is kept about a contact; that it was asked for is written down.

    Raises ContactNotFound, Forbidden.
    """
    contact = audiences.contact_view(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ, contact)
    deliveries = sending.deliveries_to(actor, contact_id, most=LARGEST_PAGE)
    events = queries.of_deliveries(actor, [one.id for one in deliveries])
    audit.record(actor, "campaigns.contact.disclosed", contact)
    return Disclosure(
        contact=contact,
        consents=[
            {
                "channel": one.channel.value,
                "scope": one.scope.value,
                "source": one.source,
                "text_shown": one.text_shown,
                "given_at": one.given_at,
                "withdrawn_at": one.withdrawn_at,
            }
            for one in audiences.consents_of(actor, contact_id)
        ],
        deliveries=[
            {"launch_id": one.launch_id, "state": one.state.value, "reason": one.reason, "sent_at": one.sent_at}
            for one in deliveries
        ],
        events=[{"kind": one.kind.value, "made_by": one.made_by.value, "at": one.happened_at} for one in events],
        made_at=clock.now(),
    )
