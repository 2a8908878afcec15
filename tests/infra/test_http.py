"""The door to other people's servers: where it may lead, and what it says when they fail."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tcma.infra import http
from tests.speaking import Said, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    http.configure(allow_loopback=True)
    with serving() as one:
        yield one
    http.configure(allow_loopback=False)


def resolve_to(monkeypatch, *addresses: str) -> None:
    family = {4: socket.AF_INET, 6: socket.AF_INET6}
    found = [
        (family[ipaddress.ip_address(address).version], socket.SOCK_STREAM, 6, "", (address, 443))
        for address in addresses
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    "url",
    [
        "http://social.example/",
        "ftp://social.example/",
        "file:///etc/passwd",
        "https://user:word@social.example/",
        "https://social.example:8443/",
        "https://social.example:99999/",
        "https://",
        "nothing",
        "http://[::1",
    ],
)
def test_only_public_addresses_with_tls_are_gone_to(url, monkeypatch) -> None:
    resolve_to(monkeypatch, "93.184.215.14")
    with pytest.raises(http.AddressRefused):
        http.send("GET", url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
    ],
)
def test_a_name_that_leads_inside_is_refused(address, monkeypatch) -> None:
    resolve_to(monkeypatch, address)
    with pytest.raises(http.AddressRefused):
        http.send("GET", "https://social.example/")


def test_one_address_inside_among_public_ones_is_enough_to_refuse(monkeypatch) -> None:
    resolve_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(http.AddressRefused):
        http.send("GET", "https://social.example/")


def test_this_machine_is_refused_unless_a_test_allows_it() -> None:
    with serving() as server, pytest.raises(http.AddressRefused):
        http.send("GET", server.url)


def test_an_answer_comes_back_whatever_its_status(server) -> None:
    server.answers["GET /teapot"] = Said({"short": True}, 418, {"Retry-After": "7"})
    answer = http.send("GET", f"{server.url}/teapot", params={"q": "ä&b"}, headers={"Authorization": "Bearer t"})
    assert (answer.status, answer.json(), answer.headers["retry-after"]) == (418, {"short": True}, "7")
    assert server.asked[0].query == {"q": "ä&b"}
    assert server.asked[0].token == "t"


def test_the_server_reads_the_name_that_was_asked_for_though_it_is_reached_by_number(server) -> None:
    port = server.url.rpartition(":")[2]
    http.send("GET", f"http://localhost:{port}/")
    assert server.asked[0].headers["host"] == f"localhost:{port}"


def test_json_forms_and_files_arrive(server) -> None:
    server.answers |= {"POST /a": {}, "POST /b": {}, "POST /c": {}}
    http.send("POST", f"{server.url}/a", body={"text": "Grüße"})
    http.send("POST", f"{server.url}/b", form={"code": "x y"})
    picture = http.File("picture.png", "image/png", b"PNG")
    http.send("POST", f"{server.url}/c", form={"description": "A boat"}, files={"file": picture})
    as_json, as_form, with_file = server.asked
    assert as_json.json == {"text": "Grüße"}
    assert as_form.form == {"code": "x y"}
    assert b'name="file"; filename="picture.png"' in with_file.body
    assert b"A boat" in with_file.body


def test_a_redirect_is_not_followed(server) -> None:
    server.answers["GET /here"] = Said({}, 302, {"Location": "http://169.254.169.254/latest"})
    assert http.send("GET", f"{server.url}/here").status == 302
    assert len(server.asked) == 1


def test_a_host_that_is_not_there_is_told_from_one_that_does_not_answer(server) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(http.HostUnavailable):
            http.send("POST", f"http://127.0.0.1:{nobody.getsockname()[1]}/")
    server.answers["POST /post"] = Said(hang=True)
    with pytest.raises(http.OutcomeUnknown):
        http.send("POST", f"{server.url}/post", body={}, timeout_s=0.2)
    assert len(server.asked) == 1


def test_a_server_that_dribbles_is_cut_off_at_the_deadline(monkeypatch) -> None:
    """Each byte comes in time, the whole never does: a timeout for each read alone would wait for ever."""
    http.configure(allow_loopback=True)
    listener = socket.create_server(("127.0.0.1", 0))
    with serving() as ours:
        stop = ours.over

        def dribble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble)
        thread.start()
        with pytest.raises(http.OutcomeUnknown):
            http.send("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout_s=0.3)
        stop.set()
        thread.join()
    listener.close()
    http.configure(allow_loopback=False)


def test_an_answer_without_end_is_not_read_to_its_end(server) -> None:
    server.answers["GET /long"] = Said(b"x" * 5000)
    with pytest.raises(http.OutcomeUnknown):
        http.send("GET", f"{server.url}/long", most_bytes=1000)


@contextmanager
def speaking_tls(folder: Path, name: str, monkeypatch) -> Iterator[Server]:
    """A server whose certificate is for a name, and for no number; the door trusts whoever signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(path)
    theirs = ssl.create_default_context(cafile=str(path))
    monkeypatch.setattr(http, "_tls", lambda: theirs)
    http.configure(allow_loopback=True)
    with serving({"GET /": {"well": True}}, tls=ours) as server:
        yield server
    http.configure(allow_loopback=False)


def test_the_certificate_is_checked_for_the_name_though_the_host_is_reached_by_number(tmp_path, monkeypatch) -> None:
    with speaking_tls(tmp_path, "localhost", monkeypatch) as server:
        port = server.url.rpartition(":")[2]
        assert http.send("GET", f"https://localhost:{port}/").json() == {"well": True}
        with pytest.raises(http.HostUnavailable):
            http.send("GET", f"https://127.0.0.1:{port}/")


def test_a_certificate_for_another_name_is_not_enough(tmp_path, monkeypatch) -> None:
    with speaking_tls(tmp_path, "elsewhere.example", monkeypatch) as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(http.HostUnavailable):
            http.send("POST", f"https://localhost:{port}/", body={"secret": 1})
        assert server.asked == []


def test_a_server_is_reached_by_the_newer_kind_of_number_too(monkeypatch) -> None:
    http.configure(allow_loopback=True)
    with serving({"GET /": {"well": True}}, host="::1") as server:
        assert http.send("GET", server.url).json() == {"well": True}
        assert server.asked[0].headers["host"] == server.url.removeprefix("http://")
    http.configure(allow_loopback=False)


def test_a_plain_server_where_tls_is_expected_stops_everything_before_anything_left(server, monkeypatch) -> None:
    port = server.url.rpartition(":")[2]
    with pytest.raises(http.HostUnavailable):
        http.send("POST", f"https://127.0.0.1:{port}/", body={"secret": 1})
    assert server.asked == []
