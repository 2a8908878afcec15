"""Make one row per recipient of a touch, before anything else happens."""

from __future__ import annotations

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from campaigns.audiences import service as audiences
from campaigns.kits.rules import TouchChannel
from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.sending.model import Delivery
from campaigns.sending.rules import FAN_OUT_CONTACTS, FEW_ROWS, DeliveryState
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.turns import ask_for_turn, lock_turn
from tcma import settings
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def begin_fan_out(actor: Actor, touch_id: int) -> None:
    """Make the deliveries of a short list at once; ask for a patient job where the list is long.

    Raises NotFound, Forbidden.
    """
    partner_id = launches.partner_of_touch(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if audiences.has_more_than(partner_id, FEW_ROWS):
        enqueue("campaigns.sending.fan_out_rest", touch_id=touch_id, after_contact_id=0)
    else:
        fan_out(actor, touch_id)


def fan_out(actor: Actor, touch_id: int, *, after_contact_id: int = 0, contacts: int = FAN_OUT_CONTACTS) -> int:
    """Make a delivery for each of the next contacts that may be mailed, and return how many contacts were looked at.

    It may be lost or repeated at any point: done twice, it adds nothing. While there may be more, it asks for itself
    again. Raises NotFound, Forbidden.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    # A share is due until a person says that it is shared; a paused launch fans out when it goes on.
    if plan.channel is not TouchChannel.EMAIL or plan.touch_state is not TouchState.DUE or not plan.may_send:
        return 0
    now = clock.now()
    looked_at = audiences.next_contacts(plan.partner_id, after=after_contact_id, limit=contacts).cte("looked_at")
    made = (
        insert(Delivery)
        .from_select(
            ["partner_id", "launch_id", "touch_id", "contact_id", "state", "message_id", "retry_at", "created_at"],
            select(
                literal(plan.partner_id),
                literal(plan.launch_id),
                literal(touch_id),
                looked_at.c.id,
                literal(DeliveryState.QUEUED.value),
                # Fixed here, so that the same delivery is the same message whoever sends it, and however often.
                func.concat("<", func.gen_random_uuid(), "@", settings.current().mail_domain, ">"),
                literal(now),
                literal(now),
            ).where(looked_at.c.mailable),
            include_defaults=False,
        )
        .on_conflict_do_nothing(constraint="uq_deliveries_touch_id_contact_id")
        .cte("made")
    )
    counted = select(func.count(), func.max(looked_at.c.id)).select_from(looked_at).add_cte(made)
    number, last = session.execute(counted).one()
    # Only now: making the rows takes a while, and meanwhile those made before may leave.
    lock_turn(plan.partner_id)
    if number == contacts:
        enqueue("campaigns.sending.fan_out_rest", touch_id=touch_id, after_contact_id=last)
    else:
        launches.touch_fanned_out(actor, touch_id)
    if not finish_if_done(actor, touch_id):
        ask_for_turn(actor, plan.partner_id)
    return int(number)
