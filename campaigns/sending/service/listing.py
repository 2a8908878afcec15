"""The partner's own view of its deliveries: who, where it stands, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.audiences import service as audiences
from campaigns.sending import queries
from campaigns.sending.errors import RecipientsArePartners
from campaigns.sending.model import Delivery
from campaigns.sending.rules import DeliveryState, Reason
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery with its recipient, for the partner whose recipient it is."""

    id: int
    partner_id: int
    launch_id: int
    touch_id: int
    contact_id: int | None
    recipient: str
    state: DeliveryState
    reason: str
    detail: str
    message_id: str
    attempts: int
    retry_at: datetime | None
    sent_at: datetime | None


def deliveries(
    actor: Actor,
    *,
    launch_id: int | None = None,
    state: DeliveryState | None = None,
    reason: Reason | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[DeliveryView]:
    """Return one page of a partner's deliveries. Raises Forbidden, RecipientsArePartners."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    if not actor.is_partner:
        raise RecipientsArePartners
    found = queries.page_of(actor, launch_id=launch_id, state=state, reason=reason, limit=limit, after=after)
    return Page(views(actor, found.items), found.next)


def deliveries_to(actor: Actor, contact_id: int, *, most: int) -> list[DeliveryView]:
    """Return what was sent to a contact, newest first. Raises Forbidden, RecipientsArePartners."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    if not actor.is_partner:
        raise RecipientsArePartners
    return views(actor, queries.to_contact(actor, contact_id, most=most))


def delivery_view(actor: Actor, delivery_id: int) -> DeliveryView:
    """Return one delivery. Raises NotFound, Forbidden, RecipientsArePartners."""
    found = queries.one(actor, delivery_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ, found)
    if not actor.is_partner:
        raise RecipientsArePartners
    return views(actor, [found])[0]


def views(actor: Actor, rows: Sequence[Delivery]) -> list[DeliveryView]:
    """Put the recipients' addresses beside deliveries, for who may see contacts; an erased one has none."""
    contact_ids = [row.contact_id for row in rows if row.contact_id is not None]
    may_see = actor.can(Permission.CAMPAIGNS_CONTACT_READ)
    people = audiences.contacts_for_sending(actor, contact_ids) if may_see else []
    addresses = {person.id: person.email for person in people}
    return [
        DeliveryView(
            id=row.id,
            partner_id=row.partner_id,
            launch_id=row.launch_id,
            touch_id=row.touch_id,
            contact_id=row.contact_id,
            recipient=addresses.get(row.contact_id or 0, ""),
            state=row.state,
            reason=row.reason.value,
            detail=row.detail,
            message_id=row.message_id,
            attempts=row.attempts,
            retry_at=row.retry_at if row.state is DeliveryState.DEFERRED else None,
            sent_at=row.sent_at,
        )
        for row in rows
    ]
