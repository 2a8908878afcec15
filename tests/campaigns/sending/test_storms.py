"""Bad weather: a server that is busy for a third of its recipients, one that hangs, clocks that are set in between."""

import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.launches import tasks as launch_tasks
from campaigns.sending import rules, tasks
from tcma.infra import mail
from tcma.infra.db import reading, session, transaction
from tcma.infra.mail import SmtpConnection, lanes, providers
from tcma.kernel import clock
from tests.factories import kits
from tests.factories.launches import Scene, scene

RECIPIENTS = 60


def launched(made: Scene, **fields):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, **fields)


def states(made: Scene) -> Counter[str]:
    with reading(made.partner):
        return Counter(session.scalars(text("SELECT state FROM deliveries")))


def test_a_server_that_is_busy_for_a_third_of_all_mails_loses_nobody(world, errands, mailbox, work):
    made = scene(kits.email_touch, contacts=RECIPIENTS)
    for number in range(RECIPIENTS):
        if number % 10 < 3:
            # Busy at first, then throttled, then it takes the mail.
            mailbox.answers[f"person{number}@example.com"] = ["451 4.2.1 busy", "454 4.7.0 too fast"]
    launched(made)
    work()
    assert states(made) == {"sent": RECIPIENTS * 7 // 10, "deferred": RECIPIENTS * 3 // 10}
    at = clock.now()
    for attempts in (1, 2):
        at += rules.back_off(attempts, 1) + timedelta(seconds=1)
        with clock.frozen(at):
            tasks.sweep()
            work()
    sys.stdout.write(f"30 % busy: {dict(states(made))}, {len(mailbox.caught)} mails\n")
    assert states(made) == {"sent": RECIPIENTS}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == RECIPIENTS


class Hanging:
    """Take every message and never say a word about it."""

    def __init__(self) -> None:
        self.begun: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}?connections=2"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._talk, args=(self._listener.accept()[0],), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer, suppress(OSError), peer.makefile("rb") as lines:
            peer.sendall(b"220 ready\r\n")
            while line := lines.readline():
                command = line.strip()
                if command.startswith(b"RCPT"):
                    self.begun.append(command)
                if command == b"DATA":
                    peer.sendall(b"354 go on\r\n")
                    while lines.readline():
                        pass
                    return
                peer.sendall(b"250 yes\r\n")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def hanging(monkeypatch) -> Iterator[Hanging]:
    server = Hanging()
    patience = {"command_timeout_s": 5.0, "accept_timeout_s": 0.2}
    monkeypatch.setattr(SmtpConnection.__init__, "__kwdefaults__", patience)
    monkeypatch.setattr(lanes, "HURRIED_TIMEOUT_S", 0.1)
    yield server
    server.close()
    mail.let_go()


def test_a_server_that_hangs_leaves_a_few_unknown_and_holds_back_all_others(  # noqa: PLR0917 - fixtures
    world, errands, mailbox, work, hanging, monkeypatch
):
    made = scene(kits.email_touch, contacts=RECIPIENTS)
    work()
    with monkeypatch.context() as patch:
        patch.setattr(providers, "listed", lambda: providers.read(hanging.url))
        launched(made)
        work()
    unknown = states(made)["unknown"]
    assert 1 <= unknown <= 4, "at most what was under way on its connections"
    assert states(made)["sent"] == 0
    with clock.frozen(clock.now() + rules.OUTAGE_PAUSE * 2):
        tasks.sweep()
        work()
    sys.stdout.write(f"hanging server: {dict(states(made))}, {len(mailbox.caught)} mails by the next one\n")
    assert states(made) == {"sent": RECIPIENTS - unknown, "unknown": unknown}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == RECIPIENTS - unknown


# What the clocks of three continents do in 2027, and the one instant at which each wall time leaves (RFC 5545).
CHANGES = [
    ("Europe/Berlin", "2027-03-28T02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ("Europe/Berlin", "2027-10-31T02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ("America/New_York", "2027-03-14T02:30", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
    ("America/New_York", "2027-11-07T01:30", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
    ("Australia/Sydney", "2027-10-03T02:30", datetime(2027, 10, 2, 16, 30, tzinfo=UTC)),
    ("Australia/Sydney", "2027-04-04T02:30", datetime(2027, 4, 3, 15, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "wall", "instant"), CHANGES)
def test_a_mail_for_an_hour_that_the_clocks_skip_or_repeat_leaves_once(  # noqa: PLR0917 - one row of the table
    world, errands, mailbox, work, zone, wall, instant
):
    with clock.frozen(instant - timedelta(days=2)):
        made = scene(kits.email_touch, contacts=2, time_zone=zone)
        launched(made, starts_at_local=datetime.fromisoformat(wall))
        work()
    for minutes in (-61, -1, 0, 1, 59, 61, 120, 180):
        with clock.frozen(instant + timedelta(minutes=minutes)):
            launch_tasks.tick()
            tasks.sweep()
            work()
        assert len(mailbox.caught) == (0 if minutes < 0 else 2), minutes
    assert states(made) == {"sent": 2}
