"""The states of a launch and its touches, and when a touch is due.

Times are kept as the partner reads them on the wall, with the zone beside them, and become instants late: rules of
zones change, and a launch planned for nine o'clock means nine o'clock.

When clocks change, RFC 5545 (section 3.3.5) is followed:
- An hour that is skipped: the offset before the change counts, so 02:30 on that day becomes 03:30 by the new time.
- An hour that is repeated: its first occurrence counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.kits.rules import Hours
from campaigns.launches.errors import LaunchInvalid, NothingToLaunch

# Later than this, a person is asked whether it may still go out: domain rule of sending.
LATE_AFTER: Final = timedelta(hours=1)
# No zone is further ahead of UTC, so no touch is due whose wall time is further ahead than this.
FURTHEST_AHEAD: Final = timedelta(hours=14)
FURTHEST_START: Final = timedelta(days=366)
MAX_NAME_CHARS = 120
ANY_HOUR: Final = Hours()


class LaunchState(StrEnum):
    """Where a partner's run of a kit stands. Deliveries leave only while it is running."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    MISSED = "missed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES: Final[Mapping[LaunchState, frozenset[LaunchState]]] = {
    LaunchState.DRAFT: frozenset({LaunchState.SCHEDULED, LaunchState.RUNNING, LaunchState.CANCELLED}),
    LaunchState.SCHEDULED: frozenset(
        # Paused before its hour: only when the brand withdrew what it would send.
        {LaunchState.RUNNING, LaunchState.PAUSED, LaunchState.MISSED, LaunchState.CANCELLED}
    ),
    LaunchState.RUNNING: frozenset(
        {LaunchState.PAUSED, LaunchState.MISSED, LaunchState.COMPLETED, LaunchState.CANCELLED}
    ),
    LaunchState.PAUSED: frozenset({LaunchState.RUNNING, LaunchState.CANCELLED}),
    # Found too late: a person says whether it may still go out.
    LaunchState.MISSED: frozenset({LaunchState.RUNNING, LaunchState.CANCELLED}),
    LaunchState.COMPLETED: frozenset(),
    LaunchState.CANCELLED: frozenset(),
}
# What may still leave, or ask to: these are stopped when the brand withdraws a kit.
OPEN_STATES: Final = frozenset(
    {LaunchState.DRAFT, LaunchState.SCHEDULED, LaunchState.RUNNING, LaunchState.PAUSED, LaunchState.MISSED}
)


class Approval(StrEnum):
    """What the brand says of a launch whose kit asks for its approval."""

    NOT_NEEDED = ""
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class TouchState(StrEnum):
    """Where one touch of a launch stands.

    E-mail: waiting -> due -> fanned_out (one delivery row per recipient exists) -> finished (each is final).
    Post on a network: waiting -> due -> fanned_out (one post row per account exists) -> finished (each is final).
    Share by hand: waiting -> due (the partner was told) -> finished (the partner says it is shared); so is a post when
    it becomes due and no account is connected.
    """

    WAITING = "waiting"
    DUE = "due"
    FANNED_OUT = "fanned_out"
    FINISHED = "finished"
    CANCELLED = "cancelled"


TOUCH_MOVES: Final[Mapping[TouchState, frozenset[TouchState]]] = {
    TouchState.WAITING: frozenset({TouchState.DUE, TouchState.CANCELLED}),
    TouchState.DUE: frozenset({TouchState.FANNED_OUT, TouchState.FINISHED, TouchState.CANCELLED}),
    TouchState.FANNED_OUT: frozenset({TouchState.FINISHED, TouchState.CANCELLED}),
    TouchState.FINISHED: frozenset(),
    TouchState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One touch of a kit with the wall time at which it leaves."""

    touch: Mapping[str, Any]
    position: int
    due_at_local: datetime


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name. Raises LaunchInvalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        sentence = f"{name!r} is no time zone. Correct it in your organization's profile, such as Europe/Berlin."
        raise LaunchInvalid(sentence, errors={"time_zone": [sentence]}) from problem


def instant(wall: datetime, zone_name: str) -> datetime:
    """Return the instant (UTC) at which the clocks of a zone show a wall time; see the module for skipped hours."""
    # fold=0 is exactly the rule of RFC 5545: the offset before a gap, the first of two.
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def wall_time(at: datetime, zone_name: str) -> datetime:
    """Return what the clocks of a zone show at an instant."""
    return at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


def check_start(starts_at_local: datetime, *, now: datetime, zone_name: str) -> None:
    """Refuse a start with a zone of its own, in the past, or more than a year ahead. Raises LaunchInvalid."""
    today = wall_time(now, zone_name)
    if starts_at_local.tzinfo is not None:
        raise _not_at("Give the time as your clock shows it, without a zone: 2026-12-01T09:00.")
    if instant(starts_at_local, zone_name) < now - timedelta(minutes=1):
        raise _not_at(f"This is in the past: it is {today:%Y-%m-%d %H:%M} in {zone_name}.")
    if starts_at_local > today + FURTHEST_START:
        raise _not_at("This is more than a year ahead.")


def plan(
    touches: Sequence[Mapping[str, Any]],
    *,
    starts_at_local: datetime,
    leave_out: Iterable[str],
    hours: Hours = ANY_HOUR,
) -> list[PlannedTouch]:
    """Return the touches of a launch that starts at a chosen time, with their wall times.

    The first one leaves when the launch starts. Others of the first day leave at their own time, but not before the
    start; those of later days at their own time. What falls into hours in which nothing may leave waits for the next
    hour that is allowed. Raises LaunchInvalid, NothingToLaunch.
    """
    planned = []
    for position, (touch, own) in enumerate(_own_times(touches, starts_at_local, leave_out)):
        at = starts_at_local if position == 0 else max(own, starts_at_local)
        planned.append(PlannedTouch(touch, position, hours.next_allowed(at)))
    return planned


def plan_now(
    touches: Sequence[Mapping[str, Any]],
    *,
    now_local: datetime,
    leave_out: Iterable[str],
    hours: Hours = ANY_HOUR,
) -> list[PlannedTouch]:
    """Return the touches of a launch that starts now: everything of the first day leaves now, the rest on its day.

    Now is the next hour in which something may leave.
    Raises LaunchInvalid, NothingToLaunch.
    """
    planned = []
    for position, (touch, own) in enumerate(_own_times(touches, now_local, leave_out)):
        at = now_local if own.date() == now_local.date() else own
        planned.append(PlannedTouch(touch, position, hours.next_allowed(at)))
    return planned


def _own_times(
    touches: Sequence[Mapping[str, Any]], start: datetime, leave_out: Iterable[str]
) -> list[tuple[Mapping[str, Any], datetime]]:
    """Return the touches that are kept, each with its own day and hour; the first one's day is that of the start."""
    left_out = set(leave_out)
    unknown = left_out - {touch["key"] for touch in touches}
    if unknown:
        sentence = f"This kit has no touch called {', '.join(sorted(unknown))}."
        raise LaunchInvalid(sentence, errors={"leave_out": [sentence]})
    kept = [touch for touch in touches if touch["key"] not in left_out]
    if not kept:
        raise NothingToLaunch
    first_day = kept[0]["day_offset"]
    return [
        (
            touch,
            datetime.combine(
                start.date() + timedelta(days=touch["day_offset"] - first_day),
                time.fromisoformat(touch["local_time"]),
            ),
        )
        for touch in kept
    ]


def is_late(due_at: datetime, *, confirmed_at: datetime | None, now: datetime) -> bool:
    """Tell whether a touch is found too late to leave without asking; time before a person's "go on" does not count."""
    return now - max(due_at, confirmed_at or due_at) > LATE_AFTER


def overdue(touches: Iterable[tuple[TouchState, datetime]], *, now: datetime) -> int:
    """Count the touches that wait although their hour has come: the launch is paused, or asks."""
    return sum(state is TouchState.WAITING and due_at <= now for state, due_at in touches)


def is_done(touches: Iterable[tuple[str, TouchState]]) -> bool:
    """Tell whether nothing of a launch is still to leave by itself; sharing by hand may be outstanding.

    Takes how each touch reaches people, and where it stands.
    """
    return all(
        state in {TouchState.FINISHED, TouchState.CANCELLED} or (way == "share" and state is TouchState.DUE)
        for way, state in touches
    )


def check_values(values: Mapping[str, Any], touches: Sequence[Mapping[str, Any]]) -> None:
    """Check that values are given per touch of the kit, and that no text in them is a token. Raises LaunchInvalid."""
    problems: dict[str, list[str]] = {}
    known = {touch["key"] for touch in touches}
    for key, given in values.items():
        if key not in known:
            problems[f"values.{key}"] = ["This kit has no such touch."]
        elif not isinstance(given, Mapping):
            problems[f"values.{key}"] = ["Give the values by the name of the variable."]
        else:
            for name, value in given.items():
                if isinstance(value, str) and ("{{" in value or "}}" in value):
                    problems[f"values.{key}.{name}"] = ["Merge tokens are the brand's to use; write plain text here."]
    if problems:
        raise LaunchInvalid(errors=problems)


def _not_at(sentence: str) -> LaunchInvalid:
    return LaunchInvalid(sentence, errors={"starts_at_local": [sentence]})
