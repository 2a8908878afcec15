"""Send again what failed for a reason that may be over; whom nobody can reach is left alone."""

from __future__ import annotations

from sqlalchemy import update

from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState
from campaigns.sending import queries
from campaigns.sending.errors import NothingToRetry
from campaigns.sending.model import Delivery
from campaigns.sending.rules import RETRYABLE, DeliveryState, Reason
from campaigns.sending.service.turns import ask_for_turn, lock_turn
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def retry_failed(actor: Actor, launch_id: int) -> int:
    """Queue the failed deliveries of a launch again and return how many; consent is asked anew before each leaves.

    Raises LaunchNotFound, Forbidden, NothingToRetry.
    """
    launch = launches.one(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_SETTLE, launch)
    if launch.state is LaunchState.CANCELLED:
        raise NothingToRetry("This launch was cancelled: nothing of it leaves any more.")
    lock_turn(launch.partner_id)
    failed = queries.visible_to(actor).where(
        Delivery.launch_id == launch.id, Delivery.state == DeliveryState.FAILED, Delivery.reason.in_(RETRYABLE)
    )
    again = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(failed.with_only_columns(Delivery.id)))
        .values(
            state=DeliveryState.QUEUED,
            reason=Reason.NONE,
            detail="",
            attempts=0,
            builds=0,
            retry_at=clock.now(),
            claimed_by="",
            handing_over_at=None,
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not again:
        raise NothingToRetry
    audit.record(actor, "campaigns.launch.retried", launch, deliveries=len(again))
    ask_for_turn(actor, launch.partner_id)
    return len(again)
