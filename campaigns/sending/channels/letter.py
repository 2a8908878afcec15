"""A mail compiled once per touch and locale, then filled in as bytes for each recipient. Pure: no clock, no network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.sending.channels import mime
from campaigns.sending.channels.mime import Hole, Piece, Place

# What a template may leave open for each recipient; `link:N` comes on top.
RECIPIENT_TOKENS: Final = frozenset(
    {"contact.first_name", "contact.last_name", "contact.company", "unsubscribe_url", "view_url", "pixel"}
)
_LINK: Final = re.compile(r"link:\d+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with the mail; with a content id it stands inside the text."""

    file_name: str
    media_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name a mail goes out, and from where it can be."""

    name: str
    address: str
    reply_to: str
    postal_address: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says, before it is addressed to anybody."""

    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...] = ()


class UnknownToken(ValueError):
    """A text names something that nobody can fill in."""


class Letter:
    """Hold the pieces of a mail; `to` joins them with one recipient's values."""

    def __init__(self, content: Content, sender: Sender, *, headers: Mapping[str, str]) -> None:
        """Compile. `headers` are the ones that all recipients share. Raises UnknownToken, ValueError."""
        page = with_pixel(content.html)
        unknown = {
            token
            for token in mime.tokens(content.subject) | mime.tokens(page) | mime.tokens(content.text)
            if token not in RECIPIENT_TOKENS and not _LINK.fullmatch(token)
        }
        if unknown:
            raise UnknownToken(f"nothing is known to fill in for {', '.join(sorted(unknown))}")
        seed = hashlib.sha256(f"{content.subject}\0{page}\0{content.text}".encode()).hexdigest()
        pieces: list[Piece] = [b"From: " + mime.mailbox(sender.name, sender.address)]
        if sender.reply_to:
            pieces.append(b"\r\nReply-To: " + mime.mailbox(sender.name, sender.reply_to))
        pieces += [b"\r\nSubject: ", *mime.header(content.subject)]
        pieces += [b"\r\n" + name.encode() + b": " + mime.header_value(value) for name, value in headers.items()]
        pieces += [b"\r\nMIME-Version: 1.0\r\n", *_whole(content, page, seed)]
        self._pieces = _joined(pieces)
        self._holes = tuple(dict.fromkeys(piece for piece in self._pieces if isinstance(piece, Hole)))

    def to(self, heads: Sequence[tuple[bytes, bytes]], values: Mapping[str, str]) -> bytes:
        """Return the bytes for one recipient: own header lines (names and ready values), then the filled pieces."""
        written = {hole: _written(hole, values) for hole in self._holes}
        head = b"".join(name + b": " + value + b"\r\n" for name, value in heads)
        return head + b"".join(piece if isinstance(piece, bytes) else written[piece] for piece in self._pieces)


def with_pixel(page: str) -> str:
    """Give the page a place for the open pixel, at its end, when it names none."""
    if "pixel" in mime.tokens(page):
        return page
    before, tag, after = page.rpartition("</body>")
    return f"{before}{{{{pixel}}}}{tag}{after}" if tag else f"{page}{{{{pixel}}}}"


def _written(hole: Hole, values: Mapping[str, str]) -> bytes:
    if hole.place is Place.HEADER:
        return mime.header_value(mime.fill_text(hole.token, values))
    if hole.token == "pixel":  # noqa: S105 - the name of a place in the page
        # The one value that is markup: ours, made of our own signed address.
        return mime.quoted_markup(values.get("pixel", "")) if hole.place is Place.HTML else b""
    return mime.value_in_body(values.get(hole.token, ""), hole.place)


def _whole(content: Content, page: str, seed: str) -> list[Piece]:
    inline = [item for item in content.attachments if item.content_id]
    files = [item for item in content.attachments if not item.content_id]
    markup = _text_part("html", mime.body(page, Place.HTML))
    if inline:
        markup = _multipart("related", f"r{seed[:28]}", [markup, *map(_file_part, inline)])
    parts = _multipart(
        "alternative", f"a{seed[:28]}", [_text_part("plain", mime.body(content.text, Place.TEXT)), markup]
    )
    if files:
        parts = _multipart("mixed", f"m{seed[:28]}", [parts, *map(_file_part, files)])
    return parts


def _text_part(kind: str, pieces: list[Piece]) -> list[Piece]:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return [head.encode(), *pieces, b"\r\n"]


def _file_part(item: Attachment) -> list[Piece]:
    name = re.sub(r"[^A-Za-z0-9._ -]", "_", item.file_name)[:100] or "file"
    where = f"Content-ID: <{item.content_id}>\r\n" if item.content_id else ""
    kind = "inline" if item.content_id else "attachment"
    head = (
        f'Content-Type: {item.media_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n{where}'
        f'Content-Disposition: {kind}; filename="{name}"\r\n\r\n'
    )
    return [head.encode(), base64.encodebytes(item.data).replace(b"\n", b"\r\n")]


def _multipart(kind: str, boundary: str, parts: Sequence[list[Piece]]) -> list[Piece]:
    pieces: list[Piece] = [f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()]
    for part in parts:
        pieces += [f"--{boundary}\r\n".encode(), *part]
    return [*pieces, f"--{boundary}--\r\n".encode()]


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join neighbouring bytes, so that filling in touches as few pieces as can be."""
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)
