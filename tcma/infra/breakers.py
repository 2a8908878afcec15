"""Circuit breakers in Redis, shared by all workers: what failed several times running is left alone for a while.

Closed: used. Open, after `FAILURES` failures running: not used for `REST_S`. Half open, after that: one worker tries,
and its outcome closes or opens it again. Without Redis every breaker counts as closed.
"""

from typing import Final

from tcma.infra import cache
from tcma.infra.cache import CacheUnavailable
from tcma.logs import get_logger

log = get_logger(__name__)

FAILURES: Final = 5
REST_S: Final = 30
PROBE_S: Final = 90
"""How long a worker that tries may take before another one does: longer than a mail server is waited for."""
# A failure that nothing followed is forgotten: five in a month are no outage.
MEMORY_S: Final = 3600


def may_use(name: str) -> bool:
    """Tell whether something may be used now; when it is half open, only the first who asks is told so."""
    try:
        with cache.redis() as client:
            resting, failures = client.mget(f"breaker:{name}:rests", f"breaker:{name}:failures")
            if resting is not None:
                return False
            if int(failures or 0) < FAILURES:
                return True
            return bool(client.set(f"breaker:{name}:probe", "1", nx=True, ex=PROBE_S))
    except CacheUnavailable:
        return True


def is_open(name: str) -> bool:
    """Tell whether something is left alone now, or waits to be tried. Raises CacheUnavailable."""
    with cache.redis() as client:
        return int(client.get(f"breaker:{name}:failures") or 0) >= FAILURES


def failed(name: str) -> None:
    """Count a failure of the thing itself, such as no connection; a refusal of what it was given is none."""
    try:
        count = cache.count_up(f"breaker:{name}:failures", window_s=MEMORY_S)
        if count < FAILURES:
            return
        with cache.redis() as client, client.pipeline() as pipe:
            pipe.expire(f"breaker:{name}:failures", MEMORY_S)
            pipe.set(f"breaker:{name}:rests", "1", ex=REST_S)
            pipe.delete(f"breaker:{name}:probe")
            pipe.execute()
    except CacheUnavailable:
        return
    log.warning("left alone for a while", what=name, failures=count, rest_s=REST_S)


def open_now(name: str) -> None:
    """Leave something alone at once, because each further try would do harm."""
    try:
        with cache.redis() as client:
            client.set(f"breaker:{name}:failures", FAILURES - 1, ex=MEMORY_S)
    except CacheUnavailable:
        return
    failed(name)


def worked(name: str) -> None:
    """Close the breaker."""
    try:
        with cache.redis() as client:
            client.delete(f"breaker:{name}:failures", f"breaker:{name}:rests", f"breaker:{name}:probe")
    except CacheUnavailable:
        return
