"""The jobs of accounts: renew what will soon be old, and say what will end."""

from __future__ import annotations

from campaigns.networks import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)


@job("campaigns.networks.refresh_due")
def refresh_due() -> None:
    """Renew the tokens that are due; what is wrong with one account does not hold up the others."""
    with reading(SYSTEM):
        due = service.due_for_refresh(SYSTEM)
    for partner_id, account_id in due:
        try:
            _renew(Actor.partner_job(partner_id), account_id)
        except DomainError as error:
            log.warning("account not renewed", social_account_id=account_id, code=error.code)


def _renew(actor: Actor, account_id: int) -> None:
    with transaction(actor):
        renewal = service.begin_renewal(actor, account_id)
    renewed = renewal.ask()
    with transaction(actor):
        service.end_renewal(actor, renewal, renewed)


@job("campaigns.networks.warn_expiring")
def warn_expiring() -> None:
    """Say which accounts end soon, stop using those that have ended, and forget handshakes that are over."""
    with transaction(SYSTEM):
        expired = service.expire(SYSTEM)
        warned = service.warn_expiring(SYSTEM)
        service.forget_handshakes(SYSTEM)
    if expired or warned:
        log.info("accounts end", expired=expired, warned=warned)
