"""Results as tables for a spreadsheet: the counts for everybody who may read them, the recipients for their partner."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from campaigns.sending import service as sending
from campaigns.tracking import queries
from campaigns.tracking.rules import EventKind
from campaigns.tracking.service.results import results
from tcma.infra.db import reading
from tcma.infra.paging import LARGEST_PAGE
from tcma.kernel.actor import Actor
from tcma.kernel.cells import safe_cell

COUNT_COLUMNS = ("touch", "channel", "state", "reason", "deliveries")
RECIPIENT_COLUMNS = (
    "delivery", "recipient", "touch", "state", "reason", "detail", "sent_at", "opened", "clicked", "unsubscribed",
)  # fmt: skip


def counts_csv(actor: Actor, launch_id: int) -> str:
    """Return each delivery of a launch once, counted by touch, state and reason. Raises NotFound, Forbidden."""
    found = results(actor, launch_id)
    touches = {touch.touch_id: touch for touch in found.touches}
    return _written(
        [
            COUNT_COLUMNS,
            *(
                (touches[one.touch_id].key, touches[one.touch_id].channel, one.state.value, one.reason, one.number)
                for one in sending.counts(actor, [launch_id])
            ),
        ]
    )


def recipients_csv(actor: Actor, launch_id: int) -> Iterator[str]:
    """Yield the recipients of a launch page by page, each read on its own: a long list holds no transaction open.

    Raises NotFound, Forbidden, RecipientsArePartners before anything is yielded.
    """
    with reading(actor):
        keys = {touch.touch_id: touch.key for touch in results(actor, launch_id).touches}
        sending.deliveries(actor, launch_id=launch_id, limit=1)
    return _recipients(actor, launch_id, keys)


def _recipients(actor: Actor, launch_id: int, keys: dict[int, str]) -> Iterator[str]:
    yield _written([RECIPIENT_COLUMNS])
    after: int | None = None
    while True:
        with reading(actor):
            page = sending.deliveries(actor, launch_id=launch_id, limit=LARGEST_PAGE, after=after)
            did = queries.reacted(actor, [one.id for one in page.items])
        yield _written([_row(one, keys, did.get(one.id, set())) for one in page.items])
        if page.next is None:
            return
        after = page.next


def _row(one: sending.DeliveryView, keys: dict[int, str], did: set[EventKind]) -> Sequence[object]:
    opened = bool(did & {EventKind.OPEN, EventKind.CLICK})
    happened = [opened, EventKind.CLICK in did, EventKind.UNSUBSCRIBE in did]
    return (
        one.id,
        one.recipient,
        keys[one.touch_id],
        one.state.value,
        one.reason,
        one.detail,
        one.sent_at.isoformat(timespec="seconds") if one.sent_at else "",
        *("yes" if it else "no" for it in happened),
    )


def _written(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue()
