"""The proof that the service has itself: what a launch sent and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.launches import service as launches
from campaigns.tracking import service as tracking
from mdf.claims import rules
from mdf.claims.errors import ClaimNotEditable
from mdf.claims.model import Claim
from mdf.claims.service import look, void
from tcma.audit import service as audit
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class LaunchChoice:
    """A launch that can be evidence."""

    id: int
    name: str


def of_launch(actor: Actor, launch_id: int | None) -> list[dict[str, Any]]:
    """List what the service knows about a launch, as a claim keeps it; nothing without one, or one that is not seen."""
    if launch_id is None:
        return []
    try:
        return [_entry(actor, launch_id)]
    except NotFound:
        return []


def launch_choices(actor: Actor, claim: Claim) -> list[LaunchChoice]:
    """List the partner's newest launches that are not evidence of this claim yet."""
    known = {entry.get("launch_id") for entry in claim.evidence}
    own = [one for one in launches.latest(actor, limit=50) if one.partner_id == claim.partner_id]
    return [LaunchChoice(one.id, one.name) for one in own if one.id not in known]


def add_evidence(actor: Actor, claim_id: int, *, launch_id: int) -> Claim:
    """Add what the service knows about one of the partner's launches; it stands in for proof of performance.

    An approval did not know of it, so it is void.

    Raises ClaimNotFound, Forbidden, ClaimNotEditable, LaunchNotFound.
    """
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, Permission.MDF_CLAIM_EDIT, claim)
    if claim.state not in rules.EDITABLE:
        raise ClaimNotEditable
    if launches.one(actor, launch_id).partner_id != claim.partner_id:
        raise NotFound
    entry = _entry(actor, launch_id)
    hashed = claim.money_hash
    claim.evidence = [*(each for each in claim.evidence if each.get("launch_id") != launch_id), entry]
    look.sign(actor, claim)
    void.void_if_changed(actor, claim, reservation, hashed)
    look.tell(actor, claim, "evidence", f"{entry['label']}: {entry['value']}")
    audit.record(actor, "mdf.claim.evidence_added", claim, launch_id=launch_id, evidence=entry)
    return claim


def refreshed(actor: Actor, kept: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the evidence with the figures of now."""
    return [(of_launch(actor, entry.get("launch_id")) or [entry])[0] for entry in kept]


def _entry(actor: Actor, launch_id: int) -> dict[str, Any]:
    """Write down the results of a launch. Raises LaunchNotFound."""
    found = tracking.results(actor, launch_id)
    parts = [f"{found.sent} mails sent", f"opened by {found.opened}", f"clicked by {found.clicked}"]
    if found.shared:
        parts.append(f"{found.shared} posts shared")
    if found.posted:
        parts.append(f"{found.posted} posts published")
    return {
        "launch_id": launch_id,
        "label": found.name,
        "value": ", ".join(parts),
        "link": f"/launches/{launch_id}",
        "has_run": bool(found.sent or found.shared or found.posted),
    }
