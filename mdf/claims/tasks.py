"""What time does to claims, one transaction each, so that one that fails holds up no other."""

from mdf.claims import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)


@job("mdf.claims.expire")
def expire() -> None:
    """Expire what is overdue, then close the requests that nobody can claim any more."""
    with reading(SYSTEM):
        overdue = service.overdue(SYSTEM)
    for claim_id in overdue:
        try:
            with transaction(SYSTEM):
                service.expire(SYSTEM, claim_id)
        except DomainError as error:
            log.warning("claim not expired", claim_id=claim_id, code=error.code)
    with reading(SYSTEM):
        closable = service.closable(SYSTEM)
    for request_id in closable:
        try:
            with transaction(SYSTEM):
                service.close_request(SYSTEM, request_id)
        except DomainError as error:
            log.warning("request not closed", request_id=request_id, code=error.code)
