"""The From line: the sender's own address under a verified domain, else a safe one with answers to the sender."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who wants to be seen as the sender: the partner itself, or a person that it named."""

    name: str
    address: str
    postal_address: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class FromLine:
    """In whose name a mail leaves; `domain_id` names the verified domain that signs it (none: nobody does)."""

    name: str
    address: str
    reply_to: str
    postal_address: str
    domain_id: int | None

    @property
    def answers_to(self) -> str:
        """Return where answers arrive."""
        return self.reply_to or self.address


def choose(
    wanted: Identity,
    *,
    own_domains: Mapping[str, int],
    shared_domains: Mapping[str, int],
    service_domain: str,
    safe_local: str,
) -> FromLine:
    """Return the From line: `own_domains` are the partner's verified ones, `shared_domains` the brand's, name -> id.

    Under a domain of the brand the part before the @ is ours, so that no partner writes as somebody of the brand.
    """
    domain, name = wanted.address.rpartition("@")[2], harmless(wanted.name)
    if domain in own_domains:
        reply_to = "" if wanted.reply_to == wanted.address else wanted.reply_to
        return FromLine(name, wanted.address, reply_to, wanted.postal_address, own_domains[domain])
    # The brand may have verified the service's own domain, to have it signed; any other one comes first.
    others = sorted(set(shared_domains) - {service_domain})
    safe_domain = others[0] if others else service_domain
    return FromLine(
        name=name,
        address=f"{safe_local}@{safe_domain}",
        reply_to=wanted.reply_to or wanted.address,
        postal_address=wanted.postal_address,
        domain_id=shared_domains.get(safe_domain),
    )


def harmless(name: str) -> str:
    """Return a name without what could be taken for an address or for another line of the mail."""
    shown = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} or letter in "@<>＠" else letter
        for letter in name
    )
    return " ".join(shown.split())


def safe_local_part(trade_name: str, partner_id: int) -> str:
    """Return what stands before the @ of a partner's safe address: its name in plain letters, and its number."""
    plain = unicodedata.normalize("NFKD", trade_name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "partner"
    return f"{slug}.{partner_id}"
