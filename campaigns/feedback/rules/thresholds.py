"""When complaints pause or stop a sender: the rates at which Gmail and Yahoo begin to refuse mail."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

# Of the mails that left within the window, this share was reported as spam.
PAUSE_RATE: Final = 0.001
STOP_RATE: Final = 0.003
WINDOW: Final = timedelta(days=7)
# One angry person is no rate: so many complaints it takes at least.
LEAST_TO_PAUSE: Final = 2
LEAST_TO_STOP: Final = 3


class Standing(StrEnum):
    """What a sender's complaints come to."""

    FINE = "fine"
    PAUSE = "pause"
    STOP = "stop"


def standing(*, sent: int, complained: int) -> Standing:
    """Judge a sender by the mails that left within the window and by how many of them were reported as spam."""
    if complained >= LEAST_TO_STOP and complained >= STOP_RATE * sent:
        return Standing.STOP
    if complained >= LEAST_TO_PAUSE and complained >= PAUSE_RATE * sent:
        return Standing.PAUSE
    return Standing.FINE
