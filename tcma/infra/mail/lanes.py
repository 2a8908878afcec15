"""Many messages over several kept connections at once: while one waits for its answer, the next are on their way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tcma.infra.mail.connection import SmtpConnection
from tcma.infra.mail.errors import MailError, MailInterrupted, MailLost, MailServerUnavailable

# Once one connection has given no answer in its full time, the others need not be waited for as long.
HURRIED_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Mail:
    """One ready message (CRLF line ends) and its envelope; `number` says which one it is to whoever asked."""

    number: int
    envelope_from: str
    recipient: str
    data: bytes


Answered = tuple[Mail, str | MailError]


class Lanes:
    """Hand messages to one server over as many connections as its address says. Not for two threads at once."""

    def __init__(self, url: str) -> None:
        first = SmtpConnection(url)
        self._connections = [first, *(SmtpConnection(url) for _ in range(first.address.connections - 1))]

    def send_each(self, mails: Iterable[Mail]) -> Iterator[Answered]:
        """Hand over each message and yield it with the server's words of acceptance, or with what went wrong.

        Not always in the order given. It ends early when the server is away or leaves a message without an answer:
        the messages that were not yielded by then never left.
        """
        traffic = _Traffic(self._connections)
        for mail in mails:
            while not traffic.free and not traffic.stopped:
                traffic.advance()
            if traffic.stopped:
                break
            traffic.offer(mail)
            yield from traffic.collect()
        traffic.finish()
        yield from traffic.collect()

    def close(self) -> None:
        """Say goodbye on every connection."""
        for connection in self._connections:
            connection.close()


@dataclass(frozen=True, slots=True)
class _Underway:
    mail: Mail
    connection: SmtpConnection


class _Traffic:
    """Which connection stands at which of the three steps of its message, and what has come of others."""

    def __init__(self, connections: Sequence[SmtpConnection]) -> None:
        self.free = deque(connections)
        self.stopped = False
        self._offered: deque[_Underway] = deque()
        self._handed: deque[_Underway] = deque()
        self._answered: list[Answered] = []
        # Half of the connections wait for their envelope to be taken, the other half for their message.
        self._ahead = len(connections) // 2
        self._timeout_s: float | None = None

    def offer(self, mail: Mail) -> None:
        connection = self.free.popleft()
        try:
            connection.offer(mail.envelope_from, mail.recipient)
        except MailError as error:
            self._fail(_Underway(mail, connection), error)
        else:
            self._offered.append(_Underway(mail, connection))

    def advance(self) -> None:
        """Bring the connection that has waited longest one step on."""
        if len(self._offered) > self._ahead or not self._handed:
            self._hand()
        else:
            self._answer()

    def finish(self) -> None:
        """Bring to an end what is under way; once stopped, what has not begun to leave does not."""
        while self._offered and not self.stopped:
            self._hand()
        for underway in self._offered:
            underway.connection.drop()
        while self._handed:
            self._answer()

    def collect(self) -> list[Answered]:
        answered, self._answered = self._answered, []
        return answered

    def _hand(self) -> None:
        underway = self._offered.popleft()
        try:
            underway.connection.hand(underway.mail.data)
        except MailError as error:
            self._fail(underway, error)
        else:
            self._handed.append(underway)

    def _answer(self) -> None:
        underway = self._handed.popleft()
        try:
            words = underway.connection.answer(timeout_s=self._timeout_s)
        except MailError as error:
            self._fail(underway, error)
        else:
            self._answered.append((underway.mail, words))
            self.free.append(underway.connection)

    def _fail(self, underway: _Underway, error: MailError) -> None:
        self.free.append(underway.connection)
        if isinstance(error, MailServerUnavailable) and not isinstance(error, MailInterrupted):
            # Not this message's fault: it never left, like all that were not yielded.
            self.stopped = True
            return
        self._answered.append((underway.mail, error))
        if isinstance(error, MailLost):
            self.stopped, self._timeout_s = True, HURRIED_TIMEOUT_S
