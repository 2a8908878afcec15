"""The door to mail servers: several of them, connections that stay open, and four answers that mean four things.

A message is refused for good (`MailRefused`), asked to come again (`MailDeferred`), never left the house
(`MailServerUnavailable`), or went out without an answer (`MailLost`): in that last case alone nobody knows whether the
server kept it, so the caller may neither repeat nor forget it.

`deliver` hands over one transactional mail; a `Provider` of `usable()` hands over many, several at once.
"""

from tcma.infra.mail.address import SmtpAddress
from tcma.infra.mail.connection import SmtpConnection
from tcma.infra.mail.errors import (
    MailDeferred,
    MailError,
    MailInterrupted,
    MailLost,
    MailRefused,
    MailServerUnavailable,
)
from tcma.infra.mail.keeping import let_go
from tcma.infra.mail.lanes import Lanes, Mail
from tcma.infra.mail.providers import Provider, deliver, usable

__all__ = [
    "Lanes",
    "Mail",
    "MailDeferred",
    "MailError",
    "MailInterrupted",
    "MailLost",
    "MailRefused",
    "MailServerUnavailable",
    "Provider",
    "SmtpAddress",
    "SmtpConnection",
    "deliver",
    "let_go",
    "usable",
]
