"""The jobs of requests."""

from mdf.requests import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)


@job("mdf.requests.expire_overdue")
def expire_overdue() -> None:
    """End every undecided request whose activity is over: whatever is owed, however old."""
    with reading(SYSTEM):
        overdue = service.overdue(SYSTEM)
    for request_id in overdue:
        # Each on its own: one that was decided in the meantime, or that cannot end, holds up nothing else.
        try:
            with transaction(SYSTEM):
                service.expire(SYSTEM, request_id)
        except DomainError as error:
            log.warning("request not expired", request_id=request_id, code=error.code)
