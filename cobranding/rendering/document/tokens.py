"""Tokens in a text of the brand: `{{headline}}`, `{{partner.city}}`. Allow-listed, filled once, never parsed twice."""

import re
from collections.abc import Callable, Iterator

TOKEN = re.compile(r"\{\{\s*([a-z][a-z0-9_.:]{0,79})\s*\}\}", re.IGNORECASE)

PARTNER_FIELDS = (
    "legal_name",
    "trade_name",
    "contact_person",
    "email",
    "phone",
    "web",
    "street",
    "postal_code",
    "city",
    "country",
    "region",
    "tier",
)
BRAND_FIELDS = ("name", "legal_name", "postal_address", "web", "email")
CONTACT_FIELDS = ("first_name", "last_name", "company")
VERIFY_URL = "verify_url"
"""Where everybody can see whether the file that shows it is genuine."""
MERGED = frozenset({"unsubscribe_url", "view_url", "pixel", *(f"contact.{name}" for name in CONTACT_FIELDS)})
"""Left as they are, for sending to fill in per recipient."""

PARTNER_TOKENS = frozenset(f"partner.{name}" for name in PARTNER_FIELDS)
BRAND_TOKENS = frozenset(f"brand.{name}" for name in BRAND_FIELDS)


def tokens_in(text: str) -> list[str]:
    """Return the names of the tokens in a text, in their order."""
    return [match[1] for match in TOKEN.finditer(text)]


def strays_in(text: str) -> Iterator[str]:
    """Return what looks like the start or end of a token but is none."""
    rest = TOKEN.sub("", text)
    for mark in ("{{", "}}"):
        at = rest.find(mark)
        if at >= 0:
            yield rest[max(0, at - 12) : at + 14]


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """Put values in the place of tokens; a value is never looked at for tokens again."""
    return TOKEN.sub(lambda match: value_of(match[1]), text)
