"""The SMTP door against a real server: what it hands over, and how it words each kind of failure."""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tcma import settings as process_settings
from tcma.infra import sandbox_smtp
from tcma.infra.mail import (
    MailDeferred,
    MailLost,
    MailRefused,
    MailServerUnavailable,
    SmtpAddress,
    SmtpConnection,
    deliver,
    let_go,
)
from tcma.infra.mail.opening import connect
from tcma.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Played(sandbox_smtp.SandboxHandler):
    """A sandbox that counts connections and can answer the final dot badly."""

    answer_to_data = ""
    sessions: set[int]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: ARG002, N802
        self.sessions = {*getattr(self, "sessions", set()), id(session)}
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        return self.answer_to_data or await super().handle_DATA(server, session, envelope)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Controller]:
    controller = Controller(Played(tmp_path / "mail"), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    yield controller
    with contextlib.suppress(AssertionError):
        controller.stop()


@pytest.fixture
def connection(sandbox: Controller) -> Iterator[SmtpConnection]:
    with SmtpConnection(f"smtp://127.0.0.1:{sandbox.port}", command_timeout_s=2, accept_timeout_s=0.5) as opened:
        yield opened


def kept(tmp_path: Path) -> list[str]:
    return [path.read_text() for path in sorted((tmp_path / "mail").glob("*.eml"))]


def test_a_message_arrives_byte_by_byte_with_its_envelope(connection: SmtpConnection, tmp_path: Path) -> None:
    connection.send(
        "bounce+1@svc.example", "ana@customer.example", b"Subject: Hi\r\n\r\n.dot first\r\nlast line without end"
    )
    (text,) = [path.read_bytes() for path in (tmp_path / "mail").glob("*.eml")]
    assert text.startswith(b"X-Envelope-From: bounce+1@svc.example\r\nX-Envelope-To: ana@customer.example\r\n")
    assert text.endswith(b"Subject: Hi\r\n\r\n.dot first\r\nlast line without end\r\n")


def test_one_connection_is_kept_for_many_messages(
    connection: SmtpConnection, sandbox: Controller, tmp_path: Path
) -> None:
    for number in range(50):
        connection.send("a@svc.example", f"c{number}@customer.example", b"Subject: x\r\n\r\nx\r\n")
    assert len(kept(tmp_path)) == 50
    assert len(sandbox.handler.sessions) == 1


def test_an_unknown_recipient_is_refused_and_the_next_one_still_arrives(
    connection: SmtpConnection, tmp_path: Path
) -> None:
    with pytest.raises(MailRefused) as refused:
        connection.send("a@svc.example", "gone+refused@customer.example", b"\r\nx\r\n")
    assert (refused.value.code, refused.value.enhanced_code) == (550, "5.1.1")
    connection.send("a@svc.example", "ana@customer.example", b"\r\nx\r\n")
    assert len(kept(tmp_path)) == 1


def test_a_busy_mailbox_is_a_delay(connection: SmtpConnection) -> None:
    with pytest.raises(MailDeferred) as deferred:
        connection.send("a@svc.example", "ana+busy@customer.example", b"\r\nx\r\n")
    assert deferred.value.code == 451
    connection.send("a@svc.example", "ana+busy@customer.example", b"\r\nx\r\n")


@pytest.mark.parametrize(("answer", "kind"), [("452 4.3.1 disk full", MailDeferred), ("554 5.7.1 spam", MailRefused)])
def test_the_answer_to_the_message_itself_counts_too(
    connection: SmtpConnection, sandbox: Controller, answer: str, kind: type[Exception]
) -> None:
    sandbox.handler.answer_to_data = answer
    with pytest.raises(kind):
        connection.send("a@svc.example", "ana@customer.example", b"\r\nx\r\n")


@pytest.mark.parametrize("address", ["ana@x.example\r\nDATA", "ana <a@x.example>", "a b@x.example", "ana@x.example\0"])
def test_an_address_cannot_smuggle_commands(connection: SmtpConnection, address: str) -> None:
    with pytest.raises(MailRefused):
        connection.send("a@svc.example", address, b"\r\nx\r\n")


def test_no_server_means_nothing_was_handed_over() -> None:
    with pytest.raises(MailServerUnavailable):
        SmtpConnection(f"smtp://127.0.0.1:{free_port()}").send("a@svc.example", "b@x.example", b"\r\nx\r\n")


def test_a_kept_connection_that_the_server_closed_is_opened_again(tmp_path: Path) -> None:
    port = free_port()
    first = Controller(Played(tmp_path / "mail"), hostname="127.0.0.1", port=port)
    first.start()
    with SmtpConnection(f"smtp://127.0.0.1:{port}") as connection:
        connection.send("a@svc.example", "ana@customer.example", b"\r\nx\r\n")
        first.stop()
        connection._smtp.sock.shutdown(socket.SHUT_RDWR)
        second = Controller(Played(tmp_path / "mail"), hostname="127.0.0.1", port=port)
        second.start()
        connection.send("a@svc.example", "ben@customer.example", b"\r\nx\r\n")
        second.stop()
    assert len(kept(tmp_path)) == 2


def scripted_server(answers: list[bytes], *, close: bool, host: str = "127.0.0.1") -> int:
    """Answer each line with the next answer; after the last, close or stay silent."""
    listener = socket.create_server((host, 0))

    def talk() -> None:
        peer, _ = listener.accept()
        with peer, listener:
            peer.sendall(b"220 ready\r\n")
            lines = peer.makefile("rb")
            for answer in answers:
                lines.readline()
                peer.sendall(answer)
            if not close:
                time.sleep(1.5)
            lines.readline()
            lines.close()

    threading.Thread(target=talk, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


UNTIL_DATA = [b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"]


@pytest.mark.parametrize("close", [True, False])
def test_silence_after_the_message_began_means_nobody_knows(close: bool) -> None:
    port = scripted_server(UNTIL_DATA, close=close)
    connection = SmtpConnection(f"smtp://127.0.0.1:{port}", command_timeout_s=2, accept_timeout_s=0.3)
    with pytest.raises(MailLost):
        connection.send("a@svc.example", "b@x.example", b"Subject: x\r\n\r\nx\r\n")
    connection.close()


def test_a_break_before_the_message_began_means_nothing_was_handed_over() -> None:
    port = scripted_server(UNTIL_DATA[:2], close=True)
    connection = SmtpConnection(f"smtp://127.0.0.1:{port}", command_timeout_s=2)
    with pytest.raises(MailServerUnavailable):
        connection.send("a@svc.example", "b@x.example", b"Subject: x\r\n\r\nx\r\n")


def test_a_password_is_not_sent_in_the_clear_to_a_far_host() -> None:
    port = scripted_server([b"250 no extensions\r\n"], close=True, host="127.0.0.2")
    far = SmtpAddress.parse(f"smtp://user:secret@127.0.0.2:{port}")
    with pytest.raises(MailServerUnavailable, match="in the clear"):
        connect(far, timeout_s=2)


def test_the_address_is_read_with_its_escapes() -> None:
    address = SmtpAddress.parse("smtps://us%40er:p%3Aw@mail.example?verify=no")
    assert (address.user, address.password, address.port) == ("us@er", "p:w", 465)
    assert address.implicit_tls
    assert not address.verify


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://x?starttls=maybe", "smtp://x?tls=1", "smtp://x?connections=0"]
)
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP address"):
        SmtpAddress.parse(url)


def test_a_transactional_mail_reaches_everybody_and_hides_bcc(
    world: None, settings: Settings, sandbox: Controller, tmp_path: Path
) -> None:
    process_settings.install(dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{sandbox.port}"))
    mail = EmailMessage()
    mail["From"] = "Portal <no-reply@svc.example>"
    mail["To"] = "Ana <ana@x.example>"
    mail["Bcc"] = "ben@x.example"
    mail["Subject"] = "Grüße"
    mail.set_content("Hallo\n")
    deliver(mail)
    let_go()
    process_settings.install(settings)
    texts = kept(tmp_path)
    assert len(texts) == 2
    assert all("\nBcc" not in text for text in texts)


def test_the_sandbox_reads_back_what_it_kept_and_no_other_file(connection: SmtpConnection, tmp_path: Path) -> None:
    connection.send("a@svc.example", "ana@x.example", b"Subject: One\r\n\r\n1\r\n")
    connection.send("a@svc.example", "ana@x.example", b"Subject: Two\r\n\r\n2\r\n")
    (tmp_path / "secret.eml").write_text("Subject: no\n\n")
    listed = sandbox_smtp.names(tmp_path / "mail")
    assert [mail.message["Subject"] for mail in sandbox_smtp.headers(tmp_path / "mail", listed)] == ["Two", "One"]
    found = sandbox_smtp.read(tmp_path / "mail", listed[0])
    assert found is not None
    assert found.message.get_content().strip() == "2"
    assert sandbox_smtp.read(tmp_path / "mail", "../secret") is None
    assert sandbox_smtp.read(tmp_path / "mail", "absent") is None
