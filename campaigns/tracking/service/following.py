"""Note opens and clicks. A stranger's request acts as the partner that the signed token names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from crawlerdetect import CrawlerDetect

from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.sending.service import Signed
from campaigns.tracking import queries, rules
from campaigns.tracking.model import Event
from campaigns.tracking.rules import EventKind, MadeBy
from tcma.infra import crypto
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

# One recipient does not click a thousand times: what comes beyond this is answered, and not kept.
MOST_EVENTS = 200
# A printed code or a post has many visitors; who asks for it without end fills no table.
MOST_PRINTED_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request says of itself."""

    method: str
    user_agent: str
    purpose: str
    address: str


def scope_of(signed: Signed) -> Actor:
    """Return who a request with a signed token acts as: the partner it names."""
    return Actor.partner_job(signed.partner_id)


def follow(actor: Actor, signed: Signed, seen: Seen) -> str:
    """Note a click and return where it leads: only to a target that the touch names. Raises NotFound."""
    link = sending.link(actor, signed.thing_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, link)
    _note(actor, signed, seen, kind=EventKind.CLICK, touch_id=link.touch_id, link_id=link.id)
    return launches.way_on(actor, link.touch_id, link.url)


def note_open(actor: Actor, signed: Signed, seen: Seen) -> None:
    """Note that the pixel of a mail was fetched. Raises NotFound."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    _note(actor, signed, seen, kind=EventKind.OPEN, touch_id=0, link_id=None)


def _note(actor: Actor, signed: Signed, seen: Seen, *, kind: EventKind, touch_id: int, link_id: int | None) -> None:
    now = clock.now()
    made_by = rules.by_headers(
        method=seen.method,
        user_agent=seen.user_agent,
        purpose=seen.purpose,
        is_crawler=_is_crawler(seen.user_agent[:500]),
    )
    if signed.delivery_id is None:
        if queries.how_many_printed(actor, link_id or 0, most=MOST_PRINTED_EVENTS) >= MOST_PRINTED_EVENTS:
            return
        launch_id = launches.touch_plan(actor, touch_id).launch_id
    else:
        delivery = sending.delivery(actor, signed.delivery_id)
        launch_id, touch_id = delivery.launch_id, delivery.touch_id
        if queries.how_many(actor, delivery.id, kind) >= MOST_EVENTS:
            return
        if made_by is MadeBy.PERSON and kind is EventKind.CLICK:
            left_at = delivery.sent_at or delivery.handing_over_at
            hasty = left_at is not None and now - left_at < rules.HASTE_WINDOW
            made_by = MadeBy.HASTE if hasty else _unless_burst(actor, delivery.id, link_id)
    session.add(
        Event(
            partner_id=signed.partner_id,
            launch_id=launch_id,
            touch_id=touch_id,
            delivery_id=signed.delivery_id,
            link_id=link_id,
            kind=kind,
            made_by=made_by,
            user_agent=seen.user_agent[:300],
            address_hash=crypto.keyed_hash("tracking.address", seen.address)[:16] if seen.address else None,
            happened_at=now,
        )
    )
    session.flush()


def _unless_burst(actor: Actor, delivery_id: int, link_id: int | None) -> MadeBy:
    """Look at the moments before: a scanner follows several links at once, and then none of them was a person."""
    recent = queries.of_delivery(actor, delivery_id, since=clock.now() - rules.BURST_WINDOW)
    if len({event.link_id for event in recent} | {link_id}) < rules.BURST_LINKS:
        return MadeBy.PERSON
    for event in recent:
        if event.made_by is MadeBy.PERSON:
            event.made_by = MadeBy.BURST
    return MadeBy.BURST


@cache
def _detector() -> CrawlerDetect:
    return CrawlerDetect()


def _is_crawler(user_agent: str) -> bool:
    return bool(_detector().isCrawler(user_agent)) if user_agent else False
