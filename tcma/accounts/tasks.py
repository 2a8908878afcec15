"""Jobs of accounts: invitations and password resets leave by mail."""

from email.message import EmailMessage

from tcma import settings
from tcma.accounts import service
from tcma.accounts.model import SingleUseLink
from tcma.accounts.rules import LinkPurpose
from tcma.infra import owed_mail, replays
from tcma.infra.db import enqueue, transaction
from tcma.infra.jobs import job
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
    """Send a single-use link, unless it was used."""
    owed_mail.send(SingleUseLink, link_id, _message)


@job("accounts.mail_owed_links")
def mail_owed_links() -> None:
    """Find links whose mail is owed, and ask for each."""
    with transaction(SYSTEM):
        for link_id in owed_mail.due(SingleUseLink):
            enqueue("accounts.mail_link", link_id=link_id)


@job("accounts.forget_old_replays")
def forget_old_replays() -> None:
    """Forget the answers of commands that nobody repeats any more."""
    with transaction(SYSTEM):
        replays.forget_old()


def _message(link: SingleUseLink) -> EmailMessage | None:
    user = service.user_of_link(link)
    if link.used_at is not None or not user.is_active:
        return None
    purpose = LinkPurpose(link.purpose)
    brand = service.brand_name()
    url = f"{settings.current().base_url}/{_PATHS[purpose]}/{service.link_token(link)}"
    return owed_mail.from_the_service(
        name=brand,
        to=user.email,
        subject=_SUBJECTS[purpose].format(brand=brand),
        text=_BODIES[purpose].format(name=user.name, brand=brand, url=url),
    )
