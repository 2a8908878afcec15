"""What waits for somebody, for the start pages."""

from collections.abc import Collection

from mdf.claims import queries
from mdf.claims.model import Claim
from mdf.claims.rules import ClaimState
from tcma.infra.db import session
from tcma.kernel.actor import Actor


def waiting(actor: Actor, states: Collection[ClaimState], *, limit: int = 20) -> list[Claim]:
    """Return the claims in these states that the actor may see, the longest waiting first."""
    rows = queries.visible_to(actor).where(Claim.state.in_(list(states)))
    return list(session.scalars(rows.order_by(Claim.submitted_at.nulls_last(), Claim.id).limit(limit)))
