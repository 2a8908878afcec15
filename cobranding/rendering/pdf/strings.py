"""Texts and addresses as a PDF writes them. ISO 32000-1, 7.9.2."""

import re
from urllib.parse import quote

FOLLOWED = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
"""Addresses that a reader may be led to."""
BARE_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#]\S*)?", re.IGNORECASE)
KEPT = ":/?#[]@!$&'*+,;=%~-._"
"""Of the characters that addresses are made of, those that mean nothing in a PDF; ( and ) become %28 and %29."""


def text(words: str) -> bytes:
    """Write a text."""
    return b"<FEFF%b>" % words.encode("utf-16-be", "replace").hex().upper().encode()


def address(told: str) -> str:
    """Return where a link leads; nothing when it is no address that a page may lead to."""
    told = told.strip()
    if BARE_HOST.fullmatch(told):
        told = f"https://{told}"
    return quote(told, safe=KEPT) if FOLLOWED.fullmatch(told) else ""
