"""Kinds of events, and how a machine is told from a person."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What a recipient did."""

    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"


class MadeBy(StrEnum):
    """Who seems to have made an event. Only people are counted; everything is kept."""

    PERSON = "person"
    CRAWLER = "crawler"  # the user agent says so
    HEAD = "head"  # a look at the headers alone: link checkers do that
    PREFETCH = "prefetch"  # a mail provider fetched the images before anybody looked
    BURST = "burst"  # several links of one mail within moments: a security scanner follows them all
    HASTE = "haste"  # a click in the very moment of delivery


# Three different links of one mail within this time is no person.
BURST_WINDOW: Final = timedelta(seconds=3)
BURST_LINKS: Final = 3
# Nobody reads and clicks within this time of the hand-over.
HASTE_WINDOW: Final = timedelta(seconds=1)

# Apple Mail Privacy Protection and Gmail's early fetch give a bare product token; a person's client says more.
_PREFETCH_AGENTS: Final = frozenset({"mozilla/5.0", ""})
_PREFETCH_PURPOSES: Final = frozenset({"prefetch", "preview", "prefetch;prerender"})


def by_headers(*, method: str, user_agent: str, purpose: str, is_crawler: bool) -> MadeBy:
    """Judge one request by what it says of itself."""
    if method == "HEAD":
        return MadeBy.HEAD
    if purpose.lower() in _PREFETCH_PURPOSES or user_agent.strip().lower() in _PREFETCH_AGENTS:
        return MadeBy.PREFETCH
    if is_crawler:
        return MadeBy.CRAWLER
    return MadeBy.PERSON
