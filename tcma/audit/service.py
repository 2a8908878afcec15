"""Record a change, and read what was recorded."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from tcma.audit import queries
from tcma.audit.model import AuditEntry
from tcma.infra.db import session
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


def record(
    actor: Actor,
    action: str,
    subject: Any = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """Keep that `actor` did `action` to `subject`, in the present transaction. Secrets do not belong in it."""
    if subject is not None and getattr(subject, "id", None) is None:
        session.flush()
    session.add(
        AuditEntry(
            partner_id=_owner(actor, subject),
            user_id=actor.user_id,
            actor_name=actor.name,
            action=action,
            noun=getattr(subject, "__tablename__", ""),
            noun_id=getattr(subject, "id", None),
            before=None if before is None else _plain(before),
            after=None if after is None else _plain(after),
            details=_plain(details),
        )
    )


def history(actor: Actor, subject: Any) -> list[AuditEntry]:
    """Return what happened to a thing, oldest first, as far as the actor may see it."""
    return queries.about(actor, subject.__tablename__, subject.id)


def _owner(actor: Actor, subject: Any) -> int | None:
    if getattr(subject, "__tablename__", "") == "partners":
        return int(subject.id)
    owner = getattr(subject, "partner_id", None)
    return owner if owner is not None else actor.partner_id


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)
