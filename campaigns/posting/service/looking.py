"""Look for an unconfirmed post at its network: read back, never post again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from campaigns.networks import service as networks
from campaigns.networks.errors import AccessLost, AccountUnusable, NetworkNotOffered
from campaigns.networks.rules import Message, Network, Published
from campaigns.networks.service import Access
from campaigns.posting import queries
from campaigns.posting.model import Post
from campaigns.posting.rules import LEASE, PostState, Reason, next_look
from campaigns.posting.service.composing import message_of
from campaigns.posting.service.settling import fail, publish
from tcma.infra.crypto import BadSignature
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.logs import get_logger
from tcma.notifications import service as notifications

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network showed: the post, or (when it `answered`) that it is not there; or that it keeps us out."""

    published: Published | None = None
    answered: bool = False
    is_kept_out: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """An unconfirmed post that is looked for."""

    post_id: int
    account_id: int
    message: Message

    def ask(self, network: Network, access: Access) -> Seen:
        """Ask the network: call it outside of the transaction."""
        try:
            return Seen(networks.driver_of(network).find(access, self.message), answered=True)
        except AccessLost:
            return Seen(is_kept_out=True)
        except DomainError as error:
            log.warning("post not looked for", post_id=self.post_id, code=error.code)
            return Seen()


def begin_look(actor: Actor, post_id: int) -> Look | None:
    """Take an unconfirmed post to look for it; None when it is settled, or cannot be looked for.

    Raises PostNotFound, Forbidden.
    """
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.state is not PostState.UNCONFIRMED or row.look_at is None or row.look_at > clock.now():
        return None
    try:
        networks.open_account(actor, row.social_account_id)
    except (AccountUnusable, NetworkNotOffered, BadSignature):
        _leave_to_people(actor, row)
        return None
    # Nobody else looks meanwhile; if this worker is lost, somebody does afterwards.
    row.look_at = clock.now() + LEASE
    session.flush()
    return Look(row.id, row.social_account_id, message_of(row, row.text, row.link, ""))


def end_look(actor: Actor, look: Look, seen: Seen) -> None:
    """Settle a post by what was seen; it is looked for a few times before it counts as not there.

    Raises PostNotFound, Forbidden.
    """
    row = queries.one_for_update(actor, look.post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.state is not PostState.UNCONFIRMED:
        return
    if seen.published is not None:
        publish(actor, row, seen.published)
        return
    if seen.is_kept_out:
        _leave_to_people(actor, row)
        return
    # A network that does not answer has not said that it is not there.
    row.looks += seen.answered
    wait = next_look(row.looks)
    if wait is None and not networks.driver_of(row.network).shows_all:
        _leave_to_people(actor, row)
    elif wait is None:
        detail = "The network did not answer, and it is not there an hour later."
        fail(actor, row, reason=Reason.NOT_FOUND_THERE, detail=detail)
    else:
        row.look_at = clock.now() + max(wait, timedelta(minutes=1))


def _leave_to_people(actor: Actor, row: Post) -> None:
    row.look_at = None
    session.flush()
    notifications.tell_partner(
        actor,
        row.partner_id,
        kind="campaigns.post.unconfirmed",
        title=f"Was it posted as {row.account} at {row.network.label}?",
        body="The network did not answer, and does not show whether it is there. Look, and say what became of it.",
        link=f"/posts/{row.id}",
    )
