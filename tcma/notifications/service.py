"""Tell people things, and let them say that they have read them."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, insert

from tcma.accounts import service as accounts
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Role
from tcma.notifications import queries
from tcma.notifications.model import Notification


def tell_partner(actor: Actor, partner_id: int, *, kind: str, title: str, body: str = "", link: str = "") -> None:
    """Tell a partner's people, other than whoever acts. Raises NotFound."""
    people = accounts.people_of_partner(actor, partner_id)
    _tell(actor, people, partner_id, kind=kind, title=title, body=body, link=link)


def tell_role(actor: Actor, role: Role, *, kind: str, title: str, body: str = "", link: str = "") -> None:
    """Tell the brand's people with a role, other than whoever acts."""
    _tell(actor, accounts.people_with_role(role), None, kind=kind, title=title, body=body, link=link)


def _tell(
    actor: Actor, people: Iterable[int], partner_id: int | None, *, kind: str, title: str, body: str, link: str
) -> None:
    now = clock.now()
    rows = [
        {
            "partner_id": partner_id,
            "user_id": user_id,
            "kind": kind,
            "title": title,
            "body": body,
            "link": link,
            "created_at": now,
            "mail_due_at": now,
            "mail_tries": 0,
        }
        for user_id in people
        if user_id != actor.user_id
    ]
    if rows:
        # Nothing is read back: row security shows a notification to its addressee alone.
        session.execute(insert(cast("Table", Notification.__table__)).inline(), rows)
        enqueue("notifications.mail_owed")


def mark_read(actor: Actor, notification_id: int) -> Notification:
    """Remember that the actor has read a notification. Raises NotFound."""
    found = queries.one(actor, notification_id)
    found.read_at = found.read_at or clock.now()
    return found


def mark_all_read(actor: Actor) -> int:
    """Remember that the actor has read everything; return how many were new."""
    fresh = queries.unread(actor)
    for notification in fresh:
        notification.read_at = clock.now()
    return len(fresh)


def unread_count(actor: Actor) -> int:
    """Return how many notifications the actor has not read."""
    return queries.unread_count(actor)
