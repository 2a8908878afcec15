"""Jobs of accounts: invitations and password resets leave by mail."""

from email.message import EmailMessage

from tcma import settings
from tcma.accounts import queries, service
from tcma.accounts.model import SingleUseLink, User
from tcma.accounts.rules import LinkPurpose
from tcma.infra import mail
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import job
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM

_SUBJECTS = {
    LinkPurpose.INVITATION: "You are invited to {brand}'s partner marketing portal",
    LinkPurpose.PASSWORD_RESET: "Set a new password for {brand}'s partner marketing portal",
}
_BODIES = {
    LinkPurpose.INVITATION: (
        "Hello {name},\n\nyou are invited to {brand}'s partner marketing portal. Choose a password here; the link works"
        " once, for seven days:\n\n{url}\n\n{brand}\n"
    ),
    LinkPurpose.PASSWORD_RESET: (
        "Hello {name},\n\nsomebody, hopefully you, asked for a new password. Set it here; the link works once, for one"
        " hour:\n\n{url}\n\nIf it was not you, do nothing: the old password stays.\n\n{brand}\n"
    ),
}
_PATHS = {LinkPurpose.INVITATION: "invitation", LinkPurpose.PASSWORD_RESET: "reset"}


@job("accounts.mail_link")
def mail_link(*, link_id: int) -> None:
    """Send a single-use link once; a link that was sent or used is left alone.

    The mail leaves before it is marked as sent: a crash between the two sends the same link again, which is harmless.
    """
    with reading(SYSTEM):
        owed = queries.owed_link(link_id)
        brand = service.brand_name()
    if owed is None:
        return
    mail.deliver(_message(*owed, brand=brand))
    with transaction(SYSTEM):
        if link := queries.link(link_id):
            link.mailed_at = clock.now()


@job("accounts.mail_owed_links")
def mail_owed_links() -> None:
    """Find links whose mail is still owed, and ask for each again."""
    with transaction(SYSTEM):
        for link_id in queries.unmailed_links():
            enqueue("accounts.mail_link", link_id=link_id)


def _message(link: SingleUseLink, user: User, *, brand: str) -> EmailMessage:
    present = settings.current()
    purpose = LinkPurpose(link.purpose)
    url = f"{present.base_url}/{_PATHS[purpose]}/{service.link_token(link)}"
    message = EmailMessage()
    message["Subject"] = _SUBJECTS[purpose].format(brand=brand)
    message["From"] = f"{brand.replace(',', ' ')} <no-reply@{present.mail_domain}>"
    message["To"] = user.email
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_BODIES[purpose].format(name=user.name, brand=brand, url=url))
    return message
