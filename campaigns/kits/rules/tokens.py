"""Merge tokens: which are known, how they are filled in, and which locale's text a reader gets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from campaigns.kits.rules.states import POSTED, TouchChannel

# Filled in from the profiles of partner and brand, once per touch.
PARTNER_TOKENS: Final = frozenset(
    {
        "brand.email",
        "brand.legal_name",
        "brand.name",
        "brand.postal_address",
        "brand.web",
        "partner.city",
        "partner.contact_person",
        "partner.country",
        "partner.email",
        "partner.legal_name",
        "partner.phone",
        "partner.postal_code",
        "partner.region",
        "partner.street",
        "partner.trade_name",
        "partner.web",
    }
)
# Filled in for each recipient, at the last moment.
CONTACT_TOKENS: Final = frozenset({"contact.company", "contact.first_name", "contact.last_name"})
# Where a link may lead besides a fixed address.
LINK_TOKENS: Final = frozenset({"attachment_url", "partner.web"})

TOKENS: Final[Mapping[TouchChannel, frozenset[str]]] = {
    TouchChannel.EMAIL: PARTNER_TOKENS | CONTACT_TOKENS,
    **dict.fromkeys(POSTED, PARTNER_TOKENS | {"link"}),
}

_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_ADDRESS: Final = re.compile(r"://|www\.|\w\.[a-z]{2,24}[/?#:]", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """Return what stands in a text whoever fills it in."""
    return _TOKEN.sub("", text)


def unknown_tokens(text: str, allowed: Iterable[str]) -> list[str]:
    """Return the merge tokens in a text that are not allowed, and a stray `{{` or `}}` as itself."""
    known = frozenset(allowed)
    unknown = [f"{{{{{name}}}}}" for name in map(str.strip, _TOKEN.findall(text)) if name not in known]
    rest = _TOKEN.sub("", text)
    return unknown + [stray for stray in ("{{", "}}") if stray in rest]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace the tokens that `values` names, in one pass: what is filled in is never read as a token again."""

    def filled(found: re.Match[str]) -> str:
        name = found[1].strip()
        return inert(values[name]) if name in values else found[0]

    return _TOKEN.sub(filled, text)


def told_in_addresses(text: str) -> list[str]:
    """Return the tokens of a contact that stand in an address: no address tells others who reads."""

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in CONTACT_TOKENS:
            return f"{{{{{name}}}}}"
        return "://" if name.endswith(".web") or name == "link" else "_"

    return [
        f"{{{{{token.strip()}}}}}"
        for word in _TOKEN.sub(put, text).split()
        if _ADDRESS.search(word)
        for token in _TOKEN.findall(word)
    ]


def inert(text: str) -> str:
    """Break up what would read as a merge token: a partner's words are words."""
    while "{{" in text or "}}" in text:
        text = text.replace("{{", "{ {").replace("}}", "} }")
    # Nor may it become one together with the brace that it is put beside.
    return (" " if text.startswith("{") else "") + text + (" " if text.endswith("}") else "")


def pick_locale(wanted: str, available: Iterable[str], default: str) -> str:
    """Return the closest of the available locales: the same, else the same language, else the default."""
    tags = sorted(available)
    wanted = locale_tag(wanted)
    language = wanted.split("-")[0]
    for candidate in (wanted, language):
        if candidate in tags:
            return candidate
    return next((tag for tag in tags if language and tag.split("-")[0] == language), default)


def locale_tag(text: str) -> str:
    """Return a locale as a BCP 47 tag: `de_AT` and `de-AT` are the same."""
    return text.replace("_", "-")
