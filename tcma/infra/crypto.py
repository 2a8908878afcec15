"""The door to cryptography: signed tokens, keyed hashes, secrets at rest, all of whose keys grow from one secret.

Beside them signatures that everybody can check, whose keys are made and kept by whoever signs.
"""

import base64
import hashlib
import hmac
import json
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tcma.kernel.errors import Invalid

_secret = b""


class BadSignature(Invalid):
    """Report a link or token that we did not make, or that was changed on its way."""

    code = "bad_signature"
    message = "This link is not one of ours, or a part of it is missing. Copy the whole link."


def configure(secret_key: str) -> None:
    """Say which secret all keys grow from."""
    global _secret  # noqa: PLW0603 - one process has one secret
    _secret = secret_key.encode()
    _keys.clear()


_keys: dict[str, bytes] = {}


def _key(purpose: str) -> bytes:
    if not _secret:
        raise RuntimeError("cryptography is not configured: create_app(settings) does that")
    if purpose not in _keys:
        _keys[purpose] = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"tcma:{purpose}".encode()).derive(_secret)
    return _keys[purpose]


def keyed_hash(purpose: str, text: str) -> bytes:
    """Return the 32 bytes of HMAC-SHA-256 of a text under the key of a purpose."""
    return hmac.digest(_key(purpose), text.encode(), "sha256")


# One encoder for all: `json.dumps` would make a new one for each token, and a mail carries half a dozen.
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def sign(purpose: str, *parts: str | int) -> str:
    """Return a token safe in URLs that carries the parts, signed with 128 bits (HMAC-SHA-256, truncated)."""
    body = _encode(parts).encode()
    signature = hmac.digest(_key(purpose), body, "sha256")[:16]
    return base64.urlsafe_b64encode(signature + body).rstrip(b"=").decode()


def verify(purpose: str, token: str) -> tuple[str | int, ...]:
    """Return the parts of a token that `sign` made for the same purpose. Raises BadSignature."""
    try:
        raw = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
    except ValueError:
        raise BadSignature from None
    signature, body = raw[:16], raw[16:]
    if not hmac.compare_digest(signature, hmac.digest(_key(purpose), body, "sha256")[:16]):
        raise BadSignature
    return tuple(json.loads(body))


def seal(plain: bytes) -> bytes:
    """Encrypt a secret for keeping it at rest (Fernet: AES-128-CBC with HMAC)."""
    return _vault().encrypt(plain)


def unseal(sealed: bytes) -> bytes:
    """Decrypt what `seal` made. Raises BadSignature."""
    try:
        return _vault().decrypt(sealed)
    except InvalidToken:
        raise BadSignature("This secret was sealed under another key.") from None


def _vault() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key("at-rest")))])


def new_key_pair() -> tuple[bytes, bytes]:
    """Return a new public and private key for signatures that everybody can check (Ed25519, 32 bytes each)."""
    private = Ed25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def sign_openly(private_key: bytes, message: bytes) -> bytes:
    """Return the 64 bytes of an Ed25519 signature (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)


def is_signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature of a message was made with the private half of a key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def random_token() -> str:
    """Return 256 random bits, safe in URLs."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """Return the hash under which a random token is kept; its own entropy makes a salt needless."""
    return hashlib.sha256(token.encode()).digest()
