"""Token buckets in Redis, shared by all workers: a mail takes one token from each limit that it falls under.

One script takes from several buckets at once, or from none: what one limit grants and another refuses is not used up.
The clock is Redis' own, so that workers whose clocks differ share the same seconds. A Redis that was emptied starts
with full buckets: at the worst a limit is used twice, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from tcma.infra import cache

# A fixed point keeps Lua and Redis from losing fractions: a thousandth of a token, a millisecond.
_FINE: Final = 1000
# Keeps a bucket for the time that it needs to fill, and some more; one that is gone is full.
_SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local granted, wait, filled = tonumber(ARGV[1]), 0, {}
for i = 1, #KEYS do
    local capacity, per_second, lasts = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local kept = redis.call('HMGET', KEYS[i], 'tokens', 'at')
    local tokens = math.min(tonumber(kept[1] or capacity), capacity)
    tokens = math.min(capacity, tokens + math.max(0, now - tonumber(kept[2] or now)) * per_second / 1000)
    filled[i] = tokens
    granted = math.min(granted, math.floor(tokens / 1000))
    if tokens < 1000 then
        wait = math.max(wait, per_second > 0 and (1000 - tokens) * 1000 / per_second or lasts)
    end
end
for i = 1, #KEYS do
    local lasts = tonumber(ARGV[3 * i + 1])
    if granted > 0 then
        redis.call('HSET', KEYS[i], 'tokens', string.format('%.3f', filled[i] - granted * 1000), 'at', now)
        redis.call('PEXPIRE', KEYS[i], lasts)
    end
end
return {granted, math.ceil(wait)}
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit: at most `capacity` at once, and `per_second` more; with none per second it is full again at its end."""

    key: str
    capacity: int
    per_second: float
    ends_in_s: int = 0

    def __post_init__(self) -> None:
        if self.capacity < 1 or self.per_second < 0 or (self.per_second == 0 and self.ends_in_s < 1):
            raise ValueError("a bucket holds at least one token, and fills or ends")

    @property
    def lasts_s(self) -> int:
        """Return after how many seconds without use the bucket is full again."""
        return ceil(self.capacity / self.per_second) + 1 if self.per_second else self.ends_in_s


@dataclass(frozen=True, slots=True)
class Taken:
    """How many may go now; when none may, in how many seconds one could."""

    granted: int
    wait_s: float


def take(wanted: int, buckets: Sequence[Bucket]) -> Taken:
    """Take up to `wanted` tokens from every bucket at once: what the emptiest grants. No bucket is no limit.

    Raises CacheUnavailable.
    """
    if not buckets or wanted < 1:
        return Taken(max(wanted, 0), 0.0)
    figures = [number for bucket in buckets for number in _figures(bucket)]
    with cache.redis() as client:
        granted, wait_ms = client.eval(_SCRIPT, len(buckets), *map(_key, buckets), wanted, *figures)
    return Taken(int(granted), int(wait_ms) / 1000)


def left(bucket: Bucket) -> int:
    """Return how many tokens a bucket that does not refill still holds. Raises CacheUnavailable."""
    with cache.redis() as client:
        kept = client.hget(_key(bucket), "tokens")
    return bucket.capacity if kept is None else int(float(kept) // _FINE)


def give_back(count: int, buckets: Sequence[Bucket]) -> None:
    """Return tokens for what did not leave after all. Raises CacheUnavailable."""
    with cache.redis() as client, client.pipeline() as pipe:
        for bucket in buckets:
            pipe.hincrbyfloat(_key(bucket), "tokens", count * _FINE)
            pipe.pexpire(_key(bucket), bucket.lasts_s * 1000)
        pipe.execute()


def _key(bucket: Bucket) -> str:
    return f"bucket:{bucket.key}"


def _figures(bucket: Bucket) -> tuple[int, float, int]:
    return bucket.capacity * _FINE, bucket.per_second * _FINE, bucket.lasts_s * 1000
