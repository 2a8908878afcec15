"""How well the memories of each process serve: read here, or left in Redis by processes that nobody can ask.

Workers answer no requests, so they leave their figures under a key of their own, which fades when they end.
"""

import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from tcma.infra import cache
from tcma.kernel.errors import Unavailable

Figures = Mapping[str, Mapping[str, int]]
"""The name of a memory: what is counted (`kept`, `hits`, `misses`): how many."""

LEAVE_EVERY_S = 10.0
LAST_S = 120
_PREFIX = "figures:"

_read: list[Callable[[], Figures]] = []
_left_at = {"last": -LEAVE_EVERY_S}


def configure(read: Callable[[], Figures]) -> None:
    """Say how the figures of this process are read."""
    _read[:] = [read]


def own() -> dict[str, Mapping[str, int]]:
    """Return the figures of this process."""
    return {name: counts for read in _read for name, counts in read().items()}


def leave() -> None:
    """Leave the figures of this process for others to show, at most every few seconds."""
    if time.monotonic() - _left_at["last"] < LEAVE_EVERY_S:
        return
    _left_at["last"] = time.monotonic()
    with suppress(Unavailable):
        cache.keep(f"{_PREFIX}{process()}", json.dumps(own()), lasts_s=LAST_S)


def process() -> str:
    """Return what this process is called among the others."""
    return f"{socket.gethostname()}:{os.getpid()}"


def left() -> dict[str, Figures]:
    """Return what other processes have left, by their name. Raises CacheUnavailable."""
    return {key.removeprefix(_PREFIX): json.loads(text) for key, text in cache.kept_under(_PREFIX).items()}
