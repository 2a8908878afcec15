"""Jobs: take a list over, and find lists that nobody is at. Each may be lost or repeated at will."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from campaigns.audiences import service as audiences
from campaigns.audiences.service import Prepared
from campaigns.imports import rules, service
from campaigns.imports.errors import ListUnreadable
from campaigns.imports.rules import MOST_ROWS, PIECE_ROWS, TURN, Piece
from campaigns.imports.service import Shift
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import Urgency, job
from tcma.infra.storage import FileMissing, storage
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

Ready = tuple[Piece, Prepared]


@job("campaigns.imports.take_over", urgency=Urgency.PATIENT)
def take_over(*, partner_id: int, list_id: int) -> None:
    """Work on a list for some seconds, then ask for the next turn."""
    actor = Actor.partner_job(partner_id)
    with transaction(actor):
        shift = service.begin(actor, list_id)
    if shift is None:
        return
    try:
        if not shift.text_key:
            _make_text(actor, shift)
            is_through = False
        else:
            is_through = _work_on(actor, shift)
    except Unavailable as error:
        log.warning("a list has to wait; the sweep asks again", list_id=list_id, reason=error.detail)
        return
    except (ListUnreadable, FileMissing) as error:
        with transaction(actor):
            service.fail(actor, shift, trouble=error.detail)
        return
    with transaction(actor):
        service.end_turn(actor, shift, is_through=is_through)


@job("campaigns.imports.sweep")
def sweep() -> None:
    """Find lists that a lost message or a dead worker left behind, and ask for a turn of each."""
    with reading(SYSTEM):
        stalled = service.stalled(SYSTEM)
    with transaction(SYSTEM):
        for partner_id, list_id in stalled:
            enqueue("campaigns.imports.take_over", partner_id=partner_id, list_id=list_id)


def _make_text(actor: Actor, shift: Shift) -> None:
    with reading(actor):
        row = service.one(actor, shift.list_id)
    key, size = service.text_of_workbook(row)
    with transaction(actor):
        service.keep_text(actor, shift, key=key, size_bytes=size)


def _work_on(actor: Actor, shift: Shift) -> bool:
    """Take pieces over until the turn ends; return whether everything is."""
    ends_at = clock.now() + TURN
    with storage().open(shift.text_key) as source:
        for piece, given in _ahead(_prepared(source, shift)):
            if piece.end_row > MOST_ROWS + 1:
                raise ListUnreadable(f"The list has more than {MOST_ROWS:,} rows: the rest was left out. Split it.")
            try:
                with transaction(actor):
                    goes_on = service.take_over(actor, shift, piece=piece, given=given)
            except DomainError:
                log.exception("a piece of a list could not be taken over", list_id=shift.list_id)
                raise
            if piece.is_last:
                return goes_on
            if not goes_on or clock.now() >= ends_at:
                return False
    return False


def _prepared(source: BinaryIO, shift: Shift) -> Iterator[Ready]:
    rules.skip(source, shift.done_bytes)
    for piece in rules.pieces(
        source,
        shift.columns,
        separator=shift.separator,
        encoding=shift.encoding,
        at_bytes=shift.done_bytes,
        at_row=shift.done_rows,
        today=shift.given_on,
        rows_each=PIECE_ROWS,
    ):
        yield piece, audiences.prepared(piece.rows)


def _ahead(pieces: Iterator[Ready]) -> Iterator[Ready]:
    """Yield pieces, the next one being read while the database is at work on the present one."""
    ready: queue.Queue[Ready | BaseException | None] = queue.Queue(maxsize=2)
    stop = threading.Event()

    def put(item: Ready | BaseException | None) -> None:
        while not stop.is_set():
            with suppress(queue.Full):
                ready.put(item, timeout=0.1)
                return

    def read() -> None:
        try:
            for piece in pieces:
                put(piece)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the pieces are asked for
            put(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        reader.join()
