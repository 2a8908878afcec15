"""What waits for somebody, for the start pages."""

from collections.abc import Collection

from sqlalchemy import func

from mdf.requests import queries, rules
from mdf.requests.model import Request
from mdf.requests.rules import RequestState
from tcma.infra.db import session
from tcma.kernel.actor import Actor


def waiting(actor: Actor, states: Collection[RequestState], *, limit: int = 20) -> list[Request]:
    """Return the requests in these states that the actor may see, the longest waiting first."""
    rows = queries.visible_to(actor).where(Request.state.in_(list(states)))
    return list(session.scalars(rows.order_by(Request.submitted_at.nulls_last(), Request.id).limit(limit)))


def count_waiting(actor: Actor) -> int:
    """Count the requests that wait for the brand's decision."""
    rows = queries.visible_to(actor).with_only_columns(func.count())
    return session.scalar(rows.where(Request.state.in_(list(rules.ACTIONS[rules.Action.DECIDE][1])))) or 0
