"""The door to SMTP: one connection that stays open, and four answers that mean four different things.

A message is refused for good (`MailRefused`), asked to come again (`MailDeferred`), never left the house
(`MailServerUnavailable`), or went out without an answer (`MailLost`): in that last case alone nobody knows whether the
server kept it, so the caller may neither repeat nor forget it.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tcma import settings

COMMAND_TIMEOUT_S: Final = 20.0
# RFC 5321 4.5.3.2.6 asks for ten minutes after the final dot; a worker cannot stand still that long.
ACCEPT_TIMEOUT_S: Final = 60.0
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")
_LINE_START_DOT = re.compile(rb"(?m)^\.")


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


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where the mail server is, read from `smtp://user:password@host:port?starttls=required`."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit_tls: bool = False
    starttls: str = "auto"
    verify: bool = True

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an SMTP URL: `smtp` or `smtps`, `starttls=auto|required|never`, `verify=yes|no`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("The SMTP address must look like smtp://user:password@host:587 or smtps://host:465.")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if unknown := set(options) - {"starttls", "verify"}:
            raise ValueError(f"The SMTP address has an unknown option: {', '.join(sorted(unknown))}.")
        starttls = options.get("starttls", "auto")
        verify = options.get("verify", "yes")
        if starttls not in {"auto", "required", "never"} or verify not in {"yes", "no"}:
            raise ValueError("The SMTP address takes starttls=auto|required|never and verify=yes|no.")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=implicit,
            starttls=starttls,
            verify=verify == "yes",
        )

    def tls_context(self) -> ssl.SSLContext:
        """Trust the system's authorities, unless the address says verify=no."""
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class SmtpConnection:
    """Hand ready messages to one server over a connection that is opened when needed and then kept.

    Not for two threads at once: `kept()` gives each thread its own.
    """

    def __init__(
        self, url: str, *, command_timeout_s: float = COMMAND_TIMEOUT_S, accept_timeout_s: float = ACCEPT_TIMEOUT_S
    ):
        self.address = SmtpAddress.parse(url)
        self._command_timeout_s = command_timeout_s
        self._accept_timeout_s = accept_timeout_s
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, envelope_from: str, recipient: str, data: bytes) -> str:
        """Hand over one ready message (CRLF line ends) and return the server's words of acceptance.

        Raises MailRefused, MailDeferred, MailServerUnavailable, MailLost.
        """
        for address in (envelope_from, recipient):
            if _UNSAFE_IN_ADDRESS.search(address):
                raise MailRefused("5.1.3 The address contains a space, a bracket or a control character.", 553)
        smtp = self._begin(envelope_from, recipient)
        self._ask(smtp, f"RCPT TO:<{recipient}>", accepted=(250, 251))
        self._ask(smtp, "DATA", accepted=(354,))
        return self._hand_over(smtp, data)

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _begin(self, envelope_from: str, recipient: str) -> smtplib.SMTP:
        command = f"MAIL FROM:<{envelope_from}>"
        kept = self._smtp is not None
        while True:
            smtp = self._smtp or self._open()
            utf8 = not (envelope_from.isascii() and recipient.isascii())
            if utf8 and not smtp.has_extn("smtputf8"):
                raise MailRefused("5.6.7 The mail server does not take addresses with letters outside ASCII.", 553)
            smtp.command_encoding = "utf-8" if utf8 else "ascii"
            try:
                self._ask(smtp, f"{command} SMTPUTF8" if utf8 else command, accepted=(250,))
            except MailInterrupted:
                # A kept connection may have been closed by the server while nobody used it: that costs one more try.
                if not kept:
                    raise
                kept = False
            else:
                return smtp

    def _open(self) -> smtplib.SMTP:
        at = self.address
        timeout_s, name = self._command_timeout_s, _local_name()
        try:
            smtp = (
                smtplib.SMTP_SSL(at.host, at.port, name, timeout=timeout_s, context=at.tls_context())
                if at.implicit_tls
                # The local name is given, because looking up the machine's own name can take seconds.
                else smtplib.SMTP(at.host, at.port, name, timeout=timeout_s)
            )
        except (smtplib.SMTPException, OSError) as error:
            raise self._unusable(error) from error
        try:
            smtp.ehlo_or_helo_if_needed()
            self._secure(smtp)
            if at.user:
                smtp.login(at.user, at.password)
        except (smtplib.SMTPException, OSError, MailServerUnavailable) as error:
            smtp.close()
            if isinstance(error, MailServerUnavailable):
                raise
            raise self._unusable(error) from error
        self._smtp = smtp
        return smtp

    def _unusable(self, error: Exception) -> MailServerUnavailable:
        if isinstance(error, smtplib.SMTPResponseException):
            return MailServerUnavailable(_words(error.smtp_error), error.smtp_code)
        return MailServerUnavailable(f"The mail server {self.address.host}:{self.address.port} cannot be used: {error}")

    def _secure(self, smtp: smtplib.SMTP) -> None:
        at = self.address
        offered = smtp.has_extn("starttls")
        if not at.implicit_tls and at.starttls != "never" and offered:
            smtp.starttls(context=at.tls_context())
            smtp.ehlo()
        elif not at.implicit_tls and at.starttls == "required":
            raise MailServerUnavailable("The mail server does not offer STARTTLS, which the SMTP address requires.")
        elif not at.implicit_tls and at.starttls == "auto" and at.user and at.host not in LOOPBACK:
            raise MailServerUnavailable(
                "The mail server offers no encryption, and the password will not be sent in the clear. "
                "Add ?starttls=never to the SMTP address if that is what you want."
            )

    def _ask(self, smtp: smtplib.SMTP, command: str, *, accepted: tuple[int, ...]) -> None:
        try:
            code, raw = smtp.docmd(command)
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise MailInterrupted(_words(error.smtp_error), error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailInterrupted(f"The connection to the mail server broke: {error}") from error
        if code in accepted:
            return
        text = _words(raw)
        if not 400 <= code <= 599:
            self._drop()
            raise MailInterrupted(f"The mail server gave an answer that means nothing here: {text}", max(code, 0))
        if code == 421:
            self._drop()
        else:
            self._reset(smtp)
        if code in {530, 535, 538}:
            raise MailServerUnavailable(text, code)
        raise _answer(code, text)

    def _hand_over(self, smtp: smtplib.SMTP, data: bytes) -> str:
        quoted = _LINE_START_DOT.sub(b"..", data)
        ending = b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._accept_timeout_s)
            smtp.send(quoted + ending)
            code, raw = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._command_timeout_s)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailLost(f"The connection broke before the mail server answered: {error}") from error
        text = _words(raw)
        if code == 250:
            return text
        if code == 421:
            self._drop()
        if not 400 <= code <= 599:
            self._drop()
            raise MailLost(f"The mail server gave an answer that means nothing here: {text}", max(code, 0))
        raise _answer(code, text)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except (smtplib.SMTPException, OSError):
            code = 0
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


class _Kept(threading.local):
    connections: dict[tuple[int, str], SmtpConnection]

    def __init__(self) -> None:
        self.connections = {}


_kept = _Kept()


def kept(url: str) -> SmtpConnection:
    """Give this thread's connection to a server; a forked process starts with none of its parent's."""
    return _kept.connections.setdefault((os.getpid(), url), SmtpConnection(url))


def let_go() -> None:
    """Close what this thread has kept open; a thread that ends does it first."""
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
    connection = kept(url or settings.current().smtp_url)
    for recipient in recipients:
        connection.send(senders[0], recipient, data)


def _addresses(message: EmailMessage, header: str) -> list[str]:
    values: list[str] = []
    for value in message.get_all(header, []):
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        values += [address.addr_spec for address in addresses]
    return values


def _answer(code: int, text: str) -> MailError:
    if 400 <= code <= 499:
        return MailDeferred(text, code)
    return MailRefused(text, code)


def _words(raw: bytes | str) -> str:
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return " ".join(text.split())[:500]


def _local_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and "." in name else "localhost.localdomain"
