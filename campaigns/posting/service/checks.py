"""The proof that no post is forgotten: what is stuck, what is late, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from campaigns.posting import queries
from campaigns.posting.model import Post
from campaigns.posting.rules import LEASE, PostState
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.permissions import Permission

# What could have left for this long, something keeps from leaving.
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs a look: a stable code, a sentence for people, and how many posts it is about."""

    code: str
    sentence: str
    number: int


def check(actor: Actor = SYSTEM) -> list[Finding]:
    """Look at all posts and return what is not as it should be; an empty list is the proof. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_POST_READ)
    return [finding for finding in _findings(actor) if finding.number]


def _findings(actor: Actor) -> Iterator[Finding]:
    now = clock.now()
    stuck = queries.count(actor, Post.state == PostState.PUBLISHING, Post.lease_until < now - LEASE)
    yield Finding("stuck", f"{stuck} posts have no worker: is the scheduler running?", stuck)
    late = queries.count(actor, Post.state == PostState.QUEUED, Post.retry_at < now - LATE)
    yield Finding("late", f"{late} posts could have left more than 15 minutes ago.", late)
    waiting = queries.count(actor, Post.state == PostState.UNCONFIRMED, Post.look_at.is_(None))
    yield Finding("unconfirmed", f"{waiting} posts may or may not be public: somebody has to say.", waiting)
