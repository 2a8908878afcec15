"""What a person says about a delivery that nobody knows about."""

from __future__ import annotations

from campaigns.sending import queries
from campaigns.sending.errors import AlreadyKnown
from campaigns.sending.rules import MOVES, DeliveryState, Reason
from campaigns.sending.service.listing import DeliveryView, views
from campaigns.sending.service.turns import ask_for_turn, lock_turn
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def resolve(actor: Actor, delivery_id: int, *, state: DeliveryState) -> DeliveryView:
    """Settle an unknown delivery: it was sent, it failed, or it goes out again (queued).

    Raises NotFound, Forbidden, AlreadyKnown, IllegalMove.
    """
    seen = queries.one(actor, delivery_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_SETTLE, seen)
    # The turn first, then rows: everybody locks in this order, so nobody waits in a circle.
    lock_turn(seen.partner_id)
    found = queries.one_for_update(actor, delivery_id)
    before = found.state
    if before is not DeliveryState.UNKNOWN:
        raise AlreadyKnown(f"This delivery is {before}: there is nothing to settle.")
    found.state = move(MOVES, before, state)
    now = clock.now()
    if state is DeliveryState.SENT:
        found.sent_at, found.reason = found.handing_over_at or now, Reason.NONE
    if state is DeliveryState.QUEUED:
        found.retry_at, found.claimed_by, found.handing_over_at, found.reason = now, "", None, Reason.NONE
    session.flush()
    audit.record(
        actor, "campaigns.delivery.settled", found, before={"state": before.value}, after={"state": state.value}
    )
    if state is DeliveryState.QUEUED:
        ask_for_turn(actor, found.partner_id)
    return views(actor, [found])[0]
