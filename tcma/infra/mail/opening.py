"""How a connection to a mail server is opened: encrypted where it can be, and never with a password in the clear."""

from __future__ import annotations

import smtplib
import socket

from tcma.infra.mail.address import LOOPBACK, SmtpAddress
from tcma.infra.mail.errors import MailServerUnavailable


def connect(at: SmtpAddress, *, timeout_s: float) -> smtplib.SMTP:
    """Open a connection, encrypt it and sign in. Raises MailServerUnavailable."""
    name = _local_name()
    try:
        smtp = (
            smtplib.SMTP_SSL(at.host, at.port, name, timeout=timeout_s, context=at.tls_context())
            if at.implicit_tls
            # The local name is given, because looking up the machine's own name can take seconds.
            else smtplib.SMTP(at.host, at.port, name, timeout=timeout_s)
        )
    except (smtplib.SMTPException, OSError) as error:
        raise _unusable(at, error) from error
    try:
        smtp.ehlo_or_helo_if_needed()
        _secure(at, smtp)
        if at.user:
            smtp.login(at.user, at.password)
    except (smtplib.SMTPException, OSError, MailServerUnavailable) as error:
        smtp.close()
        if isinstance(error, MailServerUnavailable):
            raise
        raise _unusable(at, error) from error
    return smtp


def words(raw: bytes | str) -> str:
    """Return a server's answer as one short line."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return " ".join(text.split())[:500]


def _secure(at: SmtpAddress, smtp: smtplib.SMTP) -> None:
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


def _unusable(at: SmtpAddress, error: Exception) -> MailServerUnavailable:
    if isinstance(error, smtplib.SMTPResponseException):
        return MailServerUnavailable(words(error.smtp_error), error.smtp_code)
    return MailServerUnavailable(f"The mail server {at.host}:{at.port} cannot be used: {error}")


def _local_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and "." in name else "localhost.localdomain"
