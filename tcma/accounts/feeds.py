"""The address under which a calendar program reads what one person may see, without signing in."""

from tcma import settings
from tcma.accounts import queries, service
from tcma.audit import service as audit
from tcma.infra import crypto
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission

MAY = frozenset({Permission.CAMPAIGNS_LAUNCH_READ})
_PURPOSE = "accounts.feed"


def feed_address(actor: Actor) -> str:
    """Return the address of a person's feed: whoever has it reads the feed. Raises NotFound."""
    user = queries.user(actor, actor.user_id or 0)
    return f"{settings.current().base_url}/calendar/{crypto.sign(_PURPOSE, user.id, user.feed_number)}.ics"


def renew_feed(actor: Actor) -> str:
    """Give a person's feed another address; the one before leads nowhere from now on. Raises NotFound, Forbidden."""
    user = queries.user(actor, actor.user_id or 0)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    user.feed_number += 1
    audit.record(actor, "accounts.feed.renewed", user)
    return feed_address(actor)


def reader_of(token: str) -> Actor:
    """Return as whom a feed is read: its person, who may look at launches and nothing else. Raises NotFound."""
    try:
        user_id, number = crypto.verify(_PURPOSE, token)
    except (crypto.BadSignature, ValueError):
        raise NotFound from None
    with reading(SYSTEM):
        user = queries.person(int(user_id))
    if user is None or not user.is_active or user.feed_number != number:
        raise NotFound
    return service.actor_of(user, only=MAY)
