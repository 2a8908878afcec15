"""The states of a launch and its touches, and when a touch is due."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class LaunchState(StrEnum):
    """Where a partner's run of a kit stands. Deliveries leave only while it is running."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    MISSED = "missed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES: Final = {
    LaunchState.DRAFT: frozenset({LaunchState.SCHEDULED, LaunchState.RUNNING, LaunchState.CANCELLED}),
    LaunchState.SCHEDULED: frozenset({LaunchState.RUNNING, LaunchState.MISSED, LaunchState.CANCELLED}),
    LaunchState.RUNNING: frozenset(
        {LaunchState.PAUSED, LaunchState.MISSED, LaunchState.COMPLETED, LaunchState.CANCELLED}
    ),
    LaunchState.PAUSED: frozenset({LaunchState.RUNNING, LaunchState.CANCELLED}),
    # Found too late: a person says whether it may still go out.
    LaunchState.MISSED: frozenset({LaunchState.RUNNING, LaunchState.CANCELLED}),
    LaunchState.COMPLETED: frozenset[LaunchState](),
    LaunchState.CANCELLED: frozenset[LaunchState](),
}


class TouchState(StrEnum):
    """Where one touch of a launch stands.

    E-mail: waiting -> due -> fanned_out (one delivery row per recipient exists) -> finished (each is final).
    Share by hand: waiting -> due (the partner was told) -> finished (the partner says it is shared).
    """

    WAITING = "waiting"
    DUE = "due"
    FANNED_OUT = "fanned_out"
    FINISHED = "finished"
    CANCELLED = "cancelled"


TOUCH_MOVES: Final = {
    TouchState.WAITING: frozenset({TouchState.DUE, TouchState.CANCELLED}),
    TouchState.DUE: frozenset({TouchState.FANNED_OUT, TouchState.FINISHED, TouchState.CANCELLED}),
    TouchState.FANNED_OUT: frozenset({TouchState.FINISHED, TouchState.CANCELLED}),
    TouchState.FINISHED: frozenset[TouchState](),
    TouchState.CANCELLED: frozenset[TouchState](),
}
