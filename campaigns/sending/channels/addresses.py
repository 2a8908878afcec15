"""The addresses that a mail carries: each names its partner and delivery, signed, so that nobody can make one up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tcma import settings
from tcma.infra import crypto

ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a token says: whose it is, which delivery (none: printed or posted), and which thing it is about."""

    partner_id: int
    delivery_id: int | None
    thing_id: int


def click(partner_id: int, delivery_id: int | None, link_id: int) -> str:
    """Return the tracked address of a link; without a delivery it can be printed."""
    return _address("t/c", _token("click", partner_id, delivery_id, link_id))


def opened(partner_id: int, delivery_id: int) -> str:
    """Return the address of the pixel."""
    return _address("t/o", _token("open", partner_id, delivery_id, 0)) + ".gif"


def unsubscribe(partner_id: int, delivery_id: int) -> str:
    """Return the address that unsubscribes (RFC 8058: a POST does, at once)."""
    return _address("u", _token("unsubscribe", partner_id, delivery_id, 0))


def view(partner_id: int, delivery_id: int) -> str:
    """Return the address of the mail as a page."""
    return _address("t/v", _token("view", partner_id, delivery_id, 0))


def flyer(partner_id: int, touch_id: int) -> str:
    """Return the address of the file that a touch links to; who follows it is known from the link before it."""
    return _address("t/f", _token("flyer", partner_id, None, touch_id))


def read(purpose: str, token: str) -> Signed:
    """Return what a token says. Raises BadSignature."""
    parts = crypto.verify(f"campaigns.{purpose}", token)
    if len(parts) != 3 or not all(isinstance(part, int) for part in parts):
        raise crypto.BadSignature
    partner_id, delivery_id, thing_id = (int(part) for part in parts)
    return Signed(partner_id, delivery_id or None, thing_id)


def return_path(delivery_id: int) -> str:
    """Return the address that bounces of one delivery come back to (VERP), signed with 40 bits."""
    return f"b-{_base36(delivery_id)}-{_seal(delivery_id)}@{settings.current().mail_domain}"


def read_return_path(address: str) -> int | None:
    """Return the delivery that a bounce address names, or None when it is not one of ours."""
    parts = address.partition("@")[0].lower().split("-")
    if len(parts) != 3 or parts[0] != "b" or not parts[1].isalnum() or not parts[1].isascii() or len(parts[1]) > 13:
        return None
    delivery_id = int(parts[1], 36)
    return delivery_id if parts[2] == _seal(delivery_id) else None


def _token(purpose: str, partner_id: int, delivery_id: int | None, thing_id: int) -> str:
    return crypto.sign(f"campaigns.{purpose}", partner_id, delivery_id or 0, thing_id)


def _address(path: str, token: str) -> str:
    return f"{settings.current().links_url}/{path}/{token}"


def _seal(delivery_id: int) -> str:
    return crypto.keyed_hash("campaigns.return-path", str(delivery_id))[:5].hex()


def _base36(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, 36)
        letters = ALPHABET[rest] + letters
    return letters or "0"
