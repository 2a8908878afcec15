"""The mail servers of TCMA_SMTP_URL: several share the load or stand by, and one that fails is left alone for a while.

`smtp://…`, `smtp+starttls://…` (encryption or nothing), `smtps://…` and `ses://region`, separated by commas. Each may
carry `name=`, `weight=` and `per_hour=`. The first has weight 1 and the others 0, unless they say so: of those with a
weight each gets its share; the others stand by, in their order, until none of the former can be used.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tcma import settings
from tcma.infra import breakers
from tcma.infra.buckets import Bucket
from tcma.infra.mail import keeping, ses
from tcma.infra.mail.address import SmtpAddress
from tcma.infra.mail.connection import SmtpConnection
from tcma.infra.mail.errors import MailError, MailLost, MailRefused, MailServerUnavailable
from tcma.infra.mail.lanes import Lanes

_OWN_OPTIONS: Final = frozenset({"name", "weight", "per_hour"})
SCHEMES: Final = frozenset({"smtp", "smtp+starttls", "smtps", "ses"})
TOLD_EVERY_S: Final = 5.0
_told_at: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Provider:
    """One mail server; `url` is free of our own options."""

    name: str
    url: str = field(repr=False)  # it carries a password
    weight: int = 0
    per_hour: int = 0

    @property
    def rewrites(self) -> frozenset[bytes]:
        """Return the header fields that this provider writes anew, in small letters."""
        return ses.REWRITTEN if self.url.startswith("ses:") else frozenset()

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """Return the limit of this provider, if it has one: a minute's worth at once."""
        if not self.per_hour:
            return ()
        return (Bucket(f"provider:{self.name}", max(1, self.per_hour // 60), self.per_hour / 3600),)

    def lanes(self) -> Lanes | ses.SesConnection:
        """Return this thread's way to hand over many mails."""
        return keeping.lanes(self.url)

    def connection(self) -> SmtpConnection | ses.SesConnection:
        """Return this thread's way to hand over one mail."""
        return keeping.connection(self.url)

    def send(self, envelope_from: str, recipient: str, data: bytes) -> str:
        """Hand over one ready message, and remember how the provider fared.

        Raises MailRefused, MailDeferred, MailServerUnavailable, MailLost.
        """
        try:
            answer = self.connection().send(envelope_from, recipient, data)
        except MailServerUnavailable:
            self.failed()
            raise
        except MailLost:
            self.fell_silent()
            raise
        except MailError:
            self.fared_well()
            raise
        self.fared_well()
        return answer

    def fared_well(self) -> None:
        """Remember that it works. The others are told now and then, not for each mail."""
        at = time.monotonic()
        if at - _told_at.get(self.name, float("-inf")) > TOLD_EVERY_S:
            breakers.worked(self.name)
            _told_at[self.name] = at

    def failed(self) -> None:
        """Remember that it could not be reached."""
        _told_at.pop(self.name, None)
        breakers.failed(self.name)

    def fell_silent(self) -> None:
        """Remember that it took a message and gave no answer: each further try would lose one more."""
        _told_at.pop(self.name, None)
        breakers.open_now(self.name)


@lru_cache(maxsize=8)
def read(urls: str) -> tuple[Provider, ...]:
    """Read a list of providers. Raises ValueError with a sentence for the operator."""
    providers = tuple(_read_one(url.strip(), position) for position, url in enumerate(urls.split(",")))
    names = [provider.name for provider in providers]
    if len(set(names)) < len(names):
        raise ValueError("Two mail servers have one name: give them names of their own with ?name=….")
    if not any(provider.weight for provider in providers):
        raise ValueError("At least one mail server needs a weight.")
    return providers


def listed() -> tuple[Provider, ...]:
    """Return the providers of this service."""
    return read(settings.current().smtp_url)


def arrange(providers: Sequence[Provider], at: float) -> list[Provider]:
    """Return the providers in the order in which they are tried; `at`, from 0 to 1, says whose turn is first.

    Pure. Those with a weight come first, the chosen one in front; then those that stand by, as they are listed.
    """
    sharing = [provider for provider in providers if provider.weight]
    spot = at * sum(provider.weight for provider in sharing)
    first = 0
    while first < len(sharing) - 1 and spot >= sharing[first].weight:
        spot -= sharing[first].weight
        first += 1
    stand_by = [provider for provider in providers if not provider.weight]
    return [*sharing[first:], *sharing[:first], *stand_by]


def usable() -> Iterator[Provider]:
    """Yield the providers to use now, in order; when all of them are left alone, the one whose turn it would be.

    Whoever is given one uses it before asking for the next: it may be the one try that closes a breaker again.
    """
    order = arrange(listed(), random.random())  # noqa: S311 - spreads load, protects nothing
    if len(order) == 1:
        yield order[0]
        return
    found = False
    for provider in order:
        if breakers.may_use(provider.name):
            found = True
            yield provider
    if not found:
        yield order[0]


def deliver(message: EmailMessage, *, envelope_from: str | None = None) -> None:
    """Hand over one transactional mail to everybody in To, Cc and Bcc, by the first provider that can be reached.

    Raises MailRefused, MailDeferred, MailServerUnavailable, MailLost.
    """
    recipients = [address for header in ("To", "Cc", "Bcc") for address in _addresses(message, header)]
    senders = [envelope_from] if envelope_from else _addresses(message, "Sender") or _addresses(message, "From")
    if not recipients or not senders:
        raise MailRefused("5.1.3 The message names no sender or no recipient.", 553)
    del message["Bcc"]
    data = message.as_bytes(policy=SMTP_POLICY)
    for recipient in recipients:
        _send_by_the_first(senders[0], recipient, data)


def _send_by_the_first(envelope_from: str, recipient: str, data: bytes) -> None:
    away: MailServerUnavailable | None = None
    for provider in usable():
        try:
            provider.send(envelope_from, recipient, data)
        except MailServerUnavailable as error:
            away = error
        else:
            return
    raise away or MailServerUnavailable("No mail server can be reached.")


def _addresses(message: EmailMessage, header: str) -> list[str]:
    values: list[str] = []
    for value in message.get_all(header, []):
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        values += [address.addr_spec for address in addresses]
    return values


def _read_one(url: str, position: int) -> Provider:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"A mail server's address begins with {', '.join(sorted(SCHEMES))}, followed by ://.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    own = {name: options.pop(name) for name in _OWN_OPTIONS & set(options)}
    scheme = parts.scheme
    if scheme == "smtp+starttls":
        scheme, options["starttls"] = "smtp", "required"
    plain = urlunsplit(parts._replace(scheme=scheme, query=urlencode(options)))
    (ses.SesAddress if scheme == "ses" else SmtpAddress).parse(plain)
    return Provider(
        name=own.get("name") or f"{parts.hostname}{f':{parts.port}' if parts.port else ''}",
        url=plain,
        weight=_number(own, "weight", 0 if position else 1),
        per_hour=_number(own, "per_hour", 0),
    )


def _number(options: dict[str, str], name: str, default: int) -> int:
    given = options.get(name, str(default))
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise ValueError(f"{name}= of a mail server takes a whole number.")
    return int(given)
