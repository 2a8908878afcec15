"""Four answers that mean four different things."""

from __future__ import annotations

import re

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")


class MailError(Exception):
    """Say what the mail server answered: `code` is 0 when it did not answer at all."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(f"{code} {text}" if code else text)
        self.code = code
        self.text = text

    @property
    def enhanced_code(self) -> str:
        """Give the RFC 3463 code that begins the answer, such as "5.1.1", or ""."""
        found = _ENHANCED.match(self.text)
        return found.group(1) if found else ""


class MailRefused(MailError):
    """The server will never take this message for this recipient (5xx)."""


class MailDeferred(MailError):
    """The server asks to come again later (4xx): throttled, greylisted, mailbox busy."""


class MailServerUnavailable(MailError):
    """No message was handed over: no connection, no TLS, no sign-in, or it broke before the message began."""


class MailInterrupted(MailServerUnavailable):
    """The connection broke while this recipient was being offered; the message had not begun to leave."""


class MailLost(MailError):
    """The connection broke after the message began to leave: nobody knows whether it was kept."""
