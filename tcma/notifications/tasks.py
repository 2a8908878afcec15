"""Jobs of notifications: what people are told also leaves by mail."""

from email.message import EmailMessage

from tcma import settings
from tcma.accounts import service as accounts
from tcma.infra import mail
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import job
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.notifications import queries


@job("notifications.mail_owed")
def mail_owed() -> None:
    """Find notifications whose mail is still owed, and ask for each."""
    with transaction(SYSTEM):
        for notification_id in queries.owed():
            enqueue("notifications.mail", notification_id=notification_id)


@job("notifications.mail")
def mail_one(*, notification_id: int) -> None:
    """Mail one notification; a crash before it is marked sends it once more, which is harmless."""
    with reading(SYSTEM):
        notification = queries.by_id(notification_id)
        if notification is None or notification.mailed_at is not None:
            return
        name, address = accounts.address_of(SYSTEM, notification.user_id)
        brand = accounts.brand_name()
    present = settings.current()
    message = EmailMessage()
    message["Subject"] = " ".join(notification.title.split())
    message["From"] = f"{brand.replace(',', ' ')} <no-reply@{present.mail_domain}>"
    message["To"] = address
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = (f"Hello {name},", notification.title, notification.body, present.base_url + notification.link, brand)
    message.set_content("\n\n".join(part for part in paragraphs if part) + "\n")
    mail.deliver(message)
    with transaction(SYSTEM):
        if kept := queries.by_id(notification_id):
            kept.mailed_at = clock.now()
