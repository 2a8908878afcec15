"""The proof that no recipient is forgotten: what is late, what nobody knows about, what does not add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from campaigns.launches import service as launches
from campaigns.sending import queries
from campaigns.sending.model import Delivery
from campaigns.sending.rules import LEASE, DeliveryState, Standing
from campaigns.sending.service.finishing import is_done
from campaigns.sending.service.hand_over import standing
from campaigns.sending.service.resting import is_resting
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor

# A sweep comes every few seconds: what it has not picked up after this long, something keeps it from.
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs a look: a stable code, a sentence for people, and how many rows it is about."""

    code: str
    sentence: str
    number: int


def check(actor: Actor = SYSTEM) -> list[Finding]:
    """Look at all deliveries and return what is not as it should be; an empty list is the proof."""
    return [*_stuck(actor), *_unknown(actor), *_late(actor), *_unfinished(actor)]


def _stuck(actor: Actor) -> Iterator[Finding]:
    number = _count(actor, Delivery.state == DeliveryState.CLAIMED, Delivery.lease_until < clock.now() - LEASE)
    if number:
        sentence = f"{number} claimed deliveries have no worker: is the scheduler running?"
        yield Finding("lease_not_taken_back", sentence, number)


def _unknown(actor: Actor) -> Iterator[Finding]:
    number = _count(actor, Delivery.state == DeliveryState.UNKNOWN)
    if number:
        yield Finding("unknown", f"{number} deliveries may or may not have arrived: somebody has to say.", number)


def _late(actor: Actor) -> Iterator[Finding]:
    for owed in queries.owed(actor, clock.now() - LATE):
        if not is_resting(owed.touch_id) and standing(actor, owed.touch_id) is Standing.GO:
            sentence = f"Touch {owed.touch_id} has deliveries that could have left since {owed.since:%Y-%m-%d %H:%M}."
            yield Finding("late", sentence, 1)


def _unfinished(actor: Actor) -> Iterator[Finding]:
    for touch_id in launches.fanned_out_touches(actor):
        if is_done(actor, touch_id):
            yield Finding("not_finished", f"Touch {touch_id} has nothing left to send and is not finished.", 1)


def oldest_owed_since(actor: Actor) -> datetime | None:
    """Return since when the oldest delivery that may leave now is waiting, or None when nothing is."""
    going = (
        owed.since
        for owed in queries.owed(actor, clock.now())
        if not is_resting(owed.touch_id) and standing(actor, owed.touch_id) is Standing.GO
    )
    return next(going, None)


def _count(actor: Actor, *conditions: ColumnElement[bool]) -> int:
    rows = queries.visible_to(actor).where(*conditions).subquery()
    return int(session.scalar(select(func.count()).select_from(rows)) or 0)
