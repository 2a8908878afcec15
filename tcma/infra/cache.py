"""The door to Redis for what may be forgotten: throttles, heartbeats, counters."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis as library

from tcma.kernel.errors import Unavailable


class CacheUnavailable(Unavailable):
    """Report that Redis does not answer."""

    code = "cache_unavailable"


_client: library.Redis | None = None


def configure(redis_url: str) -> None:
    """Say where Redis is."""
    global _client  # noqa: PLW0603 - one process talks to one Redis
    _client = library.Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=5)


@contextmanager
def redis() -> Iterator[library.Redis]:
    """Lend the client. Raises CacheUnavailable when Redis does not answer, RuntimeError before `configure`."""
    if _client is None:
        raise RuntimeError("the cache is not configured: create_app(settings) does that")
    try:
        yield _client
    except library.RedisError as error:
        raise CacheUnavailable from error


def ping() -> None:
    """Ask for a sign of life. Raises CacheUnavailable."""
    with redis() as client:
        client.ping()


def beat(name: str, *, lasts_s: int) -> None:
    """Leave a sign of life under a name, which fades after some seconds. Raises CacheUnavailable."""
    with redis() as client:
        client.set(f"heartbeat:{name}", "1", ex=lasts_s)


def is_beating(name: str) -> bool:
    """Tell whether a sign of life is there. Raises CacheUnavailable."""
    with redis() as client:
        return bool(client.exists(f"heartbeat:{name}"))


def count_up(key: str, *, window_s: int) -> int:
    """Count an event under a key and return how many there were in the present window. Raises CacheUnavailable."""
    with redis() as client, client.pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, window_s, nx=True)
        count, _ = pipe.execute()
    return int(count)


def count_down(key: str) -> None:
    """Take back an event that turned out to be harmless. Raises CacheUnavailable."""
    with redis() as client:
        client.decr(key)


def forget(key: str) -> None:
    """Set a count back to nothing. Raises CacheUnavailable."""
    with redis() as client:
        client.delete(key)


def keep(key: str, value: str, *, lasts_s: int) -> None:
    """Keep a text under a key for some seconds. Raises CacheUnavailable."""
    with redis() as client:
        client.set(key, value, ex=lasts_s)


def kept(key: str) -> str | None:
    """Return the text that is kept under a key, or None. Raises CacheUnavailable."""
    with redis() as client:
        found = client.get(key)
    return found.decode() if isinstance(found, bytes) else found


def kept_under(prefix: str) -> dict[str, str]:
    """Return every text that is kept under keys with a prefix. Raises CacheUnavailable."""
    with redis() as client:
        keys = [key.decode() for key in client.scan_iter(match=f"{prefix}*", count=500)]
        texts = client.mget(keys) if keys else []
    return {key: text.decode() for key, text in zip(keys, texts, strict=True) if isinstance(text, bytes)}
