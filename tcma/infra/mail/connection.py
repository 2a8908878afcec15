"""One SMTP connection that is opened when needed and then kept; a message takes it in three steps.

`offer` names sender and recipient, `hand` gives the message, `answer` reads what became of it. Where the server allows
it (RFC 2920, PIPELINING), `offer` does not wait, so that whoever has several connections never stands still.
"""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from tcma.infra.mail.address import SmtpAddress
from tcma.infra.mail.errors import (
    MailDeferred,
    MailError,
    MailInterrupted,
    MailLost,
    MailRefused,
    MailServerUnavailable,
)
from tcma.infra.mail.opening import connect, words

COMMAND_TIMEOUT_S: Final = 20.0
# RFC 5321 4.5.3.2.6 asks for ten minutes after the final dot; a worker cannot stand still that long.
ACCEPT_TIMEOUT_S: Final = 60.0

_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")
# What each command of an envelope is answered with when all is well: MAIL, RCPT, DATA.
_GOOD: Final = ({250}, {250, 251}, {354})

Reply = tuple[int, bytes]


class SmtpConnection:
    """Hand ready messages to one server. Not for two threads at once."""

    def __init__(
        self, url: str, *, command_timeout_s: float = COMMAND_TIMEOUT_S, accept_timeout_s: float = ACCEPT_TIMEOUT_S
    ):
        self.address = SmtpAddress.parse(url)
        self._command_timeout_s = command_timeout_s
        self._accept_timeout_s = accept_timeout_s
        self._smtp: smtplib.SMTP | None = None
        self._envelope: tuple[bytes, ...] = ()
        self._is_ascii = True
        # A connection kept from before may have been closed by the server meanwhile: that costs one more try.
        self._may_be_stale = False

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
        self.offer(envelope_from, recipient)
        self.hand(data)
        return self.answer()

    def offer(self, envelope_from: str, recipient: str) -> None:
        """Begin a message. Raises MailRefused for an address that cannot be one, MailServerUnavailable."""
        for address in (envelope_from, recipient):
            if _UNSAFE_IN_ADDRESS.search(address):
                raise MailRefused("5.1.3 The address contains a space, a bracket or a control character.", 553)
        self._is_ascii = envelope_from.isascii() and recipient.isascii()
        more = "" if self._is_ascii else " SMTPUTF8"
        self._envelope = (
            f"MAIL FROM:<{envelope_from}>{more}\r\n".encode(),
            f"RCPT TO:<{recipient}>\r\n".encode(),
            b"DATA\r\n",
        )
        self._may_be_stale = self._smtp is not None
        try:
            self._name_envelope()
        except MailInterrupted as error:
            self._name_again(error)

    def hand(self, data: bytes) -> None:
        """Give the message (CRLF line ends) to a server that has taken sender and recipient.

        Raises MailRefused, MailDeferred, MailServerUnavailable; MailLost once the message began to leave.
        """
        try:
            replies = self._replies()
        except MailInterrupted as error:
            self._name_again(error)
            replies = self._replies()
        for (code, raw), good in zip(replies, _GOOD, strict=False):
            if code not in good:
                self._give_up_envelope(replies, ends=_says_goodbye(code))
                raise _refusal(code, raw)
        # A line that begins with a dot gets a second one, so that none ends the message (RFC 5321 4.5.2).
        quoted = data.replace(b"\n.", b"\n..")
        if quoted.startswith(b"."):
            quoted = b"." + quoted
        ending = b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._live().send(quoted + ending)
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise MailLost(f"The connection broke while the message was leaving: {error}") from error

    def answer(self, *, timeout_s: float | None = None) -> str:
        """Return the server's words of acceptance. Raises MailRefused, MailDeferred, MailLost."""
        smtp = self._live()
        try:
            _wait_at_most(smtp, self._accept_timeout_s if timeout_s is None else timeout_s)
            code, raw = smtp.getreply()
            _wait_at_most(smtp, self._command_timeout_s)
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise MailLost(f"The connection broke before the mail server answered: {error}") from error
        text = words(raw)
        if code == 250:
            return text
        if code == 421 or not 400 <= code <= 599:
            self.drop()
        if not 400 <= code <= 599:
            raise MailLost(f"The mail server gave an answer that means nothing here: {text}", max(code, 0))
        raise _meaning(code, text)

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def drop(self) -> None:
        """Close without a word, as one has to when an answer is still owed."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _name_again(self, error: MailInterrupted) -> None:
        if not self._may_be_stale:
            raise error
        self._may_be_stale = False
        self._name_envelope()

    def _name_envelope(self) -> None:
        smtp = self._open()
        if not self._is_ascii and not smtp.has_extn("smtputf8"):
            raise MailRefused("5.6.7 The mail server does not take addresses with letters outside ASCII.", 553)
        if smtp.has_extn("pipelining"):
            self._write(smtp, b"".join(self._envelope))

    def _replies(self) -> list[Reply]:
        """Return the answers to the envelope, up to the first after which nothing more comes."""
        smtp = self._live()
        pipelined = smtp.has_extn("pipelining")
        replies: list[Reply] = []
        for command, good in zip(self._envelope, _GOOD, strict=True):
            if not pipelined:
                self._write(smtp, command)
            code, words = self._reply(smtp)
            replies.append((code, words))
            if code not in good and (not pipelined or _says_goodbye(code)):
                break
        return replies

    def _give_up_envelope(self, replies: list[Reply], *, ends: bool) -> None:
        """Leave the connection as if this recipient had never been named."""
        smtp = self._live()
        try:
            if len(replies) == len(_GOOD) and replies[-1][0] in _GOOD[-1]:
                # It waits for a message though it took no recipient: an empty one, for nobody (RFC 2920 3.1).
                smtp.send(b".\r\n")
                smtp.getreply()
            if ends or smtp.rset()[0] != 250:
                self.drop()
        except (smtplib.SMTPException, OSError):
            self.drop()

    def _open(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = connect(self.address, timeout_s=self._command_timeout_s)
        return self._smtp

    def _live(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise MailInterrupted("The connection to the mail server is closed.")
        return self._smtp

    def _write(self, smtp: smtplib.SMTP, data: bytes) -> None:
        try:
            smtp.send(data)
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise MailInterrupted(f"The connection to the mail server broke: {error}") from error

    def _reply(self, smtp: smtplib.SMTP) -> Reply:
        try:
            return smtp.getreply()
        except smtplib.SMTPResponseException as error:
            self.drop()
            raise MailInterrupted(words(error.smtp_error), error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise MailInterrupted(f"The connection to the mail server broke: {error}") from error


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _says_goodbye(code: int) -> bool:
    """Tell whether a bad answer is the last one on its connection: 421, or one that means nothing here."""
    return code == 421 or not 400 <= code <= 599


def _refusal(code: int, raw: bytes) -> MailError:
    text = words(raw)
    if not 400 <= code <= 599:
        return MailInterrupted(f"The mail server gave an answer that means nothing here: {text}", max(code, 0))
    if code in {530, 535, 538}:
        return MailServerUnavailable(text, code)
    return _meaning(code, text)


def _meaning(code: int, text: str) -> MailError:
    return MailDeferred(text, code) if 400 <= code <= 499 else MailRefused(text, code)
