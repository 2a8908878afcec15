"""The states of a list, and how large and slow things may be."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final


class ListState(StrEnum):
    """Where a list stands: it waits for what its columns mean, is taken over, and ends in one of three ways."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


MOVES: Final[Mapping[ListState, frozenset[ListState]]] = {
    ListState.WAITING: frozenset({ListState.RUNNING, ListState.CANCELLED}),
    ListState.RUNNING: frozenset({ListState.DONE, ListState.CANCELLED, ListState.FAILED}),
    ListState.DONE: frozenset(),
    ListState.CANCELLED: frozenset(),
    ListState.FAILED: frozenset(),
}
LARGEST_BYTES: Final = 250 * 1024 * 1024
MOST_ROWS: Final = 2_000_000
SAMPLE_ROWS: Final = 5
# Rows taken over between two commits.
PIECE_ROWS: Final = 5_000
# A job works for this long and then asks for the next, so that others get their turn.
TURN: Final = timedelta(seconds=20)
# A job that shows no sign of life for this long is gone; renewed with every piece.
LEASE: Final = timedelta(seconds=60)
# How long a message to the workers may stay unanswered before the sweep asks again.
PATIENCE: Final = timedelta(seconds=30)
