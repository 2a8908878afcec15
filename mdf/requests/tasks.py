"""The jobs of requests."""

from contextlib import suppress

from mdf.requests import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Conflict, NotFound


@job("mdf.requests.expire_overdue")
def expire_overdue() -> None:
    """End every undecided request whose activity is over: whatever is owed, however old."""
    with reading(SYSTEM):
        overdue = service.overdue(SYSTEM)
    for request_id in overdue:
        # Each on its own: one that was decided or changed in the meantime holds up nothing else.
        with suppress(Conflict, NotFound), transaction(SYSTEM):
            service.expire(SYSTEM, request_id)
