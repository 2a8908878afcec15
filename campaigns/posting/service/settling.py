"""Write down what became of a post, and tell the launch when the last post of a touch is accounted for."""

from __future__ import annotations

from datetime import timedelta

from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.networks import service as networks
from campaigns.networks.rules import Published
from campaigns.posting import queries
from campaigns.posting.model import Post
from campaigns.posting.rules import (
    LONGEST_WAIT,
    MOST_TRIES,
    MOVES,
    Attempt,
    Outcome,
    PostState,
    Reason,
    back_off,
    next_look,
)
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications

# What the partner itself did or said is no news to it.
KNOWN_ALREADY = frozenset({Reason.LAUNCH_CANCELLED, Reason.SAID_BY_A_PERSON})


def settle(actor: Actor, attempt: Attempt, outcome: Outcome) -> None:
    """Write down the outcome of an attempt; one that comes late is still the truth. Raises PostNotFound, Forbidden."""
    row = queries.one_for_update(actor, attempt.post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    late = row.state is PostState.UNCONFIRMED
    if row.claimed_at != attempt.mark or (row.state is not PostState.PUBLISHING and not late):
        return
    if outcome.state is PostState.PUBLISHED and outcome.published:
        publish(actor, row, outcome.published)
    elif outcome.state is PostState.FAILED or (late and outcome.state is PostState.QUEUED):
        fail(actor, row, reason=outcome.reason, detail=outcome.detail)
    elif outcome.state is PostState.QUEUED:
        put_back(actor, row, reason=outcome.reason, detail=outcome.detail, wait=outcome.wait)
    elif not late:
        doubt(actor, row, reason=outcome.reason, detail=outcome.detail)
    if outcome.reason is Reason.ACCOUNT_LOST:
        networks.lose_access(actor, row.social_account_id, reason=outcome.detail)


def publish(actor: Actor, row: Post, published: Published) -> None:
    """Note that a post is public."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    row.state = move(MOVES, row.state, PostState.PUBLISHED)
    row.remote_id = published.id
    row.url = published.url if published.url.startswith(("https://", "http://")) else ""
    row.published_at = row.claimed_at or clock.now()
    row.reason, row.detail, row.lease_until, row.look_at = Reason.NONE, "", None, None
    session.flush()
    audit.record(actor, "campaigns.post.published", row, network=row.network, account=row.account, url=row.url)
    finish_if_done(actor, row.touch_id)


def fail(actor: Actor, row: Post, *, reason: Reason, detail: str = "") -> None:
    """Note that a post is not public and will not be by itself, and tell the partner."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    row.state = move(MOVES, row.state, PostState.FAILED)
    row.reason, row.detail, row.lease_until, row.look_at = reason, detail[:500], None, None
    session.flush()
    audit.record(actor, "campaigns.post.failed", row, network=row.network, account=row.account, reason=reason)
    if reason not in KNOWN_ALREADY:
        notifications.tell_partner(
            actor,
            row.partner_id,
            kind="campaigns.post.failed",
            title=f"Not posted as {row.account} at {row.network.label}",
            body=f"{reason.value.replace('_', ' ').capitalize()}. {detail}".strip()[:1000],
            link=f"/posts/{row.id}",
        )
    finish_if_done(actor, row.touch_id)


def put_back(actor: Actor, row: Post, *, reason: Reason, detail: str, wait: timedelta | None) -> None:
    """Let a post of which for certain nothing was published wait for its next try; after the last one it failed."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.tries >= MOST_TRIES:
        fail(actor, row, reason=Reason.GAVE_UP, detail=detail)
        return
    if row.state is not PostState.QUEUED:
        row.state = move(MOVES, row.state, PostState.QUEUED)
    row.reason, row.detail, row.lease_until, row.asked_until = reason, detail[:500], None, None
    row.retry_at = clock.now() + min(max(wait or timedelta(0), back_off(row.tries)), LONGEST_WAIT)
    session.flush()


def doubt(actor: Actor, row: Post, *, reason: Reason, detail: str = "") -> None:
    """Note that nobody knows whether a post is public: it is looked for, and not posted again by itself."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    row.state = move(MOVES, row.state, PostState.UNCONFIRMED)
    row.reason, row.detail, row.lease_until = reason, detail[:500], None
    row.looks = 0
    row.look_at = clock.now() + (next_look(0) or timedelta(0))
    session.flush()
    audit.record(actor, "campaigns.post.unconfirmed", row, network=row.network, account=row.account, reason=reason)


def finish_if_done(actor: Actor, touch_id: int) -> bool:
    """Finish a touch whose posts are all accounted for; return whether it was finished now. Raises NotFound."""
    if queries.has_open(actor, touch_id):
        return False
    if launches.touch_plan(actor, touch_id).touch_state is not TouchState.FANNED_OUT:
        return False
    launches.touch_finished(actor, touch_id)
    return True
