"""The only place that asks what time it is, so that a test can say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant in UTC, with its zone."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the present date in UTC."""
    return now().date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an instant (with zone) inside the block."""
    if at.tzinfo is None:
        raise ValueError("frozen() takes an instant with a time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
