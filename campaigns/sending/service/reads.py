"""What others may ask about deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from campaigns.sending import queries
from campaigns.sending.model import Delivery, Share
from campaigns.sending.queries import Count
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Return one delivery. Raises NotFound."""
    return queries.one(actor, delivery_id)


def counts(actor: Actor, launch_ids: Collection[int]) -> list[Count]:
    """Count the deliveries of some launches by touch, state and reason. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.counts(actor, launch_ids)


def sent_by(actor: Actor, launch_id: int, *, each: str) -> list[tuple[datetime, int]]:
    """Count what left of a launch by hour or day. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.sent_by(actor, launch_id, each=each)


def shares(actor: Actor, launch_ids: Collection[int]) -> Sequence[Share]:
    """Return what was shared by hand in some launches. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.shares_of(actor, launch_ids)
