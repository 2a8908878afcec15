"""The last look before a post leaves: whether it may still go, and in whose name. From then on it may have left."""

from __future__ import annotations

from datetime import timedelta

from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service import TouchPlan
from campaigns.networks import service as networks
from campaigns.networks.errors import AccountUnusable, NetworkNotOffered
from campaigns.networks.rules import Message
from campaigns.networks.service import Access
from campaigns.posting import queries
from campaigns.posting.model import Post
from campaigns.posting.rules import LEASE, MOVES, WAIT, Attempt, PostState, Reason
from campaigns.posting.service.settling import fail, put_back
from campaigns.sending.rules import Standing
from cobranding.templates import service as templates
from tcma.infra.crypto import BadSignature
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def standing(actor: Actor, plan: TouchPlan) -> Standing:
    """Tell whether posts of a touch may leave now."""
    if plan.launch_state is LaunchState.CANCELLED or plan.touch_state is TouchState.CANCELLED:
        return Standing.LAUNCH_CANCELLED
    if plan.kit_withdrawn or templates.withdrawn_among(plan.template_version_ids):
        return Standing.TEMPLATE_WITHDRAWN
    # A completed launch posts what its partner asked for afterwards: connected late, or posted again.
    going = plan.launch_state in {LaunchState.RUNNING, LaunchState.COMPLETED}
    made = plan.touch_state in {TouchState.DUE, TouchState.FANNED_OUT, TouchState.FINISHED}
    return Standing.GO if going and made and not launches.held_senders(actor) else Standing.WAIT


def may_leave(actor: Actor, row: Post, plan: TouchPlan) -> bool:
    """Tell whether a queued post may leave now; one that has to wait waits, one that never may has failed."""
    at = standing(actor, plan)
    if at is Standing.WAIT:
        row.retry_at = clock.now() + WAIT
    elif at is not Standing.GO:
        fail(actor, row, reason=Reason(at.value))
    return at is Standing.GO


def claim(actor: Actor, post_id: int, message: Message) -> tuple[Attempt, Access] | None:
    """Take a post to publish it now, if launch, template and account allow; None when they do not.

    Once this is committed and until the outcome is, a crash leaves the post unconfirmed.
    Raises PostNotFound, Forbidden.
    """
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    now = clock.now()
    if row.state is not PostState.QUEUED or row.retry_at > now:
        return None
    if not may_leave(actor, row, launches.touch_plan(actor, row.touch_id)):
        return None
    try:
        network, access = networks.open_account(actor, row.social_account_id)
    except (AccountUnusable, NetworkNotOffered, BadSignature) as error:
        fail(actor, row, reason=Reason.ACCOUNT_LOST, detail=error.detail)
        return None
    row.state = move(MOVES, row.state, PostState.PUBLISHING)
    row.claimed_at, row.lease_until = now, now + LEASE
    row.tries += 1
    row.text, row.link, row.reason, row.detail = message.text, message.link, Reason.NONE, ""
    session.flush()
    return Attempt(row.id, row.social_account_id, network, row.tries, now), access


def hold_back(actor: Actor, post_id: int, *, reason: Reason, detail: str, wait: timedelta | None = None) -> None:
    """Let a post that could not be prepared wait; nothing has left. Raises PostNotFound, Forbidden."""
    row = _queued(actor, post_id)
    if row is not None:
        row.tries += 1
        put_back(actor, row, reason=reason, detail=detail, wait=wait)


def give_up(actor: Actor, post_id: int, *, reason: Reason, detail: str) -> None:
    """Say that a post will not leave as it is; nothing has left. Raises PostNotFound, Forbidden."""
    row = _queued(actor, post_id)
    if row is not None:
        fail(actor, row, reason=reason, detail=detail)


def _queued(actor: Actor, post_id: int) -> Post | None:
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    return row if row.state is PostState.QUEUED else None
