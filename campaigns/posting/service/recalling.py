"""Posts that are still to leave with a template version; after a withdrawal, each of them fails and says why."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.launches import service as launches
from campaigns.posting import queries
from cobranding.templates import service as templates
from cobranding.templates.service import Use, UseKind
from tcma.kernel.actor import Actor


def open_posts(actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
    """Return one line for each post that is owed."""
    names = dict(launches.sent_with(actor, version_id))
    return [
        Use(row.id, row.partner_id, f"{names[row.touch_id]}, {row.account}", row.state.value, f"/posts/{row.id}")
        for row in queries.queued_of(actor, list(names), after=after, limit=limit)
    ]


def _count(actor: Actor, version_id: int) -> int:
    return queries.count_queued_of(actor, [touch_id for touch_id, _ in launches.sent_with(actor, version_id)])


templates.register_use(
    UseKind(
        "posts",
        "Posts not published yet",
        _count,
        open_posts,
        afterwards="After a withdrawal none of them leaves, and its partner is told.",
    )
)
