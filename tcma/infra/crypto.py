"""The door to cryptography: signed tokens, keyed hashes, secrets at rest. All keys grow from one secret."""

import base64
import hashlib
import hmac
import json
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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


def sign(purpose: str, *parts: str | int) -> str:
    """Return a token safe in URLs that carries the parts, signed with 128 bits (HMAC-SHA-256, truncated)."""
    body = json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()
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


def random_token() -> str:
    """Return 256 random bits, safe in URLs."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """Return the hash under which a random token is kept; its own entropy makes a salt needless."""
    return hashlib.sha256(token.encode()).digest()
