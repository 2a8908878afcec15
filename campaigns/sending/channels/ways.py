"""Which mail server the next part leaves by, and how many mails all limits together let go now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tcma.infra import buckets
from tcma.infra.buckets import Bucket
from tcma.infra.cache import CacheUnavailable
from tcma.infra.mail import Provider, usable


@dataclass(frozen=True, slots=True)
class Way:
    """A mail server, and how many rows may be claimed for it; their tokens are taken."""

    first: Provider
    rows: int
    limits: tuple[Bucket, ...]

    def providers(self) -> Iterator[Provider]:
        """Yield the chosen server, and then, only if it is away, the others."""
        yield self.first
        yield from (provider for provider in usable() if provider != self.first)

    def give_back(self, unused: int) -> None:
        """Return the tokens of rows that were not there, or may not leave."""
        if unused > 0 and self.limits:
            with suppress(CacheUnavailable):
                buckets.give_back(unused, self.limits)


@dataclass(frozen=True, slots=True)
class Closed:
    """No way is open: something could leave again in so many seconds."""

    wait_s: float


def choose(limits: Sequence[Bucket], rows: int) -> Way | Closed:
    """Take tokens for at most so many rows, by the first server that has any left. Raises CacheUnavailable."""
    waits = []
    for provider in usable():
        falls_under = (*limits, *provider.buckets)
        taken = buckets.take(rows, falls_under)
        if taken.granted:
            return Way(provider, taken.granted, falls_under)
        waits.append(taken.wait_s)
    return Closed(min(waits))
