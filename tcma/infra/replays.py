"""Idempotency keys: the answer to a command is kept in the transaction of its effect, and given again to a replay."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tcma.infra import crypto
from tcma.infra.db import Model, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Conflict, Invalid

LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)


class KeyReused(Conflict):
    """Report that a key came back with another request."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for a different request. Use a new key for a new request."


class KeyMalformed(Invalid):
    """Report a key that cannot be kept."""

    code = "idempotency_key_malformed"
    message = f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters."


class Replay(Model):
    """Keep what a key was used for, and what was answered."""

    __tablename__ = "replays"
    __table_args__ = (UniqueConstraint("organization", "key", name="uq_replays_organization_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    organization: Mapped[str]
    key: Mapped[str]
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    # Sealed: an answer may show what is its organization's alone, such as a contact.
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was answered the first time."""

    status: int
    body: dict[str, Any]


def first_answer(actor: Actor, key: str, request_hash: bytes) -> Answer | None:
    """Return what this key was answered before, or None and hold the key until the transaction ends.

    Two requests with one key at the same time take turns at the unique index.
    Raises KeyReused, KeyMalformed.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise KeyMalformed
    taken = session.execute(
        insert(Replay)
        .values(
            partner_id=actor.partner_id,
            organization=actor.organization,
            key=key,
            request_hash=request_hash,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(constraint="uq_replays_organization_key")
        .returning(Replay.id)
    ).scalar()
    if taken is not None:
        return None
    kept = session.scalars(select(Replay).where(Replay.organization == actor.organization, Replay.key == key)).one()
    if kept.request_hash != request_hash:
        raise KeyReused
    body = json.loads(crypto.unseal(kept.answer)) if kept.answer else {}
    return Answer(status=kept.status or 200, body=body)


def keep_answer(actor: Actor, key: str, answer: Answer) -> None:
    """Keep the answer beside its effect."""
    kept = session.scalars(select(Replay).where(Replay.organization == actor.organization, Replay.key == key)).one()
    kept.status = answer.status
    kept.answer = crypto.seal(json.dumps(answer.body).encode())


def forget_old() -> int:
    """Forget answers that nobody replays any more, and return how many."""
    old = delete(Replay).where(Replay.created_at < clock.now() - KEPT_FOR).returning(Replay.id)
    return len(session.scalars(old).all())
