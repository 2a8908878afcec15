"""Jobs of senders: domains are looked at again, and codes leave by mail."""

from email.message import EmailMessage

from campaigns.senders import service
from campaigns.senders.model import Sender
from tcma.accounts import service as accounts
from tcma.infra import owed_mail
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)

_TEXT = (
    "Hello,\n\n{partner} wants to send mail on behalf of {brand} with this address as the one that answers go to."
    " If that is right, give them this code; it is good for an hour:\n\n    {code}\n\n"
    "If you do not know of it, do nothing: without the code your address is not used.\n\n{brand}\n"
)


@job("campaigns.senders.check_due")
def check_due() -> None:
    """Find the domains whose records are to be looked at again, and ask for each."""
    with transaction(SYSTEM):
        for domain_id in service.due_for_check(SYSTEM):
            enqueue("campaigns.senders.check", domain_id=domain_id)


@job("campaigns.senders.check")
def check(*, domain_id: int) -> None:
    """Look at a domain's records, and act on what is found."""
    try:
        with reading(SYSTEM):
            examination = service.examination(SYSTEM, domain_id)
        report = examination.look()
        with transaction(SYSTEM):
            service.note(SYSTEM, domain_id, report)
    except DomainError as error:
        log.warning("domain not checked", domain_id=domain_id, code=error.code)


@job("campaigns.senders.mail_owed_codes")
def mail_owed_codes() -> None:
    """Find codes whose mail is owed, and ask for each."""
    with transaction(SYSTEM):
        for sender_id in owed_mail.due(Sender):
            enqueue("campaigns.senders.mail_code", sender_id=sender_id)


@job("campaigns.senders.mail_code")
def mail_code(*, sender_id: int) -> None:
    """Send the code of a sender, unless it was confirmed meanwhile."""
    owed_mail.send(Sender, sender_id, _message)


def _message(sender: Sender) -> EmailMessage:
    brand = accounts.brand_name()
    partner = accounts.partner_profile(SYSTEM, sender.partner_id).trade_name
    return owed_mail.from_the_service(
        name=brand,
        to=sender.address,
        subject=f"{service.code_of(sender)} confirms your address for {partner}",
        text=_TEXT.format(partner=partner, brand=brand, code=service.code_of(sender)),
    )
