"""The SMTP door over TLS, with sign-in: encryption is used when offered, and a wrong certificate stops everything."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tcma.infra.mail import MailServerUnavailable, SmtpConnection
from tcma.infra.sandbox_smtp import SandboxHandler

MESSAGE = b"Subject: x\r\n\r\nx\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def authenticator(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    known = (data.login, data.password) == (b"svc", b"p:w@rd")
    return AuthResult(success=known, handled=known)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def starttls(certificate: Path, tmp_path: Path) -> Iterator[int]:
    port = free_port()
    controller = Controller(
        SandboxHandler(tmp_path / "mail"),
        hostname="127.0.0.1",
        port=port,
        tls_context=server_context(certificate),
        require_starttls=True,
        auth_required=True,
        authenticator=authenticator,
    )
    controller.start()
    yield port
    controller.stop()


def kept(tmp_path: Path) -> int:
    return len(list((tmp_path / "mail").glob("*.eml")))


def test_it_encrypts_before_it_signs_in(starttls: int, tmp_path: Path) -> None:
    with SmtpConnection(f"smtp://svc:p%3Aw%40rd@127.0.0.1:{starttls}?starttls=required&verify=no") as connection:
        connection.send("a@svc.example", "ana@x.example", MESSAGE)
        assert isinstance(connection._smtp.sock, ssl.SSLSocket)
    assert kept(tmp_path) == 1


def test_a_certificate_that_nobody_vouches_for_stops_everything(starttls: int, tmp_path: Path) -> None:
    with pytest.raises(MailServerUnavailable, match="certificate"):
        SmtpConnection(f"smtp://svc:p%3Aw%40rd@127.0.0.1:{starttls}").send("a@svc.example", "ana@x.example", MESSAGE)
    assert kept(tmp_path) == 0


def test_a_certificate_that_the_machine_trusts_is_enough(
    starttls: int, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with SmtpConnection(f"smtp://svc:p%3Aw%40rd@127.0.0.1:{starttls}?starttls=required") as connection:
        connection.send("a@svc.example", "ana@x.example", MESSAGE)
    assert kept(tmp_path) == 1


def test_a_wrong_password_is_nobodys_attempt(starttls: int) -> None:
    with pytest.raises(MailServerUnavailable) as refused:
        SmtpConnection(f"smtp://svc:wrong@127.0.0.1:{starttls}?verify=no").send("a@s.example", "b@x.example", MESSAGE)
    assert refused.value.code == 535
    assert "wrong" not in str(refused.value)


def test_required_encryption_that_is_not_offered_stops_everything(tmp_path: Path) -> None:
    controller = Controller(SandboxHandler(tmp_path / "mail"), hostname="127.0.0.1", port=free_port())
    controller.start()
    with pytest.raises(MailServerUnavailable, match="STARTTLS"):
        SmtpConnection(f"smtp://127.0.0.1:{controller.port}?starttls=required").send("a@s", "b@x", MESSAGE)
    controller.stop()


def test_implicit_tls_works_from_the_first_byte(certificate: Path, tmp_path: Path) -> None:
    controller = Controller(
        SandboxHandler(tmp_path / "mail"),
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=server_context(certificate),
    )
    controller.start()
    with SmtpConnection(f"smtps://127.0.0.1:{controller.port}?verify=no") as connection:
        connection.send("a@svc.example", "ana@x.example", MESSAGE)
    controller.stop()
    assert kept(tmp_path) == 1
