"""What waits for somebody, for the start pages."""

from collections.abc import Collection

from mdf.requests import queries
from mdf.requests.model import Request
from mdf.requests.rules import RequestState
from tcma.infra.db import session
from tcma.kernel.actor import Actor


def waiting(actor: Actor, states: Collection[RequestState], *, limit: int = 20) -> list[Request]:
    """Return the requests in these states that the actor may see, the longest waiting first."""
    rows = queries.visible_to(actor).where(Request.state.in_(list(states)))
    return list(session.scalars(rows.order_by(Request.submitted_at.nulls_last(), Request.id).limit(limit)))
