"""Many mails over several connections: each gets its own answer, and what never left is never claimed to have."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tcma.infra.mail import Lanes, Mail, MailDeferred, MailError, MailInterrupted, MailLost, MailRefused

BODY = b"Subject: x\r\n\r\n.begins with a dot\r\n..\r\nends without"


class Server:
    """Speak SMTP on a socket of its own, one thread for each client; `answers` says otherwise where it has a word."""

    def __init__(self, *, extensions: bytes = b"250-sink\r\n250 PIPELINING\r\n") -> None:
        self.extensions = extensions
        self.answers: dict[bytes, bytes] = {}  # by the whole command, or "." and the recipient
        self.taken: list[tuple[str, bytes]] = []
        self.clients = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self.clients += 1
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer, suppress(OSError):
            lines = peer.makefile("rb")
            peer.sendall(b"220 ready\r\n")
            recipient = b""
            while line := lines.readline():
                command = line.strip()
                answer = self.answers.get(command)
                if command.startswith(b"EHLO"):
                    answer = self.extensions
                elif command.startswith(b"MAIL") or command == b"RSET":
                    recipient = b""
                elif command.startswith(b"RCPT") and (answer or b"250").startswith(b"250"):
                    recipient = command[9:-1]
                elif command == b"DATA" and answer is None:
                    answer = b"354 go on\r\n" if recipient else b"554 5.5.1 nobody to send it to\r\n"
                if answer == b"":
                    return
                peer.sendall(answer or b"250 2.0.0 yes\r\n")
                asked_for_it = command == b"DATA" and (answer or b"").startswith(b"354")
                if asked_for_it and not self._take(peer, lines, recipient):
                    return

    def _take(self, peer, lines, recipient: bytes) -> bool:
        message = b""
        while (line := lines.readline()) != b".\r\n":
            message += line.removeprefix(b".")
        answer = self.answers.get(b"." + recipient, b"250 2.0.0 kept\r\n")
        if answer.startswith(b"250") and recipient:
            self.taken.append((recipient.decode(), message))
        if answer:
            peer.sendall(answer)
        return bool(answer)


@contextmanager
def serving(**how: bytes) -> Iterator[Server]:
    server = Server(**how)
    yield server
    server.stop()


def mails(number: int) -> list[Mail]:
    return [Mail(index, "bounce@svc.example", f"c{index}@people.example", BODY) for index in range(number)]


def answers(server: Server, number: int, *, connections: int = 4) -> dict[int, str | MailError]:
    lanes = Lanes(f"{server.url}?connections={connections}")
    found = {mail.number: answer for mail, answer in lanes.send_each(mails(number))}
    lanes.close()
    return found


@pytest.mark.parametrize("connections", [1, 2, 4, 7])
@pytest.mark.parametrize("extensions", [b"250-sink\r\n250 PIPELINING\r\n", b"250 sink\r\n"])
def test_every_mail_arrives_once_as_it_was_over_so_many_connections(connections: int, extensions: bytes) -> None:
    with serving(extensions=extensions) as server:
        found = answers(server, 23, connections=connections)
        assert found == dict.fromkeys(range(23), "2.0.0 kept")
        assert Counter(server.taken) == {(f"c{index}@people.example", BODY + b"\r\n"): 1 for index in range(23)}
        assert server.clients == min(connections, 23)


@pytest.mark.parametrize("extensions", [b"250-sink\r\n250 PIPELINING\r\n", b"250 sink\r\n"])
@pytest.mark.parametrize(
    ("command", "answer", "kind"),
    [
        (b"RCPT TO:<c5@people.example>", b"550 5.1.1 no such user\r\n", MailRefused),
        (b"RCPT TO:<c5@people.example>", b"451 4.2.1 busy\r\n", MailDeferred),
        (b"RCPT TO:<c5@people.example>", b"421 4.3.2 going away\r\n", MailDeferred),
        (b"RCPT TO:<c5@people.example>", b"", MailInterrupted),
        (b".c5@people.example", b"554 5.7.1 spam\r\n", MailRefused),
    ],
)
def test_one_bad_answer_is_about_one_mail_alone(
    extensions: bytes, command: bytes, answer: bytes, kind: type[MailError]
) -> None:
    with serving(extensions=extensions) as server:
        server.answers[command] = answer
        found = answers(server, 12)
        assert isinstance(found.pop(5), kind)
        assert found == {index: "2.0.0 kept" for index in range(12) if index != 5}
        assert sorted(recipient for recipient, _ in server.taken) == sorted(
            f"c{index}@people.example" for index in range(12) if index != 5
        )


def test_a_server_that_asks_for_the_message_without_a_recipient_gets_an_empty_one_for_nobody() -> None:
    with serving() as server:
        server.answers[b"RCPT TO:<c1@people.example>"] = b"550 5.1.1 no such user\r\n"
        server.answers[b"DATA"] = b"354 go on\r\n"
        found = answers(server, 3, connections=1)
        assert isinstance(found[1], MailRefused)
        assert sorted(recipient for recipient, _ in server.taken) == ["c0@people.example", "c2@people.example"]


def test_a_mail_without_an_answer_stops_the_rest_and_what_was_not_named_never_left() -> None:
    with serving() as server:
        server.answers[b".c6@people.example"] = b""
        found = answers(server, 40)
        assert isinstance(found[6], MailLost)
        left = {f"c{index}@people.example" for index, answer in found.items() if answer == "2.0.0 kept"}
        assert {recipient for recipient, _ in server.taken} == left
        assert len(found) < 40


def test_a_server_that_is_away_yields_nothing() -> None:
    with serving() as server:
        url = server.url
    assert list(Lanes(url).send_each(mails(3))) == []


def test_connections_that_the_server_closed_while_nobody_used_them_are_opened_again() -> None:
    with serving() as server:
        lanes = Lanes(server.url)
        assert len(list(lanes.send_each(mails(8)))) == 8
        for connection in lanes._connections:
            connection._smtp.sock.shutdown(socket.SHUT_RDWR)
        assert [answer for _, answer in lanes.send_each(mails(8))] == ["2.0.0 kept"] * 8
        lanes.close()
        assert Counter(recipient for recipient, _ in server.taken).most_common(1)[0][1] == 2
