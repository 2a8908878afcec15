"""What others may ask about deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.sending import queries
from campaigns.sending.model import Delivery, Share
from campaigns.sending.queries import Count
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Return one delivery. Raises NotFound."""
    return queries.one(actor, delivery_id)


def counts(actor: Actor, launch_id: int) -> list[Count]:
    """Count a launch's deliveries by touch, state and reason. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.counts(actor, launch_id)


def shares(actor: Actor, launch_id: int) -> Sequence[Share]:
    """Return what was shared by hand in a launch. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.shares_of_launch(actor, launch_id)
