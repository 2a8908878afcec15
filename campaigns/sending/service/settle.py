"""Write down what became of parcels, in one statement for a whole part."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import text

from campaigns.sending.rules import MOVES, DeliveryState, Outcome, Reason
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move

# `unknown` too: the sweep may have given up on a slow worker, and an answer that comes late is still the truth.
_SETTLE = text(
    """
    UPDATE deliveries SET
        state = o.state, reason = o.reason, detail = o.detail, attempts = o.attempts, lease_until = NULL,
        sent_at = CASE WHEN o.state = 'sent' THEN CAST(:now AS timestamptz) ELSE deliveries.sent_at END,
        retry_at = CAST(:now AS timestamptz) + o.wait_s * interval '1 second'
    FROM json_to_recordset(CAST(:outcomes AS json))
        AS o(id bigint, state text, reason text, detail text, attempts bigint, wait_s double precision)
    WHERE deliveries.id = o.id AND deliveries.claimed_by = :mark AND deliveries.state IN ('claimed', 'unknown')
    """
)
# Never left: what was noted for the hand-over is taken back.
_SKIP = text(
    """
    UPDATE deliveries SET state = 'skipped', reason = r.reason, lease_until = NULL, handing_over_at = NULL
    FROM unnest(CAST(:ids AS bigint[]), CAST(:reasons AS text[])) AS r(id, reason)
    WHERE deliveries.id = r.id AND deliveries.claimed_by = :mark AND deliveries.state = 'claimed'
    """
)


def settle(actor: Actor, mark: str, outcomes: Sequence[Outcome]) -> None:
    """Write down the outcomes of parcels that were handed over under a mark. Raises IllegalMove."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if not outcomes:
        return
    for outcome in outcomes:
        move(MOVES, DeliveryState.CLAIMED, outcome.verdict.state)
    rows = [
        {
            "id": outcome.delivery_id,
            "state": outcome.verdict.state,
            "reason": outcome.verdict.reason,
            # A server may say anything, also what PostgreSQL cannot hold.
            "detail": outcome.verdict.detail.replace("\0", ""),
            "attempts": outcome.attempts,
            "wait_s": outcome.wait.total_seconds(),
        }
        for outcome in outcomes
    ]
    # One document instead of an array for each column: it is written in a tenth of the time.
    session.execute(_SETTLE, {"now": clock.now(), "mark": mark, "outcomes": json.dumps(rows)})


def skip(actor: Actor, mark: str, refused: Mapping[int, Reason]) -> None:
    """Write down which rows claimed under a mark must not leave, and why."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if refused:
        reasons = [reason.value for reason in refused.values()]
        session.execute(_SKIP, {"mark": mark, "ids": list(refused), "reasons": reasons})
