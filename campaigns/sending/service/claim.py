"""Claim rows of a touch under a lease: nobody else can have them, and a crash from here on leaves them `unknown`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from campaigns.sending.rules import LEASE, UNBUILT_ROWS, Place, Shift
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

# The keyset keeps a claim from wading through the dead entries that the claims before it left in the index.
_FREE = """
    WITH free AS (
        SELECT id, retry_at FROM deliveries
        WHERE partner_id = :partner_id AND touch_id = :touch_id AND state IN ('queued', 'deferred')
            AND retry_at <= :now AND (retry_at, id) > (CAST(:after_at AS timestamptz), CAST(:after_id AS bigint))
        ORDER BY retry_at, id LIMIT :rows
        FOR UPDATE SKIP LOCKED
    )
"""
# A row is claimed to be built and handed over at once: builds that failed before are over.
_CLAIM = text(
    f"""{_FREE}
    , claimed AS (
        UPDATE deliveries SET
            state = 'claimed', claimed_by = :mark, lease_until = :lease_until, handing_over_at = :now, builds = 0
        FROM free WHERE deliveries.id = free.id
        RETURNING deliveries.id, contact_id, message_id, attempts, free.retry_at
    )
    SELECT id, contact_id, message_id, attempts, retry_at FROM claimed ORDER BY retry_at, id
    """  # noqa: S608 - pieces of this file
)
_CLAIM_UNBUILT = text(
    f"""{_FREE}
    UPDATE deliveries SET
        state = 'claimed', claimed_by = :mark, lease_until = :lease_until, builds = builds + 1
    FROM free WHERE deliveries.id = free.id
    RETURNING deliveries.id, builds, attempts
    """  # noqa: S608 - pieces of this file
)
_FIRST: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row that this job alone may hand over; `retry_at` is when it was due."""

    id: int
    contact_id: int | None
    message_id: str
    attempts: int
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """One row whose letter could not be built, `builds` times in a row."""

    id: int
    builds: int
    attempts: int


def claim(actor: Actor, shift: Shift, now: datetime, *, rows: int, after: Place | None) -> list[Claimed]:
    """Claim the rows of a touch that have been due for longest, at most so many, in that order."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, shift)
    found = session.execute(_CLAIM, _bounds(shift, now, rows, after or _FIRST))
    return [Claimed(*row) for row in found]


def claim_unbuilt(actor: Actor, shift: Shift, now: datetime) -> list[Unbuilt]:
    """Claim rows whose letter cannot be built, and count the try."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, shift)
    found = session.execute(_CLAIM_UNBUILT, _bounds(shift, now, UNBUILT_ROWS, _FIRST))
    return [Unbuilt(*row) for row in found]


def _bounds(shift: Shift, now: datetime, rows: int, after: Place) -> dict[str, object]:
    return {
        "partner_id": shift.partner_id,
        "touch_id": shift.touch_id,
        "mark": shift.mark,
        "now": now,
        "lease_until": now + LEASE,
        "rows": rows,
        "after_at": after[0],
        "after_id": after[1],
    }
