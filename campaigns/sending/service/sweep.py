"""Find everything that is still owed, however it was lost, and see to it that somebody does it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import queries
from campaigns.sending.rules import Standing
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.hand_over import standing, stop
from campaigns.sending.service.turns import ask_for_turn
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

# A worker died, or is too slow. What it had only claimed can go to another; what it had marked may have left.
_TAKE_BACK = text(
    """
    UPDATE deliveries SET
        state = CASE WHEN handing_over_at IS NULL THEN 'queued' ELSE 'unknown' END,
        reason = CASE WHEN handing_over_at IS NULL THEN reason ELSE 'worker_lost' END,
        claimed_by = CASE WHEN handing_over_at IS NULL THEN '' ELSE claimed_by END,
        lease_until = NULL
    WHERE id IN (
        SELECT id FROM deliveries WHERE state = 'claimed' AND lease_until < :now
        ORDER BY lease_until LIMIT 10000 FOR UPDATE SKIP LOCKED
    )
    RETURNING state
    """
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found."""

    requeued: int
    unknown: int
    partners_owed: int
    touches_finished: int


def sweep(actor: Actor) -> Swept:
    """Take back expired leases, ask for the turns that are owed, finish what is done. Safe any time, and twice.

    Touches that are due and not fanned out yet are the launches' own tick's to find.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    now = clock.now()
    taken = list(session.scalars(_TAKE_BACK, {"now": now}))
    partners: set[int] = set()
    for owed in queries.owed(actor, now):
        at = standing(actor, owed.touch_id)
        if at is Standing.GO:
            partners.add(owed.partner_id)
        stop(actor, owed.touch_id, at)
    for partner_id in sorted(partners):
        ask_for_turn(actor, partner_id)
    finished = sum(finish_if_done(actor, touch_id) for touch_id in launches.fanned_out_touches(actor))
    return Swept(
        requeued=taken.count("queued"),
        unknown=taken.count("unknown"),
        partners_owed=len(partners),
        touches_finished=finished,
    )
