"""What came of a launch over time, by the hour or by the day (UTC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.tracking import queries
from campaigns.tracking.rules import EventKind
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


class Each(StrEnum):
    """Say how long each moment is."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened within an hour or a day that begins at an instant: mails that left, and people."""

    at: datetime
    sent: int
    opened: int
    clicked: int
    unsubscribed: int


def series(actor: Actor, launch_id: int, *, each: Each = Each.HOUR) -> Sequence[Moment]:
    """Return the moments in which something happened, earliest first. Raises LaunchNotFound, Forbidden."""
    launch = launches.one(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ, launch)
    sent = dict(sending.sent_by(actor, launch.id, each=each.value))
    people = {(one.at, one.kind): one.people for one in queries.series(actor, launch.id, each=each.value)}
    return [
        Moment(
            at,
            sent.get(at, 0),
            people.get((at, EventKind.OPEN), 0),
            people.get((at, EventKind.CLICK), 0),
            people.get((at, EventKind.UNSUBSCRIBE), 0),
        )
        for at in sorted({*sent, *(at for at, _ in people)})
    ]
