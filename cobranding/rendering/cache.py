"""A bounded, thread-safe memory of things that are dear to make and cheap to use."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True)
class Figures:
    """How a memory has done since the process started."""

    kept: int
    hits: int
    misses: int


_all: "dict[str, Kept[Any, Any]]" = {}


class Kept(Generic[K, V]):
    """Keep the most recently used values: at most so many of them, and so many bytes if they can be weighed.

    The name is for the figures of the process.
    """

    def __init__(self, most: int, name: str, *, most_bytes: int = 0, weigh: Callable[[V], int] | None = None) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._weigh = weigh
        self._bytes = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()
        self._hits = 0
        self._misses = 0
        _all[name] = self

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the kept value, or make and keep it. Two threads may make the same one; the first is kept."""
        with self._lock:
            if key in self._values:
                self._hits += 1
                self._values.move_to_end(key)
                return self._values[key]
            self._misses += 1
        made = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = made
                self._bytes += self._weight(made)
            value = self._values[key]
            self._values.move_to_end(key)
            while len(self._values) > self._most or (self._bytes > self._most_bytes and len(self._values) > 1):
                self._bytes -= self._weight(self._values.popitem(last=False)[1])
        return value

    def _weight(self, value: V) -> int:
        return self._weigh(value) if self._weigh is not None else 0

    def figures(self) -> Figures:
        """Return how full it is, and how often it was of use."""
        with self._lock:
            return Figures(len(self._values), self._hits, self._misses)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._bytes = 0


def figures() -> dict[str, Figures]:
    """Return how well each memory of this process serves, by its name."""
    return {name: kept.figures() for name, kept in sorted(_all.items())}
