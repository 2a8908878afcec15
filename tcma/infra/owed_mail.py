"""Mails that a row owes somebody: each is claimed before it leaves, tried again later, and given up when it is refused.

A claim moves the next try into the future, in a transaction of its own: two workers never hold one row, and a crash
after the mail left sends it once more at the worst.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from tcma import settings
from tcma.infra import mail
from tcma.infra.db import session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.logs import get_logger

log = get_logger(__name__)

# The next try after the first, second, … one; the last repeats for a week and then it is given up.
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES = 32


class OwesMail:
    """Add when a row's mail is to be tried next (None: nothing is owed), and how often it was tried."""

    id: Mapped[int]
    mail_due_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    mail_tries: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime | None]


R = TypeVar("R", bound=OwesMail)


def due(kind: type[R], *, most: int = 200) -> list[int]:
    """Return the rows whose mail is to be tried now, the longest due first."""
    rows = select(kind.id).where(kind.mail_due_at <= clock.now()).order_by(kind.mail_due_at).limit(most)
    return list(session.scalars(rows))


def send(kind: type[R], row_id: int, compose: Callable[[R], EmailMessage | None]) -> None:
    """Send what a row owes, if it is due and nobody else is at it; `compose` returns None when nobody wants it now."""
    with transaction(SYSTEM):
        row = _claim(kind, row_id)
        message = compose(row) if row is not None else None
        if row is not None and message is None:
            row.mail_due_at = None
    if message is None:
        return
    try:
        mail.deliver(message)
    except mail.MailRefused as error:
        log.warning("a mail was refused", kind=kind.__name__, row_id=row_id, answer=error.code)
        _settle(kind, row_id, mailed_at=None)
    except mail.MailError as error:
        log.warning("a mail has to wait", kind=kind.__name__, row_id=row_id, answer=error.code)
    else:
        _settle(kind, row_id, mailed_at=clock.now())


def from_the_service(*, name: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return a mail of the service itself, in the brand's name, to one person."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = Address(
        display_name=" ".join(name.split()), username="no-reply", domain=settings.current().mail_domain
    )
    message["To"] = to
    message["Date"] = clock.now()
    message["Message-ID"] = make_msgid(domain=settings.current().mail_domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _claim(kind: type[R], row_id: int) -> R | None:
    now = clock.now()
    rows = select(kind).where(kind.id == row_id, kind.mail_due_at <= now).with_for_update(skip_locked=True)
    row = session.scalars(rows).first()
    if row is not None:
        wait = WAITS[min(row.mail_tries, len(WAITS) - 1)]
        row.mail_tries += 1
        row.mail_due_at = now + wait if row.mail_tries < MOST_TRIES else None
    return row


def _settle(kind: type[R], row_id: int, *, mailed_at: datetime | None) -> None:
    with transaction(SYSTEM):
        session.execute(update(kind).where(kind.id == row_id).values(mail_due_at=None, mailed_at=mailed_at))
