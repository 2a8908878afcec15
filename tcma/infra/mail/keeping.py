"""What each thread keeps open, and the one transactional mail."""

from __future__ import annotations

import os
import threading
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from tcma import settings
from tcma.infra.mail.connection import SmtpConnection
from tcma.infra.mail.errors import MailRefused
from tcma.infra.mail.lanes import Lanes


class _Kept(threading.local):
    lanes: dict[tuple[int, str], Lanes]
    connections: dict[tuple[int, str], SmtpConnection]

    def __init__(self) -> None:
        self.lanes = {}
        self.connections = {}


_kept = _Kept()


def lanes(url: str) -> Lanes:
    """Give this thread's connections to a server; a forked process starts with none of its parent's."""
    key = (os.getpid(), url)
    if key not in _kept.lanes:
        _kept.lanes[key] = Lanes(url)
    return _kept.lanes[key]


def let_go() -> None:
    """Close what this thread has kept open; a thread that ends does it first."""
    while _kept.lanes:
        _kept.lanes.popitem()[1].close()
    while _kept.connections:
        _kept.connections.popitem()[1].close()


def deliver(message: EmailMessage, *, url: str | None = None, envelope_from: str | None = None) -> None:
    """Hand over one transactional mail to everybody in To, Cc and Bcc; to the server of TCMA_SMTP_URL unless told.

    Raises MailRefused, MailDeferred, MailServerUnavailable, MailLost.
    """
    recipients = [address for header in ("To", "Cc", "Bcc") for address in _addresses(message, header)]
    senders = [envelope_from] if envelope_from else _addresses(message, "Sender") or _addresses(message, "From")
    if not recipients or not senders:
        raise MailRefused("5.1.3 The message names no sender or no recipient.", 553)
    del message["Bcc"]
    data = message.as_bytes(policy=SMTP_POLICY)
    key = (os.getpid(), url or settings.current().smtp_url)
    if key not in _kept.connections:
        _kept.connections[key] = SmtpConnection(key[1])
    for recipient in recipients:
        _kept.connections[key].send(senders[0], recipient, data)


def _addresses(message: EmailMessage, header: str) -> list[str]:
    values: list[str] = []
    for value in message.get_all(header, []):
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        values += [address.addr_spec for address in addresses]
    return values
