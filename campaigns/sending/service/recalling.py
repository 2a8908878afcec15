"""Mails that are still to leave with a template version; after a withdrawal, hand-off skips each of them."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.launches import service as launches
from campaigns.sending import queries
from cobranding.templates import service as templates
from cobranding.templates.service import Use, UseKind
from tcma.kernel.actor import Actor


def open_mails(actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
    """Return one line for each touch: whose it is and how many mails are owed, never to whom."""
    names = {touch_id: name for touch_id, name in launches.sent_with(actor, version_id) if touch_id > after}
    return [
        Use(one.touch_id, one.partner_id, names[one.touch_id], "queued", f"/launches/{one.launch_id}", one.number)
        for one in queries.open_by_touch(actor, list(names))[:limit]
    ]


def _count(actor: Actor, version_id: int) -> int:
    touches = [touch_id for touch_id, _ in launches.sent_with(actor, version_id)]
    return sum(one.number for one in queries.open_by_touch(actor, touches))


templates.register_use(
    UseKind(
        "deliveries",
        "Mails not sent yet",
        _count,
        open_mails,
        afterwards="After a withdrawal none of them leaves: each is skipped when its turn comes.",
    )
)
