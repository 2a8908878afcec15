"""The door to Redis for what may be forgotten: throttles, heartbeats, counters."""

from typing import Any

import redis as library

CacheError = library.RedisError

_client: "library.Redis[Any] | None" = None


def configure(redis_url: str) -> None:
    """Say where Redis is."""
    global _client  # noqa: PLW0603 - one process talks to one Redis
    _client = library.Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=5)


def redis() -> "library.Redis[Any]":
    """Return the client. Raises RuntimeError before `configure`."""
    if _client is None:
        raise RuntimeError("the cache is not configured: create_app(settings) does that")
    return _client


def beat(name: str, *, lasts_s: int) -> None:
    """Leave a sign of life under a name, which fades after some seconds."""
    redis().set(f"heartbeat:{name}", "1", ex=lasts_s)


def is_beating(name: str) -> bool:
    """Tell whether a sign of life is there."""
    return bool(redis().exists(f"heartbeat:{name}"))


def count_up(key: str, *, window_s: int) -> int:
    """Count an event under a key and return how many there were in the present window."""
    with redis().pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, window_s, nx=True)
        count, _ = pipe.execute()
    return int(count)


def forget(key: str) -> None:
    """Set a count back to nothing."""
    redis().delete(key)
