"""The one door to other people's servers over HTTP: where it may lead, for how long, and three ways to fail.

An address that leads inside is refused (`AddressRefused`), a host that is not reached is told from one that was
(`HostUnavailable`: surely nothing happened), and a request that left without an answer is neither (`OutcomeUnknown`:
nobody knows whether it had its effect, so the caller may not simply repeat it).
"""

import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tcma.kernel.errors import Invalid, Unavailable

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Addresses of one host that are tried, one after the other, as long as nothing has left.
MOST_ADDRESSES = 3
LONGEST_CONNECT_S = 10.0


class AddressRefused(Invalid):
    """Report an address that the service does not go to."""

    code = "address_refused"
    message = "The service does not go to this address. It takes public addresses that begin with https://."


class HostUnavailable(Unavailable):
    """Report a host that could not be reached: nothing has left."""

    code = "host_unavailable"
    message = "The other server is not answering. Nothing was sent to it."


class OutcomeUnknown(Unavailable):
    """Report a request that left and was not answered: it may have had its effect, or not."""

    code = "outcome_unknown"
    message = "The other server did not answer in time, so it is not known what became of this."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the body as JSON, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a form."""

    name: str
    media_type: str
    data: bytes


_loopback_allowed = False


def configure(*, allow_loopback: bool) -> None:
    """Say whether this machine itself may be asked, without TLS: for tests, which bring their own servers."""
    global _loopback_allowed  # noqa: PLW0603 - one process has one rule
    _loopback_allowed = allow_loopback


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, File] | None = None,
    content: bytes | None = None,
    timeout_s: float = 20.0,
    most_bytes: int = 2_000_000,
) -> Answer:
    """Send one request and return its answer, whatever its status; redirects are answers like any other.

    `body` leaves as JSON, `form` and `files` as a form, `content` as it is. The whole takes `timeout_s` at most, beside
    the look-up of the name. Raises AddressRefused, HostUnavailable, OutcomeUnknown.
    """
    target = _target(url)
    uploads = {name: (file.name, file.data, file.media_type) for name, file in (files or {}).items()} or None
    request = httpx.Request(
        method,
        target.url,
        # Nothing packed: a small answer cannot grow. The name stays, for the server and for its certificate.
        headers={"Accept-Encoding": "identity", "User-Agent": "TCMA", **(headers or {})},
        params=params,
        json=body,
        data=form,
        files=uploads,
        content=content,
    )
    request.read()
    deadline = time.monotonic() + timeout_s
    for address in target.addresses[:-1]:
        try:
            return _send_to(address, request, deadline, most_bytes)
        except HostUnavailable:
            continue
    return _send_to(target.addresses[-1], request, deadline, most_bytes)


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that was looked at, and where its name leads."""

    url: httpx.URL
    addresses: tuple[IpAddress, ...]


def _target(url: str) -> _Target:
    try:
        parts, parsed = urlsplit(url), httpx.URL(url)
        port = parts.port
    except (ValueError, httpx.InvalidURL) as error:
        raise AddressRefused from error
    host = parsed.host
    if not host or parts.username is not None or parts.scheme not in {"https", "http"}:
        raise AddressRefused
    addresses = _look_up(host, port or parsed.port or 443)
    at_home = _loopback_allowed and all(address.is_loopback for address in addresses)
    if not at_home and (parts.scheme != "https" or port not in {None, 443} or not all(map(is_public, addresses))):
        raise AddressRefused
    return _Target(parsed, addresses[:MOST_ADDRESSES])


def _look_up(host: str, port: int) -> tuple[IpAddress, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostUnavailable(f"There is no server called {host}.") from error
    return tuple(dict.fromkeys(ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found))


def is_public(address: IpAddress) -> bool:
    """Tell whether an address is one of the public internet, also where one address is wrapped in another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


class _Watch:
    """Follow one request: whether it has begun to leave; and end it at its deadline, however slowly it goes."""

    def __init__(self, deadline: float) -> None:
        self.has_left = False
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(deadline - time.monotonic(), 0.001), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from httpx what it is doing."""
        if event.endswith("send_request_headers.started"):
            self.has_left = True
        elif event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")

    def _cut(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _send_to(address: IpAddress, request: httpx.Request, deadline: float, most_bytes: int) -> Answer:
    left_s = max(deadline - time.monotonic(), 0.001)
    timeout = httpx.Timeout(left_s, connect=min(left_s, LONGEST_CONNECT_S))
    # By its number, so that no second look-up leads elsewhere.
    here = httpx.Request(
        request.method, request.url.copy_with(host=str(address)), headers=request.headers, content=request.content
    )
    with _Watch(deadline) as watch, httpx.HTTPTransport(verify=_tls(), trust_env=False) as transport:
        here.extensions = {
            "sni_hostname": request.url.host,
            "trace": watch.trace,
            "timeout": timeout.as_dict(),
        }
        try:
            with closing(transport.handle_request(here)) as response:
                answer = _read(response, most_bytes)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            if watch.has_left:
                raise OutcomeUnknown from error
            raise HostUnavailable(f"{request.url.host} is not answering. Nothing was sent to it.") from error
        if watch.is_over:
            # A connection that is cut can look like an answer without a length that has come to its end.
            raise OutcomeUnknown
    return answer


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _read(response: httpx.Response, most_bytes: int) -> Answer:
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) > most_bytes:
            raise OutcomeUnknown("The other server's answer is too long to be read.")
    return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, bytes(body))
