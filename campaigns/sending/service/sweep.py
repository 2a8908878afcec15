"""Find everything that is still owed, however it was lost, and see to it that somebody does it.

Touches that are due and not fanned out yet are the launches' own tick's to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import queries
from campaigns.sending.rules import Standing
from campaigns.sending.service.finishing import is_done
from campaigns.sending.service.hand_over import standing, stop
from campaigns.sending.service.telling import tell_unknown
from campaigns.sending.service.turns import ask_for_turn
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

# A worker died, or is too slow: what it had claimed may have left.
_TAKE_BACK = text(
    """
    UPDATE deliveries SET state = 'unknown', reason = 'worker_lost', lease_until = NULL
    WHERE id IN (
        SELECT id FROM deliveries WHERE state = 'claimed' AND lease_until < :now
        ORDER BY lease_until LIMIT 10000 FOR UPDATE SKIP LOCKED
    )
    RETURNING partner_id
    """
)


def take_back(actor: Actor) -> int:
    """Take what expired leases hold from workers that show no sign of life: it may have left, and is unknown now.

    Return how many that are.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    unknown = Counter(session.scalars(_TAKE_BACK, {"now": clock.now()}))
    for partner_id, number in sorted(unknown.items()):
        tell_unknown(actor, partner_id, number)
    return unknown.total()


def owing(actor: Actor) -> dict[int, list[int]]:
    """Return the touches with deliveries that could leave now, by partner."""
    found: dict[int, list[int]] = {}
    for owed in queries.owed(actor, clock.now()):
        found.setdefault(owed.partner_id, []).append(owed.touch_id)
    return found


def look_after(actor: Actor, partner_id: int, *, touch_ids: Sequence[int]) -> None:
    """See to it that what a partner owes leaves, or is skipped when it never may. Safe any time, and twice at once."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    going = False
    for touch_id in touch_ids:
        at = standing(actor, touch_id)
        going = going or at is Standing.GO
        stop(actor, touch_id, at)
    if going:
        ask_for_turn(actor, partner_id)


def unfinished(actor: Actor) -> list[int]:
    """Return the touches of which nothing is left to send and nobody noticed: a worker died in that moment."""
    return [touch_id for touch_id in launches.fanned_out_touches(actor) if is_done(actor, touch_id)]
