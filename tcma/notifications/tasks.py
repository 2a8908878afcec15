"""Jobs of notifications: what people are told also leaves by mail."""

from email.message import EmailMessage

from tcma import settings
from tcma.accounts import service as accounts
from tcma.infra import owed_mail
from tcma.infra.db import enqueue, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM
from tcma.notifications.model import Notification

# What leads its person straight to where it can be launched, without signing in first.
VISITS = frozenset({"campaigns.kit.published"})


@job("notifications.mail_owed")
def mail_owed() -> None:
    """Find notifications whose mail is owed, and ask for each."""
    with transaction(SYSTEM):
        for notification_id in owed_mail.due(Notification):
            enqueue("notifications.mail", notification_id=notification_id)


@job("notifications.mail")
def mail_one(*, notification_id: int) -> None:
    """Mail one notification."""
    owed_mail.send(Notification, notification_id, _message)


def _message(notification: Notification) -> EmailMessage:
    name, address = accounts.address_of(SYSTEM, notification.user_id)
    brand = accounts.brand_name()
    link = settings.current().base_url + notification.link if notification.link else ""
    if notification.kind in VISITS:
        link = accounts.visit_address(notification.user_id, notification.link)
    paragraphs = (f"Hello {name},", notification.title, notification.body, link, brand)
    return owed_mail.from_the_service(
        name=brand,
        to=address,
        subject=notification.title,
        text="\n\n".join(part for part in paragraphs if part) + "\n",
    )
