"""Jobs: make the rows, take a turn, sweep. Each may be lost or repeated at will."""

from __future__ import annotations

from datetime import datetime

from campaigns.launches import service as launches
from campaigns.sending import service
from campaigns.sending.channels import email
from campaigns.sending.channels.email import Letters
from campaigns.sending.rules import FIRST_PART_ROWS, OUTAGE_PAUSE, Batch, Outcome, next_part_rows
from tcma import settings
from tcma.infra import mail
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

# A partner reads this; what it was stands in the log, since its text may name anything.
UNEXPECTED = "Something unexpected is wrong with this mail. The service's log says what."


@job("campaigns.sending.fan_out")
def fan_out(*, touch_id: int) -> None:
    """Make one delivery per recipient of a touch."""
    with reading(SYSTEM):
        actor = Actor.partner_job(launches.partner_of_touch(SYSTEM, touch_id))
    with transaction(actor):
        made = service.fan_out(actor, touch_id)
    log.info("fanned out", touch_id=touch_id, made=made)


@job("campaigns.sending.register_share")
def register_share(*, touch_id: int) -> None:
    """Write down where a share leads, so that looking at it only reads."""
    with reading(SYSTEM):
        actor = Actor.partner_job(launches.partner_of_touch(SYSTEM, touch_id))
    with transaction(actor):
        service.register_printed_links(actor, touch_id)


@job("campaigns.sending.send")
def send(*, partner_id: int, turn_id: int) -> None:
    """Take one turn for a partner: claim a batch, hand it over in parts, settle, ask for the next turn."""
    actor = Actor.partner_job(partner_id)
    with transaction(actor):
        batch = service.begin_turn(actor, turn=turn_id)
    if batch is None:
        return
    try:
        letters = _compile(actor, batch)
    except Unavailable as error:
        # Storage, database or a lock for a moment: nothing is wrong with the letter, so this is nobody's try.
        log.warning("letter cannot be built now", touch_id=batch.touch_id, reason=error.detail)
        with transaction(actor):
            service.end_turn(actor, batch, [], wait_until=clock.now() + OUTAGE_PAUSE)
        return
    except DomainError as error:
        log.warning("letter cannot be built", touch_id=batch.touch_id, reason=error.detail)
        _end_unbuilt(actor, batch, error.detail)
        return
    except Exception:
        # Whatever it is, it must not be tried for ever.
        log.exception("letter cannot be built", touch_id=batch.touch_id)
        _end_unbuilt(actor, batch, UNEXPECTED)
        return
    outcomes, wait_until = _hand_over(actor, batch, letters)
    with transaction(actor):
        service.end_turn(actor, batch, outcomes, wait_until=wait_until)


def _end_unbuilt(actor: Actor, batch: Batch, detail: str) -> None:
    with transaction(actor):
        service.end_unbuilt_turn(actor, batch, detail)


def _compile(actor: Actor, batch: Batch) -> Letters:
    with transaction(actor):
        service.register_printed_links(actor, batch.touch_id)
        draft = service.draft(actor, batch.touch_id)
    written = draft.write()
    with transaction(actor):
        links = service.register_links(actor, batch.touch_id, written.urls)
    return written.letters(links)


def _hand_over(actor: Actor, batch: Batch, letters: Letters) -> tuple[list[Outcome], datetime | None]:
    connection = mail.kept(settings.current().smtp_url)
    outcomes: list[Outcome] = []
    begin, rows = 0, FIRST_PART_ROWS
    while begin < len(batch.delivery_ids):
        part = batch.delivery_ids[begin : begin + rows]
        started = clock.now()
        with transaction(actor):
            parcels = service.hand_over(actor, batch, part=part, outcomes=outcomes)
        outcomes = []
        if parcels is None:
            break
        handed = email.hand_over(connection, letters, parcels)
        outcomes = handed.outcomes
        if not handed.may_go_on:
            return outcomes, clock.now() + OUTAGE_PAUSE
        if clock.now() > batch.ends_at:
            break
        begin, rows = begin + rows, next_part_rows(rows, clock.now() - started)
    return outcomes, None


@job("campaigns.sending.sweep")
def sweep() -> None:
    """Find everything that is owed; what is wrong with one partner's launch does not hold up the others."""
    with transaction(SYSTEM):
        taken = service.take_back(SYSTEM)
    if taken.requeued or taken.unknown:
        log.warning("took back expired leases", requeued=taken.requeued, unknown=taken.unknown)
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
