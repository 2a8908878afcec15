"""Jobs: make the rows, take a turn, sweep. Each may be lost or repeated at will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from campaigns.launches import service as launches
from campaigns.sending import service
from campaigns.sending.channels import email, ways
from campaigns.sending.channels.email import Letters
from campaigns.sending.channels.ways import Closed
from campaigns.sending.rules import (
    FIRST_PART_ROWS,
    OUTAGE_PAUSE,
    TURN,
    TURN_WITH_OTHERS,
    Outcome,
    Place,
    Shift,
    next_part_rows,
)
from tcma.infra import broker
from tcma.infra.cache import CacheUnavailable
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import Urgency, job
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

# A partner reads this; what it was stands in the log, since its text may name anything.
UNEXPECTED = "Something unexpected is wrong with this mail. The service's log says what."


@job("campaigns.sending.fan_out")
def fan_out(*, touch_id: int) -> None:
    """Make one delivery per recipient of a touch, or have it done where they are many."""
    actor = _partner_of(touch_id)
    with transaction(actor):
        service.begin_fan_out(actor, touch_id)


@job("campaigns.sending.fan_out_rest", urgency=Urgency.PATIENT)
def fan_out_rest(*, touch_id: int, after_contact_id: int) -> None:
    """Make the next deliveries of a touch that has a long list."""
    actor = _partner_of(touch_id)
    with transaction(actor):
        number = service.fan_out(actor, touch_id, after_contact_id=after_contact_id)
    log.info("fanned out", touch_id=touch_id, contacts=number)


def _partner_of(touch_id: int) -> Actor:
    with reading(SYSTEM):
        return Actor.partner_job(launches.partner_of_touch(SYSTEM, touch_id))


@job("campaigns.sending.register_share")
def register_share(*, touch_id: int) -> None:
    """Write down where a share leads, so that looking at it only reads."""
    actor = _partner_of(touch_id)
    with transaction(actor):
        service.register_printed_links(actor, touch_id)


@job("campaigns.sending.send", urgency=Urgency.PATIENT)
def send(*, partner_id: int, turn_id: int) -> None:
    """Take one turn for a partner with a long list."""
    _take_turn(partner_id, turn_id, Urgency.PATIENT)


@job("campaigns.sending.send_few")
def send_few(*, partner_id: int, turn_id: int) -> None:
    """Take a turn for a partner that owes only a few: it need not stand in line behind long lists."""
    _take_turn(partner_id, turn_id, Urgency.PROMPT)


def _take_turn(partner_id: int, turn_id: int, urgency: Urgency) -> None:
    """Claim parts, hand them over, settle, ask for the next turn."""
    actor = Actor.partner_job(partner_id)
    with transaction(actor):
        shift = service.begin_turn(actor, turn=turn_id)
    if shift is None:
        return
    try:
        letters = _compile(actor, shift)
    except Unavailable as error:
        # Storage, database or a lock for a moment: nothing is wrong with the letter, so this is nobody's try.
        log.warning("letter cannot be built now", touch_id=shift.touch_id, reason=error.detail)
        with transaction(actor):
            service.end_turn(actor, shift, [], rest_until=clock.now() + OUTAGE_PAUSE)
        return
    except DomainError as error:
        log.warning("letter cannot be built", touch_id=shift.touch_id, reason=error.detail)
        _end_unbuilt(actor, shift, error.detail)
        return
    except Exception:
        # Whatever it is, it must not be tried for ever.
        log.exception("letter cannot be built", touch_id=shift.touch_id)
        _end_unbuilt(actor, shift, UNEXPECTED)
        return
    outcomes, rest_until = _hand_over(actor, shift, letters, urgency)
    with transaction(actor):
        service.end_turn(actor, shift, outcomes, rest_until=rest_until)


def _end_unbuilt(actor: Actor, shift: Shift, detail: str) -> None:
    with transaction(actor):
        service.end_unbuilt_turn(actor, shift, detail)


def _compile(actor: Actor, shift: Shift) -> Letters:
    with transaction(actor):
        service.register_printed_links(actor, shift.touch_id)
        draft = service.draft(actor, shift.touch_id)
    written = draft.write()
    with transaction(actor):
        links = service.register_links(actor, shift.touch_id, written.urls)
    return written.letters(links)


def _hand_over(
    actor: Actor, shift: Shift, letters: Letters, urgency: Urgency
) -> tuple[Sequence[Outcome], datetime | None]:
    """Hand over part after part; return the outcomes that are still to be settled, and until when to rest if at all."""
    outcomes: Sequence[Outcome] = ()
    after: Place | None = None
    rows = FIRST_PART_ROWS
    while True:
        started = clock.now()
        try:
            way = ways.choose(letters.limits, rows)
        except CacheUnavailable:
            return outcomes, clock.now() + OUTAGE_PAUSE
        if isinstance(way, Closed):
            service.let_rest(shift.touch_id, way.wait_s)
            return outcomes, None
        with transaction(actor):
            part = service.hand_over(actor, shift, rows=way.rows, after=after, outcomes=outcomes)
        if part is None:
            way.give_back(way.rows)
            return (), None
        way.give_back(way.rows - len(part.parcels))
        handed = email.hand_over(way.providers(), letters, part.parcels)
        outcomes, after = handed.outcomes, part.after
        if not handed.may_go_on:
            return outcomes, clock.now() + OUTAGE_PAUSE
        if after is None or clock.now() - shift.began_at > longest_turn(urgency):
            return outcomes, None
        rows = next_part_rows(way.rows, clock.now() - started)


def longest_turn(own: Urgency) -> timedelta:
    """Return how long a turn may last: a patient one ends at once for a prompt job; those of a kind share alike."""
    waiting = broker.waiting()
    if waiting is Urgency.PROMPT and own is Urgency.PATIENT:
        return timedelta(0)
    return TURN_WITH_OTHERS if waiting is own else TURN


@job("campaigns.sending.sweep")
def sweep() -> None:
    """Find everything that is owed; what is wrong with one partner's launch does not hold up the others."""
    with transaction(SYSTEM):
        unknown = service.take_back(SYSTEM)
    if unknown:
        log.warning("took back expired leases", unknown=unknown)
    with reading(SYSTEM):
        owing = service.owing(SYSTEM)
    for partner_id, touch_ids in sorted(owing.items()):
        _look_after(partner_id, touch_ids)
    with reading(SYSTEM):
        unfinished = service.unfinished(SYSTEM)
        unregistered = service.unregistered_shares(SYSTEM)
    for touch_id in unfinished:
        _finish(touch_id)
    for touch_id in unregistered:
        _register(touch_id)


@job("campaigns.sending.forget_mailed")
def forget_mailed() -> None:
    """Delete what is too old to guard anybody from a second mail."""
    with transaction(SYSTEM):
        service.forget_mailed(SYSTEM)


def _look_after(partner_id: int, touch_ids: list[int]) -> None:
    try:
        with transaction(SYSTEM):
            service.look_after(SYSTEM, partner_id, touch_ids=touch_ids)
    except DomainError as error:
        log.warning("deliveries not looked after", partner_id=partner_id, code=error.code)


def _finish(touch_id: int) -> None:
    try:
        with transaction(SYSTEM):
            service.finish_if_done(SYSTEM, touch_id)
    except DomainError as error:
        log.warning("touch not finished", touch_id=touch_id, code=error.code)


def _register(touch_id: int) -> None:
    try:
        register_share(touch_id=touch_id)
    except DomainError as error:
        log.warning("share not registered", touch_id=touch_id, code=error.code)
