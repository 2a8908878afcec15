"""The SELECTs of requests."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, false, func, or_, select, text
from sqlalchemy.orm import selectinload

from mdf.requests.errors import RequestNotFound
from mdf.requests.model import Request, RequestEvent
from mdf.requests.rules import EventKind, RequestState
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Request]:
    """Return the requests that an actor may see."""
    rows = owned_by(actor, Request)
    return rows if actor.can(Permission.MDF_REQUEST_READ) else rows.where(false())


def one(actor: Actor, request_id: int) -> Request:
    """Return a request with its lines. Raises RequestNotFound."""
    found = session.scalar(visible_to(actor).where(Request.id == request_id).options(selectinload(Request.lines)))
    if found is None:
        raise RequestNotFound
    return found


def one_for_update(actor: Actor, request_id: int) -> Request:
    """Return a request as it stands in the database now, locked until the commit. Raises RequestNotFound."""
    found = session.scalar(
        visible_to(actor).where(Request.id == request_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise RequestNotFound
    return found


def page_of(
    actor: Actor,
    *,
    state: RequestState | None = None,
    partner_id: int | None = None,
    allocation_id: int | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Request]:
    """List requests, newest first."""
    rows = visible_to(actor).options(selectinload(Request.lines))
    wanted = {"state": state, "partner_id": partner_id, "allocation_id": allocation_id}
    rows = rows.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return page(rows, Request.id, limit=limit, after=after)


def events_of(actor: Actor, request_id: int) -> list[RequestEvent]:
    """Tell what happened to a request, oldest first."""
    return list(
        session.scalars(
            owned_by(actor, RequestEvent).where(RequestEvent.request_id == request_id).order_by(RequestEvent.id)
        )
    )


def asked_by(request_id: int) -> frozenset[int]:
    """Name everybody who took part in asking: who drafted, edited, submitted or answered."""
    asking = (EventKind.DRAFTED, EventKind.EDITED, EventKind.SUBMITTED, EventKind.ANSWERED)
    users = session.scalars(
        select(RequestEvent.by_user_id)
        .where(RequestEvent.request_id == request_id, RequestEvent.kind.in_(asking))
        .distinct()
    )
    return frozenset(user for user in users if user is not None)


def overdue(actor: Actor, states: Iterable[RequestState], *, on: date) -> list[int]:
    """Name the requests in these states whose activity, or whose time for an answer, is over on a day, oldest first."""
    return list(
        session.scalars(
            visible_to(actor)
            .with_only_columns(Request.id)
            .where(
                Request.state.in_(list(states)),
                or_(
                    Request.ends_on < on, and_(Request.state == RequestState.INFO_REQUESTED, Request.answer_by_on < on)
                ),
            )
            .order_by(Request.id)
        )
    )


def past_claiming(actor: Actor, *, on: date) -> list[int]:
    """Name the approved requests whose time for claims is over on a day, oldest first."""
    return list(
        session.scalars(
            visible_to(actor)
            .with_only_columns(Request.id)
            .where(Request.state == RequestState.APPROVED, Request.claim_until_on < on)
            .order_by(Request.id)
        )
    )


def number_of_events(request_id: int) -> int:
    """Count what happened to a request so far."""
    return session.scalar(select(func.count()).where(RequestEvent.request_id == request_id)) or 0


def out_of_step(actor: Actor) -> list[str]:
    """Compare what a request's state says with what its accounts hold; the service sees all of them."""
    _ = actor
    return list(session.scalars(_OUT_OF_STEP))


_OUT_OF_STEP = text("""
    WITH held AS (
        SELECT a.request_id,
               coalesce(sum(b.balance_minor) FILTER (WHERE a.kind = 'pending'), 0) AS pending,
               coalesce(sum(b.balance_minor) FILTER (WHERE a.kind = 'committed'), 0) AS committed,
               coalesce(sum(b.balance_minor) FILTER (WHERE a.kind <> 'pending'), 0) AS granted
        FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id
        WHERE a.request_id IS NOT NULL GROUP BY a.request_id
    )
    SELECT 'request ' || r.id || ' is ' || r.state || ', pending ' || coalesce(h.pending, 0)
           || ', committed ' || coalesce(h.committed, 0) || ', granted in all ' || coalesce(h.granted, 0)
    FROM mdf_requests r LEFT JOIN held h ON h.request_id = r.id
    WHERE coalesce(h.pending, 0) <> CASE WHEN r.state = 'submitted' THEN r.requested_minor
                                         WHEN r.state = 'info_requested' THEN coalesce(h.pending, 0) ELSE 0 END
       OR (r.state = 'approved' AND coalesce(h.granted, 0) <> r.approved_minor)
       OR (r.state = 'closed' AND (coalesce(h.committed, 0) <> 0 OR coalesce(h.granted, 0) > r.approved_minor))
       OR (r.state NOT IN ('approved', 'closed') AND coalesce(h.granted, 0) <> 0)
    ORDER BY r.id""")
