"""The warm-up of a new domain: more each day, because receivers distrust a stranger who writes to thousands at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

# From which day on (the first is 1) how many mails a day; after the last there is no limit. About double every three.
RAMP: Final = (
    (1, 400),
    (3, 800),
    (6, 1_600),
    (9, 3_200),
    (12, 6_400),
    (15, 12_800),
    (18, 25_600),
    (21, 51_200),
    (24, 102_400),
    (27, 204_800),
)
ENDS_ON_DAY: Final = 30
# A day's mails leave over eight hours at least.
SHARE_AN_HOUR: Final = 8


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many may leave today (UTC) during the warm-up, and when the next day's share begins."""

    day: int
    per_day: int
    next_at: datetime

    @property
    def per_hour(self) -> int:
        """Return how many may leave in an hour."""
        return self.per_day // SHARE_AN_HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket as data: how many at once, how many more each second, or until when nothing is added."""

    key: str
    capacity: int
    per_second: float
    ends_in_s: int = 0


def allowance(began_at: datetime | None, now: datetime) -> Allowance | None:
    """Return today's allowance of a domain that began to send at an instant, or None when there is no limit (any more).

    None as the beginning: the domain has sent before, elsewhere, and needs no warm-up.
    """
    if began_at is None:
        return None
    day = max(0, (now.astimezone(UTC).date() - began_at.astimezone(UTC).date()).days) + 1
    if day >= ENDS_ON_DAY:
        return None
    per_day = max(volume for first_day, volume in RAMP if first_day <= day)
    next_at = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return Allowance(day, per_day, next_at)


def buckets_of(domain_id: int, per_hour: int | None, today: Allowance | None, now: datetime) -> list[Limit]:
    """Return the limits of a domain: what was set for it, and its warm-up by the hour and by the day."""
    limits = []
    if per_hour:
        limits.append(Limit(f"domain:{domain_id}", max(1, per_hour // 60), per_hour / 3600))
    if today is not None:
        limits.append(Limit(f"warm-up:{domain_id}", today.per_hour, today.per_hour / 3600))
        limits.append(day_bucket(domain_id, today, now))
    return limits


def day_bucket(domain_id: int, today: Allowance, now: datetime) -> Limit:
    """Return the bucket that holds a day's share and is not refilled."""
    ends_in_s = max(1, int((today.next_at - now).total_seconds()))
    return Limit(f"warm-up:{domain_id}:{now.astimezone(UTC).date().isoformat()}", today.per_day, 0.0, ends_in_s)
