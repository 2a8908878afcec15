"""What a person says about a post."""

from __future__ import annotations

from campaigns.networks.rules import Published
from campaigns.posting import queries
from campaigns.posting.errors import PostAlreadyKnown
from campaigns.posting.model import Post
from campaigns.posting.rules import MOVES, Finding, PostState, Reason
from campaigns.posting.service.settling import fail, publish
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def resolve(actor: Actor, post_id: int, *, state: Finding, url: str = "") -> Post:
    """Settle an unconfirmed post: it is public, or it is not. Raises PostNotFound, Forbidden, PostAlreadyKnown."""
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_POST_SETTLE, row)
    if row.state is not PostState.UNCONFIRMED:
        raise PostAlreadyKnown(f"This post is {row.state}: there is nothing to settle.")
    audit.record(actor, "campaigns.post.settled", row, before={"state": row.state}, after={"state": state})
    if state is Finding.PUBLISHED:
        publish(actor, row, Published("", url.strip()))
    else:
        fail(actor, row, reason=Reason.SAID_BY_A_PERSON)
    return row


def post_again(actor: Actor, post_id: int) -> Post:
    """Post once more what failed, because a person says so. Raises PostNotFound, Forbidden, IllegalMove."""
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_POST_SETTLE, row)
    row.state = move(MOVES, row.state, PostState.QUEUED)
    row.retry_at, row.tries, row.claimed_at, row.asked_until = clock.now(), 0, None, None
    row.reason, row.detail = Reason.NONE, ""
    session.flush()
    audit.record(actor, "campaigns.post.again", row, network=row.network, account=row.account)
    enqueue("campaigns.posting.publish_due")
    return row
