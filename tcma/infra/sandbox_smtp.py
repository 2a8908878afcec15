"""A mail server for demonstrations and tests that keeps every message as a file and sends nothing on.

`python -m tcma.infra.sandbox_smtp --host 127.0.0.1 --port 2525 --directory /path` runs it as a process.
A few local parts play the awkward recipients: `refused@…` or `name+refused@…` is unknown (550), `name+busy@…` is busy
the first time and `name+greylisted@…` always (451).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default as default_policy
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from tcma.kernel import clock

MAX_MESSAGE_BYTES: Final = 25 * 1024 * 1024


class SandboxHandler:
    """Keep each accepted message as one file, written beside and then moved, so that a reader never sees half of it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._numbers = itertools.count()
        self._asked_once: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks after the SMTP command
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the recipient, unless the name asks to be refused."""
        _ = server, session, options
        local = address.rpartition("@")[0].lower()
        role = local.rpartition("+")[2]
        if role == "refused":
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        if role == "greylisted" or (role == "busy" and address not in self._asked_once):
            self._asked_once.add(address)
            return "451 4.2.1 The mailbox is busy, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        _ = server, session
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        name = f"{clock.now():%Y%m%dT%H%M%S%f}-{os.getpid()}-{next(self._numbers):07d}"
        part = self._directory / f".{name}.part"
        part.write_bytes(head.encode("utf-8") + data)
        part.rename(self._directory / f"{name}.eml")
        return f"250 2.0.0 kept as {name}"


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """Name one kept message and carry its parsed form (headers alone in a list)."""

    name: str
    message: EmailMessage


def names(directory: Path) -> list[str]:
    """List the kept messages, newest first."""
    with suppress(FileNotFoundError), os.scandir(directory) as entries:
        return sorted((entry.name[:-4] for entry in entries if _is_kept(entry.name)), reverse=True)
    return []


def headers(directory: Path, wanted: list[str]) -> Iterator[CaughtMail]:
    """Read the headers of the named messages; one that was deleted meanwhile is left out."""
    parser = BytesHeaderParser(policy=default_policy)
    for name in wanted:
        with suppress(FileNotFoundError), (directory / f"{name}.eml").open("rb") as file:
            yield CaughtMail(name, parser.parse(file))


def read(directory: Path, name: str) -> CaughtMail | None:
    """Read one kept message, or None when there is none of that name."""
    if not _is_kept(f"{name}.eml"):
        return None
    try:
        data = (directory / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return CaughtMail(name, message_from_bytes(data, policy=default_policy))


def _is_kept(file_name: str) -> bool:
    stem = file_name.removesuffix(".eml")
    return stem != file_name and stem.replace("-", "").replace("T", "").isalnum()


async def serve(host: str, port: int, directory: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    handler = SandboxHandler(directory)

    def protocol() -> SMTP:
        return SMTP(
            handler,
            data_size_limit=MAX_MESSAGE_BYTES,
            enable_SMTPUTF8=True,
            hostname="sandbox.localdomain",
            ident="mail sandbox, nothing is sent on",
            loop=loop,
        )

    server = await loop.create_server(protocol, host, port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="Keep every mail as a file, send nothing on.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--directory", type=Path, required=True)
    options = parser.parse_args(arguments)
    asyncio.run(serve(options.host, options.port, options.directory))


if __name__ == "__main__":
    main()
