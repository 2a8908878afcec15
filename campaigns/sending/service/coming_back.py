"""What is learned about a delivery after it left: it came back, it arrived, or its recipient called it spam.

Each may be told late, twice, or in any order; only what the states allow moves a delivery.
"""

from __future__ import annotations

from datetime import datetime

from campaigns.sending import queries, rules
from campaigns.sending.model import Delivery
from campaigns.sending.rules import MOVES, DeliveryState, Reason
from campaigns.sending.service.turns import lock_turn
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def bounced(actor: Actor, delivery_id: int, *, status: str, words: str) -> bool:
    """Note that a delivery came back, with an RFC 3463 code; return whether that is news. Raises NotFound."""
    reason = rules.refused(0, status, words).reason
    return _move(actor, delivery_id, DeliveryState.BOUNCED, reason=reason, words=words)


def complained(actor: Actor, delivery_id: int, *, words: str) -> bool:
    """Note that its recipient reported a delivery as spam, and return whether that is news. Raises NotFound."""
    return _move(actor, delivery_id, DeliveryState.COMPLAINED, reason=Reason.NONE, words=words)


def arrived(actor: Actor, delivery_id: int) -> bool:
    """Settle a delivery that nobody knew about: it was delivered. Return whether that is news. Raises NotFound."""
    return _move(actor, delivery_id, DeliveryState.SENT, reason=Reason.NONE, words="")


def partner_of(actor: Actor, delivery_id: int) -> int | None:
    """Return whose a delivery is, or None when there is none of that number."""
    return queries.partner_of(actor, delivery_id)


def complaint_counts(actor: Actor, *, since: datetime) -> tuple[int, int]:
    """Count the actor's mails that left since an instant, and those of them that were reported as spam."""
    return queries.complaint_counts(actor, since=since)


def _move(actor: Actor, delivery_id: int, state: DeliveryState, *, reason: Reason, words: str) -> bool:
    seen = queries.one(actor, delivery_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_SETTLE, seen)
    # The turn first, then rows: everybody locks in this order, so nobody waits in a circle.
    lock_turn(seen.partner_id)
    found: Delivery = queries.one_for_update(actor, delivery_id)
    if state not in MOVES[found.state]:
        return False
    found.state, found.reason = state, reason
    found.detail = rules.without_addresses(words).replace("\0", "")
    found.sent_at = found.sent_at or found.handing_over_at or clock.now()
    session.flush()
    return True
