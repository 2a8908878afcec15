"""The door to the DNS: a few kinds of records, asked live, and three answers: these, none, or nobody answered."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Protocol

import dns.exception
import dns.name
import dns.resolver

from tcma.kernel.errors import Unavailable

TIMEOUT_S: Final = 3.0
"""For one server; another one is asked then."""
LIFETIME_S: Final = 6.0


class DnsUnavailable(Unavailable):
    """Nobody answered, or the servers of the domain are broken: nothing is known about the record."""

    code = "dns_unavailable"
    message = "The name servers of this domain do not answer. Try again in a moment."


class Resolver(Protocol):
    """Look records up. Every verb may raise DnsUnavailable; what is not there is empty."""

    def txt(self, name: str) -> Sequence[str]:
        """Return the texts, each put together from its parts."""

    def mx(self, name: str) -> Sequence[str]:
        """Return the hosts that take mail, the preferred first, without the dot at the end."""

    def addresses(self, name: str) -> Sequence[str]:
        """Return the IPv4 and IPv6 addresses."""


class LiveResolver:
    """Ask the servers of this machine's configuration."""

    def txt(self, name: str) -> Sequence[str]:
        """Return the texts."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def mx(self, name: str) -> Sequence[str]:
        """Return the hosts that take mail."""
        found = sorted(self._ask(name, "MX"), key=lambda record: (record.preference, str(record.exchange)))
        return [str(record.exchange).rstrip(".").lower() for record in found]

    def addresses(self, name: str) -> Sequence[str]:
        """Return the addresses."""
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            asked = dns.resolver.Resolver()
            asked.timeout, asked.lifetime = TIMEOUT_S, LIFETIME_S
            return list(asked.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise DnsUnavailable(f"{kind} of {name}: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class WrittenResolver:
    """Answer from what is written down: (kind, name) -> records. A name in `broken` is answered by nobody."""

    records: Mapping[tuple[str, str], Sequence[str]]
    broken: frozenset[str] = frozenset()

    def txt(self, name: str) -> Sequence[str]:
        """Return the texts."""
        return self._ask("TXT", name)

    def mx(self, name: str) -> Sequence[str]:
        """Return the hosts that take mail."""
        return self._ask("MX", name)

    def addresses(self, name: str) -> Sequence[str]:
        """Return the addresses."""
        return self._ask("A", name)

    def _ask(self, kind: str, name: str) -> Sequence[str]:
        if name in self.broken:
            raise DnsUnavailable(f"{kind} of {name}: nobody answers")
        return self.records.get((kind, name.lower()), ())


_present: ContextVar[Resolver | None] = ContextVar("resolver", default=None)


def present() -> Resolver:
    """Return the resolver to ask."""
    return _present.get() or LiveResolver()


@contextmanager
def answering(resolver: Resolver) -> Iterator[None]:
    """Let a resolver answer inside the block, instead of the network."""
    token = _present.set(resolver)
    try:
        yield
    finally:
        _present.reset(token)
