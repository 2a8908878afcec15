"""Posts as people see them: the partner its own, the brand all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.networks.rules import Network
from campaigns.posting import queries
from campaigns.posting.model import Post
from campaigns.posting.rules import PostState
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class PostView:
    """One post, and where it stands."""

    id: int
    partner_id: int
    launch_id: int
    touch_id: int
    social_account_id: int
    network: Network
    account: str
    state: PostState
    reason: str
    detail: str
    text: str
    url: str
    retry_at: datetime | None
    look_at: datetime | None
    published_at: datetime | None
    created_at: datetime


def posts(
    actor: Actor,
    *,
    launch_id: int | None = None,
    state: PostState | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[PostView]:
    """Return one page of posts. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_POST_READ)
    found = queries.page_of(actor, launch_id=launch_id, state=state, limit=limit, after=after)
    return Page([post_view(row) for row in found.items], found.next)


def post(actor: Actor, post_id: int) -> PostView:
    """Return one post. Raises PostNotFound, Forbidden."""
    row = queries.one(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_POST_READ, row)
    return post_view(row)


def posts_of_launch(actor: Actor, launch_id: int) -> Sequence[PostView]:
    """Return the posts of a launch. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_POST_READ)
    return [post_view(row) for row in queries.of_launch(actor, launch_id)]


def post_view(row: Post) -> PostView:
    """Return what may be seen of a post."""
    return PostView(
        id=row.id,
        partner_id=row.partner_id,
        launch_id=row.launch_id,
        touch_id=row.touch_id,
        social_account_id=row.social_account_id,
        network=row.network,
        account=row.account,
        state=row.state,
        reason=row.reason.value,
        detail=row.detail,
        text=row.text,
        url=row.url,
        retry_at=row.retry_at if row.state is PostState.QUEUED else None,
        look_at=row.look_at,
        published_at=row.published_at,
        created_at=row.created_at,
    )
