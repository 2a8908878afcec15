"""What waits for somebody, for the start pages."""

from collections.abc import Collection

from sqlalchemy import func

from mdf.claims import queries
from mdf.claims.model import Claim
from mdf.claims.rules import IN_REVIEW, ClaimState
from tcma.infra.db import session
from tcma.kernel.actor import Actor


def waiting(actor: Actor, states: Collection[ClaimState], *, limit: int = 20) -> list[Claim]:
    """Return the claims in these states that the actor may see, the longest waiting first."""
    rows = queries.visible_to(actor).where(Claim.state.in_(list(states)))
    return list(session.scalars(rows.order_by(Claim.submitted_at.nulls_last(), Claim.id).limit(limit)))


def count_waiting(actor: Actor) -> int:
    """Count the claims that finance has to decide about. Raises Forbidden."""
    return _count(actor, IN_REVIEW)


def count_payable(actor: Actor) -> int:
    """Count the approved claims that are in no payment run yet. Raises Forbidden."""
    return _count(actor, [ClaimState.APPROVED])


def _count(actor: Actor, states: Collection[ClaimState]) -> int:
    rows = queries.visible_to(actor).with_only_columns(func.count())
    return session.scalar(rows.where(Claim.state.in_(list(states)))) or 0
