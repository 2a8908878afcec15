"""Where the mail server is, and how safely it has to be spoken to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

# Connections that one process keeps open to the server: their round trips overlap.
CONNECTIONS: Final = 4
MOST_CONNECTIONS: Final = 50


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
    connections: int = CONNECTIONS

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an SMTP URL (`smtp`, `smtps`); options `starttls=auto|required|never`, `verify=yes|no`, `connections=4`.

        Raises ValueError.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("The SMTP address must look like smtp://user:password@host:587 or smtps://host:465.")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if unknown := set(options) - {"starttls", "verify", "connections"}:
            raise ValueError(f"The SMTP address has an unknown option: {', '.join(sorted(unknown))}.")
        starttls = options.get("starttls", "auto")
        verify = options.get("verify", "yes")
        if starttls not in {"auto", "required", "never"} or verify not in {"yes", "no"}:
            raise ValueError("The SMTP address takes starttls=auto|required|never and verify=yes|no.")
        connections = options.get("connections", str(CONNECTIONS))
        if not connections.isdecimal() or not 1 <= int(connections) <= MOST_CONNECTIONS:
            raise ValueError(f"The SMTP address takes connections=1 to {MOST_CONNECTIONS}.")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=implicit,
            starttls=starttls,
            verify=verify == "yes",
            connections=int(connections),
        )

    def tls_context(self) -> ssl.SSLContext:
        """Trust the system's authorities, unless the address says verify=no."""
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
