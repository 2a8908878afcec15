"""The rows that were left out of a list, as a file."""

from __future__ import annotations

from collections.abc import Iterator

from campaigns.audiences.rules import write_csv
from campaigns.imports import queries
from tcma.infra.db import reading
from tcma.kernel.actor import Actor

PAGE_ROWS = 1_000


def problems_csv(actor: Actor, list_id: int) -> Iterator[str]:
    """Yield the rows that were left out, page by page. Raises ListNotFound, Forbidden before anything is yielded."""
    with reading(actor):
        queries.one(actor, list_id)
    return _problems(actor, list_id)


def _problems(actor: Actor, list_id: int) -> Iterator[str]:
    yield write_csv(("row", "field", "reason"), [])
    after = 0
    while True:
        with reading(actor):
            page = [
                (one.row, one.field, one.reason)
                for one in queries.problems_of(actor, list_id, after_row=after, limit=PAGE_ROWS)
            ]
        if not page:
            return
        yield write_csv(None, page)
        after = page[-1][0]
