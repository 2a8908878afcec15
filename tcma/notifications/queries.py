"""Questions about notifications; a person sees their own."""

from sqlalchemy import Select, func, select

from tcma.infra.db import session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Forbidden, NotFound
from tcma.notifications.model import Notification


def visible_to(actor: Actor) -> Select[Notification]:
    """Return the notifications that an actor may see: its own. Raises Forbidden.

    They tell of money and people too, so a token or a visit that may do only some things reads none.
    """
    if actor.is_narrowed:
        raise Forbidden("Sign in to read what you were told.")
    return select(Notification).where(Notification.user_id == actor.user_id)


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Notification]:
    """Return a page of the actor's inbox, newest first."""
    return page(visible_to(actor), Notification.id, limit=limit, after=after)


def one(actor: Actor, notification_id: int) -> Notification:
    """Return one notification. Raises NotFound."""
    found = session.scalars(visible_to(actor).where(Notification.id == notification_id)).first()
    if found is None:
        raise NotFound
    return found


def unread(actor: Actor) -> list[Notification]:
    """Return what the actor has not read."""
    return list(session.scalars(visible_to(actor).where(Notification.read_at.is_(None))))


def unread_count(actor: Actor) -> int:
    """Return how many the actor has not read."""
    rows = select(func.count()).where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    return int(session.scalar(rows) or 0)
