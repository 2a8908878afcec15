"""The jobs of launches: each opens its own transactions and may run twice, or be lost."""

from __future__ import annotations

from campaigns.launches import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)


@job("campaigns.launches.tick")
def tick() -> None:
    """Move every launch that owes something; one that fails does not hold up the others."""
    with reading(SYSTEM):
        withdrawn = service.withdrawn_in_use(SYSTEM)
        owed = service.owed(SYSTEM)
    for launch_id in withdrawn:
        _stop(launch_id)
    for launch_id in owed:
        _advance(launch_id)


@job("campaigns.launches.stop_withdrawn")
def stop_withdrawn(*, kit_version_id: int) -> None:
    """Stop what runs on a kit version that was just withdrawn; the tick would find it too, a little later."""
    with reading(SYSTEM):
        withdrawn = service.withdrawn_in_use(SYSTEM)
    log.info("kit version withdrawn", kit_version_id=kit_version_id, launches=len(withdrawn))
    for launch_id in withdrawn:
        _stop(launch_id)


def _advance(launch_id: int) -> None:
    try:
        with transaction(SYSTEM):
            service.advance(SYSTEM, launch_id)
    except DomainError as error:
        log.warning("launch not advanced", launch_id=launch_id, code=error.code)


def _stop(launch_id: int) -> None:
    try:
        with transaction(SYSTEM):
            service.stop_withdrawn(SYSTEM, launch_id)
    except DomainError as error:
        log.warning("launch not stopped", launch_id=launch_id, code=error.code)
