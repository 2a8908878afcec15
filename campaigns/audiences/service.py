"""The verbs on contacts and suppressions, and what sending may ask."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select

from campaigns.audiences import queries
from campaigns.audiences.queries import Recipient
from tcma.kernel.actor import Actor

__all__ = ["Recipient", "contacts_for_sending", "mailable"]


def mailable(partner_id: int) -> Select[tuple[int]]:
    """Select the ids of a partner's contacts that agreed to e-mail and are not suppressed: what fan-out inserts from."""
    return queries.mailable(partner_id)


def contacts_for_sending(actor: Actor, contact_ids: Collection[int]) -> list[Recipient]:
    """Read contacts at hand-off; each says whether it may (still) be mailed, erased ones are absent."""
    return queries.recipients(actor, contact_ids)
