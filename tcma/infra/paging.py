"""Keyset pages: newest first, a page begins after the last id of the one before, so it costs the same on every page."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from tcma.infra.db import session

T = TypeVar("T")

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Hold some rows, and the id to pass as `after` for the following ones, or None."""

    items: list[T]
    next: int | None


def page(rows: Select[T], key: InstrumentedAttribute[int], *, limit: int = 50, after: int | None = None) -> Page[T]:
    """Return up to `limit` rows with ids below `after`, newest first."""
    limit = max(1, min(limit, LARGEST_PAGE))
    if after is not None:
        rows = rows.where(key < after)
    found = list(session.scalars(rows.order_by(None).order_by(key.desc()).limit(limit + 1)))
    items = found[:limit]
    more = len(found) > limit
    return Page(items, getattr(items[-1], key.key) if more else None)
