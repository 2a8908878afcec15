"""Make one row per account for a touch, before anything else happens."""

from __future__ import annotations

import uuid

from sqlalchemy.dialects.postgresql import insert

from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.networks import service as networks
from campaigns.posting import queries
from campaigns.posting.errors import NoAccount
from campaigns.posting.model import Post
from campaigns.posting.rules import PostState, Reason
from campaigns.posting.service.settling import finish_if_done
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


def fan_out(actor: Actor, touch_id: int) -> None:
    """Make a post for each account of the partner at the touch's network; done twice, it adds nothing.

    When the last account is gone since the touch became due, a person is asked to share it. Raises NotFound, Forbidden.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    network = plan.way.network
    if network is None or plan.touch_state is not TouchState.DUE:
        return
    now = clock.now()
    rows = [
        {
            "partner_id": plan.partner_id,
            "launch_id": plan.launch_id,
            "touch_id": touch_id,
            "social_account_id": account.id,
            "network": network,
            "account": account.handle,
            # Fixed here, so that it is the same post whoever publishes it, and however often it is tried.
            "key": str(uuid.uuid4()),
            "state": PostState.QUEUED,
            "reason": Reason.NONE,
            "retry_at": now,
            "created_at": now,
        }
        for account in networks.usable_accounts(actor, plan.partner_id, network)
    ]
    if rows:
        session.execute(
            insert(Post).on_conflict_do_nothing(constraint="uq_social_posts_touch_id_social_account_id"), rows
        )
    if not rows and not queries.has_posts(actor, touch_id):
        launches.leave_to_people(actor, touch_id)
        return
    launches.touch_fanned_out(actor, touch_id)
    if not finish_if_done(actor, touch_id):
        enqueue("campaigns.posting.publish_due")


def post_now(actor: Actor, launch_id: int, touch_id: int) -> None:
    """Post what waits to be shared by hand: an account is connected by now.

    Raises NotFound, Forbidden, NoAccount, IllegalMove.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    network = plan.channel.network
    if plan.launch_id != launch_id or network is None:
        raise NotFound
    if not networks.usable_accounts(actor, plan.partner_id, network):
        raise NoAccount
    launches.post_by_itself(actor, touch_id)
    audit.record(actor, "campaigns.touch.posted", plan, touch_id=touch_id, launch_id=launch_id)
    fan_out(actor, touch_id)
