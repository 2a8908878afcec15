"""The bytes of a mail: headers that nothing can be injected into, and bodies with holes for what differs per recipient.

A body is quoted-printable. Each hole stands between two soft line breaks, so that filling it in is joining bytes: the
message is compiled once per touch and locale, not once per recipient.
"""

from __future__ import annotations

import base64
import html
import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import quote
from enum import StrEnum
from typing import Final

SOFT_BREAK: Final = b"=\r\n"
# RFC 2045 allows 76 characters with the trailing "="; RFC 5322 allows 998 in any line.
QP_LINE: Final = 76
HEADER_LINE: Final = 900

_TOKEN: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_.:]{0,79})\s*\}\}")
_SAFE_VALUE: Final = re.compile(r"[A-Za-z0-9:/?&%#@_.,+*!'()\[\];$~-]+(?: [A-Za-z0-9:/?&%#@_.,+*!'()\[\];$~-]+)*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_ATOM_PHRASE: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


class Place(StrEnum):
    """Where a value is put, which decides how it is written."""

    HTML = "html"
    TEXT = "text"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Hole:
    """Name the value that goes here."""

    token: str
    place: Place


Piece = bytes | Hole


def tokens(text: str) -> set[str]:
    """Return the names between double braces."""
    return set(_TOKEN.findall(text))


def body(text: str, place: Place) -> list[Piece]:
    """Encode a text as quoted-printable with a hole for each token."""
    pieces: list[Piece] = []
    parts = _TOKEN.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, part in enumerate(parts):
        if number % 2:
            pieces += [SOFT_BREAK, Hole(part, place), SOFT_BREAK]
        elif part:
            pieces.append(_room_for_break(quoted_printable(part)))
    return pieces


def _room_for_break(encoded: bytes) -> bytes:
    """Break a full last line, so that the soft break before a hole does not make it too long."""
    start = encoded.rfind(b"\r\n") + 2 if b"\r\n" in encoded else 0
    if len(encoded) - start < QP_LINE:
        return encoded
    cut = len(encoded) - 6
    while b"=" in encoded[cut - 2 : cut]:
        cut -= 1
    return encoded[:cut] + SOFT_BREAK + encoded[cut:]


def header(text: str) -> list[Piece]:
    """Prepare a header text with holes: one hole for the whole when any token is in it, since encoding spans words."""
    return [Hole(text, Place.HEADER)] if tokens(text) else [header_value(text)]


def quoted_printable(text: str) -> bytes:
    """Encode text, line ends as CRLF, no line longer than 76 characters."""
    lines = text.split("\n")
    return b"\r\n".join(b2a_qp(line.encode(), quotetabs=False, istext=True).replace(b"\n", b"\r\n") for line in lines)


def value_in_body(value: str, place: Place) -> bytes:
    """Encode one recipient's value for a hole: escaped in HTML, one line, quoted-printable where needed."""
    if len(value) < QP_LINE and _SAFE_VALUE.fullmatch(value):
        return html.escape(value).encode() if place is Place.HTML else value.encode()
    clean = _CONTROL.sub(" ", value)
    escaped = html.escape(clean) if place is Place.HTML else clean
    return b2a_qp(escaped.encode(), quotetabs=True, istext=False).replace(b"\n", b"\r\n")


def header_value(value: str) -> bytes:
    """Encode a header text: control characters become spaces, other alphabets become encoded words (RFC 2047)."""
    clean = " ".join(_CONTROL.sub(" ", value).split())
    if clean.isascii() and len(clean) <= HEADER_LINE and "=?" not in clean:
        return clean.encode()
    return b"\r\n ".join(b"=?utf-8?B?" + base64.b64encode(chunk) + b"?=" for chunk in _chunks(clean))


def mailbox(name: str, address: str) -> bytes:
    """Write a display name and an address. The address must be free of brackets and control characters.

    Raises ValueError.
    """
    if not address or _CONTROL.search(address) or any(letter in address for letter in "<>, "):
        raise ValueError("not an address")
    clean = " ".join(_CONTROL.sub(" ", name).split())
    if not clean:
        return address.encode()
    if clean.isascii() and len(clean) <= HEADER_LINE and "=?" not in clean:
        phrase = clean if _ATOM_PHRASE.fullmatch(clean) else f'"{quote(clean)}"'
        return f"{phrase} <{address}>".encode()
    return header_value(clean) + f"\r\n <{address}>".encode()


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Replace each token in a short text by its value; an unknown one becomes nothing."""
    return _TOKEN.sub(lambda found: values.get(found.group(1), ""), text)


def _chunks(text: str) -> list[bytes]:
    """Cut UTF-8 into pieces of at most 45 bytes at character borders: 60 characters of base64, 72 with the wrapping."""
    chunks: list[bytes] = []
    present = b""
    for letter in text:
        encoded = letter.encode()
        if len(present) + len(encoded) > 45:
            chunks.append(present)
            present = b""
        present += encoded
    return [*chunks, present]


def quoted_markup(markup: str) -> bytes:
    """Encode markup of our own making for a hole."""
    return b2a_qp(markup.encode(), quotetabs=True, istext=False).replace(b"\n", b"\r\n")
