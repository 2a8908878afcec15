"""Make one row per recipient of a touch, before anything else happens."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from campaigns.audiences import service as audiences
from campaigns.kits.rules import TouchChannel
from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.sending.model import Delivery
from campaigns.sending.rules import DeliveryState
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.turns import ask_for_turn, lock_turn
from tcma import settings
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def fan_out(actor: Actor, touch_id: int) -> int:
    """Make a delivery for each contact that may be mailed, and return how many are new; done twice, it adds nothing.

    Raises NotFound, Forbidden.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    # A share is due until a person says that it is shared; a paused launch fans out when it goes on.
    if plan.channel is not TouchChannel.EMAIL or plan.touch_state is not TouchState.DUE or not plan.may_send:
        return 0
    now = clock.now()
    lock_turn(plan.partner_id)
    mailable = audiences.mailable(plan.partner_id).subquery()
    made = session.execute(
        insert(Delivery)
        .from_select(
            ["partner_id", "launch_id", "touch_id", "contact_id", "state", "message_id", "retry_at", "created_at"],
            select(
                literal(plan.partner_id),
                literal(plan.launch_id),
                literal(touch_id),
                mailable.c.id,
                literal(DeliveryState.QUEUED.value),
                # Fixed here, so that the same delivery is the same message whoever sends it, and however often.
                func.concat("<", func.gen_random_uuid(), "@", settings.current().mail_domain, ">"),
                literal(now),
                literal(now),
            ),
            include_defaults=False,
        )
        .on_conflict_do_nothing(constraint="uq_deliveries_touch_id_contact_id")
    )
    launches.touch_fanned_out(actor, touch_id)
    if not finish_if_done(actor, touch_id):
        ask_for_turn(actor, plan.partner_id)
    return int(cast("CursorResult[Any]", made).rowcount)
