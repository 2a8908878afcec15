"""The keys that sign: made on first use, replaced when somebody asks, revoked when one may be in wrong hands."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from cobranding.manifests import queries
from cobranding.manifests.errors import KeyRevoked, RevokedTooLate
from cobranding.manifests.model import SigningKey
from tcma.audit import service as audit
from tcma.infra import crypto
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def rotate(actor: Actor) -> SigningKey:
    """Let a new key sign from now on; the one before goes on verifying. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_KEY_ROTATE)
    before = queries.signing_key()
    if before is not None:
        queries.key_for_update(before.id).retired_at = clock.now()
        session.flush()
    made = signing_key()
    audit.record(actor, "cobranding.key.rotated", made, before={"id": before.id if before else None})
    return made


def revoke(actor: Actor, key_id: int, *, since: datetime | None = None) -> SigningKey:
    """Trust nothing that a key signed since a time (now, unless it is given), and let another one sign.

    Raises KeyNotFound, Forbidden, KeyRevoked, RevokedTooLate.
    """
    authorize(actor, Permission.COBRANDING_KEY_ROTATE)
    key = queries.key_for_update(key_id)
    if key.revoked_since is not None:
        raise KeyRevoked
    now = clock.now()
    key.revoked_since = since or now
    if key.revoked_since > now:
        raise RevokedTooLate(errors={"since": [RevokedTooLate.message]})
    key.retired_at = key.retired_at or now
    session.flush()
    signing_key()
    audit.record(actor, "cobranding.key.revoked", key, after={"since": key.revoked_since})
    return key


def signing_key() -> SigningKey:
    """Return the key that signs now; made when there is none."""
    found = queries.signing_key()
    if found is not None:
        return found
    public, private = crypto.new_key_pair()
    made = {
        "algorithm": "ed25519",
        "public_key": public,
        "private_key_sealed": crypto.seal(private),
        "created_at": clock.now(),
    }
    session.execute(insert(SigningKey).values(made).on_conflict_do_nothing())
    key = queries.signing_key()
    if key is None:
        raise RuntimeError("a signing key was made and is not there")
    return key
