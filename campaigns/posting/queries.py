"""Reads of posts; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from campaigns.posting.errors import PostNotFound
from campaigns.posting.model import Post
from campaigns.posting.rules import OPEN, PostState
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor


def visible_to(actor: Actor) -> Select[Post]:
    """Return the posts that an actor may see."""
    return owned_by(actor, Post)


def one(actor: Actor, post_id: int) -> Post:
    """Return one post. Raises PostNotFound."""
    return _only(visible_to(actor).where(Post.id == post_id))


def one_for_update(actor: Actor, post_id: int) -> Post:
    """Return one post as it is now, and keep others from changing it meanwhile. Raises PostNotFound."""
    return _only(lock(visible_to(actor).where(Post.id == post_id)).execution_options(populate_existing=True))


def _only(rows: Select[Post]) -> Post:
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise PostNotFound
    return found


def page_of(
    actor: Actor,
    *,
    launch_id: int | None = None,
    state: PostState | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Post]:
    """Return one page of posts, newest first."""
    rows = visible_to(actor)
    if launch_id is not None:
        rows = rows.where(Post.launch_id == launch_id)
    if state is not None:
        rows = rows.where(Post.state == state)
    return page(rows, Post.id, limit=limit, after=after)


def of_launch(actor: Actor, launch_id: int) -> Sequence[Post]:
    """Return the posts of a launch, oldest first."""
    return session.scalars(visible_to(actor).where(Post.launch_id == launch_id).order_by(Post.id)).all()


def has_posts(actor: Actor, touch_id: int) -> bool:
    """Tell whether a touch has posts."""
    return _exists(visible_to(actor).where(Post.touch_id == touch_id))


def has_open(actor: Actor, touch_id: int) -> bool:
    """Tell whether a touch has posts that are not accounted for."""
    return _exists(visible_to(actor).where(Post.touch_id == touch_id, Post.state.in_(OPEN)))


def _exists(rows: Select[Post]) -> bool:
    return bool(session.scalar(select(rows.exists())))


def due(actor: Actor, now: datetime) -> Sequence[Post]:
    """Return what could be published by now and no job is asked for, the longest due first, locked."""
    unasked = or_(Post.asked_until.is_(None), Post.asked_until <= now)
    rows = visible_to(actor).where(Post.state == PostState.QUEUED, Post.retry_at <= now, unasked)
    return session.scalars(rows.order_by(Post.retry_at, Post.id).with_for_update(skip_locked=True)).all()


def oldest_due(actor: Actor, now: datetime) -> datetime | None:
    """Return since when the oldest post that may leave now is waiting."""
    rows = visible_to(actor).with_only_columns(func.min(Post.retry_at))
    return session.scalar(rows.where(Post.state == PostState.QUEUED, Post.retry_at <= now))


def to_look_for(actor: Actor, now: datetime) -> list[tuple[int, int]]:
    """Return (partner, post) of what is to be looked for at its network by now."""
    rows = visible_to(actor).with_only_columns(Post.partner_id, Post.id)
    rows = rows.where(Post.state == PostState.UNCONFIRMED, Post.look_at <= now)
    return [(row[0], row[1]) for row in session.execute(rows.order_by(Post.look_at))]


def queued_of(actor: Actor, touch_ids: Collection[int], *, after: int, limit: int) -> Sequence[Post]:
    """Return the posts of some touches that are still to leave, with ids above `after`, in their order."""
    rows = visible_to(actor).where(Post.touch_id.in_(touch_ids), Post.state == PostState.QUEUED, Post.id > after)
    return session.scalars(rows.order_by(Post.id).limit(limit)).all()


def count_queued_of(actor: Actor, touch_ids: Collection[int]) -> int:
    """Count the posts of some touches that are still to leave."""
    return count(actor, Post.touch_id.in_(touch_ids), Post.state == PostState.QUEUED)


def count(actor: Actor, *conditions: ColumnElement[bool]) -> int:
    """Count posts."""
    rows = visible_to(actor).where(*conditions).subquery()
    return int(session.scalar(select(func.count()).select_from(rows)) or 0)


def abandoned(actor: Actor, now: datetime) -> Sequence[Post]:
    """Return the posts whose worker shows no sign of life, locked."""
    rows = visible_to(actor).where(Post.state == PostState.PUBLISHING, Post.lease_until < now)
    return session.scalars(rows.order_by(Post.id).with_for_update(skip_locked=True)).all()
