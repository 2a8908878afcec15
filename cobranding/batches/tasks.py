"""Jobs: render, pack, sweep. Each may be lost or repeated at will."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from cobranding.batches import service
from cobranding.batches.rules import PART_BYTES, RENEW_AFTER, TURN, UNEXPECTED, ItemState, part_key
from cobranding.batches.service import Claim, ClaimedItem, Failed, Made, Settled
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import job
from tcma.infra.storage import storage
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)


@dataclass
class _Tray:
    """Finished work of a claim, before it is put away."""

    made: list[tuple[ClaimedItem, Made]] = field(default_factory=list)
    failed: list[tuple[ClaimedItem, Failed]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return sum(made.size_bytes for _, made in self.made) > PART_BYTES


class _Lease:
    """What says every now and then that slow work goes on, so that nobody else takes it over."""

    def __init__(self, renew: Callable[[Actor], bool]) -> None:
        self._renew = renew
        self._due_at = clock.now() + RENEW_AFTER

    def is_held(self) -> bool:
        """Renew it when it is time; False when it was lost."""
        if clock.now() < self._due_at:
            return True
        self._due_at = clock.now() + RENEW_AFTER
        with transaction(SYSTEM):
            return self._renew(SYSTEM)


@job("cobranding.batches.render")
def render(*, batch_id: int, lane: int) -> None:
    """Work on a batch for some seconds, then ask for the next turn; `lane` tells parallel chains apart."""
    ends_at = clock.now() + TURN
    while True:
        with transaction(SYSTEM):
            taken = service.claim(SYSTEM, batch_id)
        if taken is None:
            return
        try:
            _work_on(taken)
        except Unavailable as error:
            log.warning("files cannot be made now; the sweep asks again", batch_id=batch_id, reason=error.detail)
            with transaction(SYSTEM):
                service.give_back(SYSTEM, taken)
            return
        if clock.now() >= ends_at:
            break
    with transaction(SYSTEM):
        enqueue("cobranding.batches.render", batch_id=batch_id, lane=lane)


def _work_on(taken: Claim) -> None:
    tray, lease = _Tray(), _Lease(partial(service.renew, taken=taken))
    for item in taken.items:
        if not lease.is_held():
            return
        outcome = _make(taken, item)
        if isinstance(outcome, Made):
            tray.made.append((item, outcome))
        else:
            tray.failed.append((item, outcome))
        if tray.is_full:
            _put_away(taken, tray)
            tray = _Tray()
    _put_away(taken, tray)


def _make(taken: Claim, item: ClaimedItem) -> Made | Failed:
    actor = Actor.partner_job(item.partner_id)
    try:
        with reading(actor):
            gathered = service.gather(
                actor,
                item.partner_id,
                taken.version,
                files=taken.files,
                values=taken.values,
                values_by_locale=taken.values_by_locale,
                locale=taken.locale,
            )
        return service.produce(gathered)
    except Unavailable:
        raise
    except DomainError as error:
        return Failed(error.detail)
    except Exception:
        # One partner's files must not hold up the others, whatever is wrong with them.
        log.exception("files cannot be made", batch_id=taken.batch_id, item_id=item.id)
        return Failed(UNEXPECTED)


def _put_away(taken: Claim, tray: _Tray) -> None:
    with transaction(SYSTEM):
        issued = service.issue_all(SYSTEM, [made for _, made in tray.made])
    settled = [
        Settled(item.id, ItemState.FAILED, reason=failed.reason, findings=failed.findings)
        for item, failed in tray.failed
    ]
    for (item, made), envelopes in zip(tray.made, issued, strict=True):
        key = part_key(taken.batch_id, item.id)
        storage().put(key, service.part_of(item.folder, made, envelopes), "application/zip")
        codes = [order.code for order, _ in made.files]
        settled.append(Settled(item.id, ItemState.RENDERED, findings=made.findings, codes=codes, part_key=key))
    with transaction(SYSTEM):
        service.settle(SYSTEM, taken, settled)


@job("cobranding.batches.pack")
def pack(*, batch_id: int) -> None:
    """Put the files of a batch into one zip, when every partner is through."""
    with transaction(SYSTEM):
        packing = service.begin_packing(SYSTEM, batch_id)
    if packing is None:
        return
    size_bytes = service.pack(packing, _Lease(partial(service.renew_packing, packing=packing)).is_held)
    if size_bytes is None:
        return
    with transaction(SYSTEM):
        is_finished = service.end_packing(SYSTEM, packing, size_bytes=size_bytes)
    if is_finished:
        # They are in the zip now. Whatever stays behind here goes with the zip.
        with suppress(Unavailable):
            for key in packing.part_keys:
                storage().delete(key)


@job("cobranding.batches.sweep")
def sweep() -> None:
    """Find what was lost, and delete what has been kept long enough."""
    with transaction(SYSTEM):
        taken = service.look_after(SYSTEM)
    if taken:
        log.warning("took back expired leases", items=taken)
    with reading(SYSTEM):
        outlived = service.files_outlived(SYSTEM)
    for batch in outlived:
        for key in batch.keys:
            storage().delete(key)
        with transaction(SYSTEM):
            service.forget_files(SYSTEM, batch.batch_id)
