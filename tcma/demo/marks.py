"""Remember which steps of the demo were taken: an entry of the audit trail, written in the transaction of the step."""

from collections.abc import Mapping
from typing import Any

from tcma.audit import queries
from tcma.audit import service as audit
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM, Actor

_ACTION = "demo.step.taken"


def taken() -> dict[str, Mapping[str, Any]]:
    """Give the steps that were taken, with what each left to be remembered."""
    found: dict[str, Mapping[str, Any]] = {}
    after: int | None = None
    with reading(SYSTEM):
        while True:
            page = queries.page_of(SYSTEM, action=_ACTION, limit=200, after=after)
            for entry in page.items:
                found[str(entry.details["step"])] = entry.details
            after = page.next
            if after is None:
                return found


def take(actor: Actor, step: str, **remembered: Any) -> None:
    """Mark a step as taken; call it inside the step's transaction."""
    audit.record(actor, _ACTION, step=step, **remembered)
