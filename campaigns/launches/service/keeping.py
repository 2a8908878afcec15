"""Keep what was entered on the desk, for its frames and test mails, which cannot be given it in their address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaigns.launches.errors import LaunchNotFound
from campaigns.launches.service.drafts import PreviewDraft
from campaigns.launches.service.previewing import preview
from tcma.infra import cache
from tcma.kernel.actor import Actor

LASTS_S = 3600
KEPT = (
    "values", "leave_out", "name", "sender_id", "sender_name", "reply_to", "partner_id", "starts_at_local",
)  # fmt: skip


def keep(actor: Actor, entered: Mapping[str, Any]) -> str:
    """Keep what was entered for an hour, for the actor's organization, and return its mark. Raises CacheUnavailable."""
    kept = json.dumps({name: entered[name] for name in KEPT}, sort_keys=True, default=datetime.isoformat)
    mark = hashlib.sha256(kept.encode()).hexdigest()[:32]
    cache.keep(_key(actor, mark), kept, lasts_s=LASTS_S)
    return mark


def entered_before(actor: Actor, mark: str) -> dict[str, Any]:
    """Return what was kept under a mark. Raises LaunchNotFound when it has expired, CacheUnavailable."""
    kept = cache.kept(_key(actor, mark))
    if kept is None:
        raise LaunchNotFound("This preview has expired. Reload the page that shows it.")
    entered: dict[str, Any] = json.loads(kept)
    starts = entered["starts_at_local"]
    return {**entered, "starts_at_local": datetime.fromisoformat(starts) if starts else None}


def kept_draft(actor: Actor, kit_version_id: int, mark: str) -> PreviewDraft:
    """Gather what was kept under a mark. Raises LaunchNotFound and what `preview` raises."""
    return preview(actor, kit_version_id=kit_version_id, **entered_before(actor, mark))


def _key(actor: Actor, mark: str) -> str:
    return f"launches:preview:{actor.organization}:{mark}"
