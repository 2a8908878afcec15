"""When touches may leave, in the partner's own hours: on which weekdays, and not while people sleep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from campaigns.kits.rules import reading as read

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours in which touches leave. Quiet hours may span midnight; without any, every hour is good."""

    weekdays: frozenset[str] = frozenset(WEEKDAYS)
    quiet_from: time | None = None
    quiet_until: time | None = None

    def allows(self, wall: datetime) -> bool:
        """Tell whether something may leave when the partner's clocks show this."""
        return WEEKDAYS[wall.weekday()] in self.weekdays and not self._is_quiet(wall.time())

    def next_allowed(self, wall: datetime) -> datetime:
        """Return the wall time itself if it is allowed, else the end of the quiet, or another day."""
        if self.allows(wall):
            return wall
        hour, end = wall.time(), self.quiet_until or time()
        if self._is_quiet(hour):
            if WEEKDAYS[wall.weekday()] in self.weekdays and end > hour:
                return datetime.combine(wall.date(), end)
            hour = end
        days = (wall.date() + timedelta(days=day) for day in range(1, len(WEEKDAYS) + 1))
        return datetime.combine(next(day for day in days if WEEKDAYS[day.weekday()] in self.weekdays), hour)

    def _is_quiet(self, at: time) -> bool:
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def hours_of(document: Mapping[str, Any]) -> Hours:
    """Return the hours that a stored document names."""
    quiet = document.get("quiet_hours")
    return Hours(
        frozenset(document.get("weekdays") or WEEKDAYS),
        time.fromisoformat(quiet["from"]) if quiet else None,
        time.fromisoformat(quiet["until"]) if quiet else None,
    )


def read_weekdays(raw: object, problems: read.Problems) -> list[str]:
    """Read on which days touches leave; none named: on all."""
    if not isinstance(raw, list) or not set(map(str, raw)) <= set(WEEKDAYS):
        read.note(problems, "weekdays", f"Give a list of: {', '.join(WEEKDAYS)}.")
        return []
    return [day for day in WEEKDAYS if day in raw]


def read_quiet_hours(raw: object, problems: read.Problems) -> dict[str, str] | None:
    """Read the hours in which nothing leaves."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        read.note(problems, "quiet_hours", "Give from and until, such as 20:00 and 08:00.")
        return None
    read.refuse_unknown(raw, {"from", "until"}, "quiet_hours.", problems)
    quiet = {
        name: read.matching(raw.get(name), TIME, f"quiet_hours.{name}", "Give a time such as 20:00.", problems)
        for name in ("from", "until")
    }
    if quiet["from"] and quiet["from"] == quiet["until"]:
        read.note(problems, "quiet_hours.until", "Quiet hours end at another time than they begin.")
    return quiet
