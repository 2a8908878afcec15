"""Touches that have used up what may leave now, and rest until there is more.

Kept in Redis: whoever forgets it asks the buckets once too often, and is told the same.
"""

from __future__ import annotations

from math import ceil

from tcma.infra import cache
from tcma.infra.cache import CacheUnavailable

# Limits can be raised at any moment: nobody rests for longer than this without asking again.
LONGEST_S = 900


def let_rest(touch_id: int, wait_s: float) -> None:
    """Choose other touches until something of this one may leave. Raises CacheUnavailable."""
    cache.keep(_key(touch_id), "1", lasts_s=max(1, min(ceil(wait_s), LONGEST_S)))


def is_resting(touch_id: int) -> bool:
    """Tell whether nothing of a touch may leave now because of its limits."""
    try:
        return cache.kept(_key(touch_id)) is not None
    except CacheUnavailable:
        return False


def _key(touch_id: int) -> str:
    return f"sending:resting:{touch_id}"
