"""Signatures of mails by the domain that sends them (RFC 6376, relaxed/relaxed; Ed25519 by RFC 8463).

A signer is made once for a key and used for every mail. The body is canonicalized by replacing bytes, not by patterns:
a mail has thousands of words and a worker signs thousands of mails a second.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

RSA_BITS: Final = 2048
# A second entry says that there is no second such line: adding one breaks the signature.
_OVERSIGNED: Final = (b"from", b"to", b"subject", b"date", b"reply-to")
_SIGNED: Final = (
    *_OVERSIGNED,
    b"message-id",
    b"mime-version",
    b"content-type",
    # RFC 8058: the one-click unsubscribe counts only when both of its lines are signed.
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"list-id",
    b"feedback-id",
)
_FIELD: Final = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:[^\r\n]*\r\n)(?:[ \t][^\r\n]*\r\n)*)", re.MULTILINE)


class Algorithm(StrEnum):
    """Name a kind of key. RSA is read by every mailbox provider, Ed25519 is smaller and read by some."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's key, loaded and ready; its private half shows up in no text."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey = field(repr=False)

    def signature(self, data: bytes) -> bytes:
        """Return the signature of what is to be signed."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(hashlib.sha256(data).digest())
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def new_private_key(algorithm: Algorithm) -> bytes:
    """Return a new private key in DER (PKCS #8)."""
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey = (
        ed25519.Ed25519PrivateKey.generate()
        if algorithm is Algorithm.ED25519
        else rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    )
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_part(private_key: bytes) -> str:
    """Return what stands after p= in the record of a private key, in base64."""
    key = _load(private_key)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return base64.b64encode(key.public_key().public_bytes_raw()).decode()
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode()


def signer(domain: str, selector: str, private_key: bytes) -> Signer:
    """Load a key. Keep what is returned: loading an RSA key checks it, which takes longer than signing with it."""
    return Signer(domain, selector, _load(private_key))


def sign(message: bytes, by: Signer, *, leave_out: Iterable[bytes] = ()) -> bytes:
    """Return a ready message (CRLF line ends) with the signature in front.

    `leave_out` names header fields, in small letters, that a provider on the way writes anew.
    """
    head, gap, body = message.partition(b"\r\n\r\n")
    if not gap:
        raise ValueError("a message has a head, an empty line, and a body")
    lines = {name.lower(): value for name, value in _FIELD.findall(head + b"\r\n")}
    left_out = frozenset(leave_out)
    there = [name for name in _SIGNED if name in lines and name not in left_out]
    named = [*there, *(name for name in _OVERSIGNED if name not in left_out)]
    kind = "ed25519" if isinstance(by.key, ed25519.Ed25519PrivateKey) else "rsa"
    body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
    value = (
        f" v=1; a={kind}-sha256; c=relaxed/relaxed; d={by.domain}; s={by.selector};\r\n"
        f" h={':'.join(name.decode() for name in named)};\r\n bh={body_hash};\r\n b="
    ).encode()
    data = b"".join(_relaxed(name, lines[name]) + b"\r\n" for name in there) + _relaxed(b"dkim-signature", value)
    return b"DKIM-Signature:" + value + _folded(by.signature(data)) + b"\r\n" + message


def relaxed_body(body: bytes) -> bytes:
    """Return a body as it is hashed: runs of blanks are one space, none at line ends, no empty lines at the end."""
    # A last line without an end is given one on the way.
    body = body.replace(b"\t", b" ") if body.endswith(b"\r\n") else body.replace(b"\t", b" ") + b"\r\n"
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    body = body.replace(b" \r\n", b"\r\n")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n" if end else b""


def _relaxed(name: bytes, value: bytes) -> bytes:
    return name + b":" + b" ".join(value.split())


def _folded(signature: bytes) -> bytes:
    text = base64.b64encode(signature)
    return b"\r\n ".join(text[begin : begin + 72] for begin in range(0, len(text), 72))


def _load(private_key: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    key = serialization.load_der_private_key(private_key, password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise TypeError("a signing key is RSA or Ed25519")
    return key
