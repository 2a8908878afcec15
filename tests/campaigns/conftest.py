"""A real mail server in a thread, and a worker that runs what was asked for until nothing is."""

import dataclasses
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tcma import settings as process_settings
from tcma.infra import mail
from tcma.infra.jobs import Errand, registered_jobs
from tcma.settings import Settings


@dataclass
class Caught:
    """One message that the server accepted."""

    sender: str
    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)


@dataclass
class Mailbox:
    """Keep what arrives; `answers` maps a recipient to the answers it gets before it is accepted."""

    caught: list[Caught] = field(default_factory=list)
    notices: list[Caught] = field(default_factory=list)  # what the service itself writes to its users
    answers: dict[str, list[str]] = field(default_factory=dict)
    on_data: Callable[[str], str | None] = lambda _recipient: None
    url: str = ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        waiting = self.answers.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        for recipient in envelope.rcpt_tos:
            if answer := self.on_data(recipient):
                return answer
            kind = self.notices if envelope.mail_from.startswith("no-reply@") else self.caught
            kind.append(Caught(envelope.mail_from, recipient, envelope.content))
        return "250 2.0.0 OK"

    @property
    def recipients(self) -> list[str]:
        return sorted(one.recipient for one in self.caught)

    def to(self, recipient: str) -> EmailMessage:
        (found,) = [one for one in self.caught if one.recipient == recipient]
        return found.message


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    process_settings.install(dataclasses.replace(settings, smtp_url=box.url))
    yield box
    mail.let_go()
    controller.stop()
    process_settings.install(settings)


@pytest.fixture
def work(world: None, errands: list[Errand]) -> Callable[..., int]:
    """Run what was asked for, and what that asks for, until nothing is left; return how many jobs ran."""

    def run(*, through: str = "") -> int:
        """Stop after a job of the name `through`, if there is one."""
        done = 0
        while errands:
            errand = errands.pop(0)
            registered_jobs()[errand.name](**errand.ids)
            done += 1
            if errand.name == through:
                break
        return done

    return run
