"""Let recipients go, at once and for good."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.audiences import service as audiences
from campaigns.audiences.rules import SuppressionReason
from campaigns.sending import service as sending
from campaigns.sending.service import Signed
from campaigns.tracking import queries
from campaigns.tracking.model import Event
from campaigns.tracking.rules import EventKind, MadeBy
from tcma.accounts import service as accounts
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class WayOut:
    """What the unsubscribe page shows: whose mails, and whether they have stopped."""

    partner_name: str
    brand_name: str
    has_left: bool


def way_out(actor: Actor, signed: Signed) -> WayOut:
    """Return what the unsubscribe page shows; looking at it changes nothing. Raises NotFound."""
    delivery = sending.delivery(actor, signed.delivery_id or 0)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, delivery)
    left = queries.how_many(actor, delivery.id, EventKind.UNSUBSCRIBE) > 0
    partner = accounts.partner_profile(actor, delivery.partner_id)
    return WayOut(partner.trade_name or partner.legal_name, accounts.brand_profile().name, left)


def unsubscribe_from_all(actor: Actor, signed: Signed) -> bytes | None:
    """Stop this partner's mails, and return the keyed hash by which all partners' mails are stopped next.

    None: the contact was erased, and with it went every partner's right to write. Raises NotFound.
    """
    delivery = sending.delivery(actor, signed.delivery_id or 0)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, delivery)
    unsubscribe(actor, signed)
    return None if delivery.contact_id is None else audiences.address_hash(actor, delivery.contact_id)


def stop_all_partners(actor: Actor, address_hash: bytes) -> None:
    """Let no partner write to an address about this brand any more. Raises Forbidden."""
    audiences.suppress_for_brand(actor, address_hash, SuppressionReason.UNSUBSCRIBED)


def unsubscribe(actor: Actor, signed: Signed) -> None:
    """Stop this partner's mails to whoever got this one; done twice, it changes nothing. Raises NotFound.

    The address of an erased contact is suppressed already: then there is nothing left to do.
    """
    delivery = sending.delivery(actor, signed.delivery_id or 0)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, delivery)
    if delivery.contact_id is not None:
        audiences.unsubscribe(actor, delivery.contact_id)
    if queries.how_many(actor, delivery.id, EventKind.UNSUBSCRIBE):
        return
    session.add(
        Event(
            partner_id=delivery.partner_id,
            launch_id=delivery.launch_id,
            touch_id=delivery.touch_id,
            delivery_id=delivery.id,
            kind=EventKind.UNSUBSCRIBE,
            # RFC 8058: mail providers send this POST for a person who pressed their button.
            made_by=MadeBy.PERSON,
            happened_at=clock.now(),
        )
    )
    session.flush()
