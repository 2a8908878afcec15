"""The process that takes in what comes back: `python -m tcma.mailbox` listens at TCMA_FEEDBACK_LISTEN.

It speaks SMTP, or LMTP where the address says so, to the operator's mail server, which sends on what comes to the
return paths. It is not meant for the open network.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from campaigns.feedback.mailbox import Mailbox
from campaigns.feedback.rules import LARGEST_BYTES
from tcma.frame import make_app
from tcma.settings import Settings


class _Listening(Controller):
    """Listen as the scheme of an address says."""

    def __init__(self, mailbox: Mailbox, address: str) -> None:
        parts = urlsplit(address)
        self._speaks = LMTP if parts.scheme == "lmtp" else SMTP
        super().__init__(mailbox, hostname=parts.hostname, port=parts.port or 24)

    def factory(self) -> SMTP:
        """Return who talks to one client."""
        return self._speaks(self.handler, data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True, ident="TCMA")


def listen(address: str, mailbox: Mailbox) -> Controller:
    """Begin to listen at `smtp://host:port` or `lmtp://host:port`; whoever called this stops it."""
    controller = _Listening(mailbox, address)
    controller.start()
    return controller


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = Settings.from_environment(os.environ)
    if not settings.feedback_listen:
        sys.stderr.write("TCMA_FEEDBACK_LISTEN says where to listen, such as lmtp://127.0.0.1:2424.\n")
        return 1
    controller = listen(settings.feedback_listen, Mailbox(make_app(settings)))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
