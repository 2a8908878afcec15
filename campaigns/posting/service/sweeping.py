"""Find everything that is still owed, however it was lost."""

from __future__ import annotations

from datetime import datetime

from campaigns.launches import service as launches
from campaigns.posting import queries
from campaigns.posting.rules import PATIENCE, Reason
from campaigns.posting.service.settling import doubt
from tcma.infra.db import enqueue
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def ask_for_due(actor: Actor) -> None:
    """Ask for a job for each post that could be published by now, and not again before a while. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    now = clock.now()
    for row in queries.due(actor, now):
        row.asked_until = now + PATIENCE
        enqueue("campaigns.posting.publish", partner_id=row.partner_id, post_id=row.id)


def oldest_due_since(actor: Actor) -> datetime | None:
    """Return since when the oldest post that may leave now is waiting, or None when none is. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_POST_READ)
    return queries.oldest_due(actor, clock.now())


def to_look_for(actor: Actor) -> list[tuple[int, int]]:
    """Return (partner, post) of the unconfirmed posts that are to be looked for by now. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_POST_READ)
    return queries.to_look_for(actor, clock.now())


def take_back(actor: Actor) -> int:
    """Take posts from workers that show no sign of life: they may be public, and are unconfirmed. Return how many."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    found = queries.abandoned(actor, clock.now())
    for row in found:
        doubt(actor, row, reason=Reason.WORKER_LOST, detail="The service stopped in the moment of posting.")
    return len(found)


def unfinished(actor: Actor) -> list[int]:
    """Return the touches whose posts are all accounted for and nobody noticed: a worker died in that moment."""
    return [touch_id for touch_id in launches.posted_touches(actor) if not queries.has_open(actor, touch_id)]
