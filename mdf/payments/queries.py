"""The SELECTs of payments. Batches are the brand's; a partner sees the items that pay its own claims."""

from collections.abc import Iterable

from sqlalchemy import Select, false, func, select, text
from sqlalchemy.orm import selectinload

from mdf.payments.errors import BatchNotFound, PaymentNotFound
from mdf.payments.model import Payment, PaymentBatch
from mdf.payments.rules import LIVE, OPEN, BatchState, PaymentState
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

# A claim is payable while exactly one item waits for it, and paid when one was settled with its amount.
_OUT_OF_STEP = text(
    "SELECT c.id, c.state, coalesce(p.state, 'in no payment') FROM mdf_claims c"
    " LEFT JOIN mdf_payments p ON p.claim_id = c.id AND p.state IN ('waiting', 'settled')"
    " WHERE (c.state = 'payable') <> coalesce(p.state = 'waiting', false)"
    " OR (c.state IN ('paid', 'reversed')) <> coalesce(p.state = 'settled', false)"
    " OR (p.amount_minor IS NOT NULL AND p.amount_minor IS DISTINCT FROM c.approved_minor) ORDER BY c.id"
)


def visible_to(actor: Actor) -> Select[Payment]:
    """Return the items that an actor may see: payments are for those who may read them."""
    rows = owned_by(actor, Payment)
    return rows if actor.can(Permission.MDF_PAYMENT_READ) else rows.where(false())


def batches_visible_to(actor: Actor) -> Select[PaymentBatch]:
    """Return the batches that an actor may see: no partner sees one."""
    rows = select(PaymentBatch)
    return rows.where(false()) if actor.is_partner or not actor.can(Permission.MDF_PAYMENT_READ) else rows


def batch(actor: Actor, batch_id: int) -> PaymentBatch:
    """Return a batch with its items. Raises BatchNotFound."""
    found = session.scalar(
        batches_visible_to(actor).where(PaymentBatch.id == batch_id).options(selectinload(PaymentBatch.payments))
    )
    if found is None:
        raise BatchNotFound
    return found


def batch_for_update(actor: Actor, batch_id: int) -> PaymentBatch:
    """Return a batch as it stands in the database now, locked until the commit. Raises BatchNotFound."""
    rows = batches_visible_to(actor).where(PaymentBatch.id == batch_id)
    found = session.scalar(rows.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise BatchNotFound
    # Its items are locked with it: nobody touches one without holding the batch.
    session.refresh(found, ["payments"])
    return found


def batches_page(
    actor: Actor, *, state: BatchState | None = None, limit: int = 50, after: int | None = None
) -> Page[PaymentBatch]:
    """List batches, newest first."""
    rows = batches_visible_to(actor).options(selectinload(PaymentBatch.payments))
    if state is not None:
        rows = rows.where(PaymentBatch.state == state)
    return page(rows, PaymentBatch.id, limit=limit, after=after)


def open_batches(actor: Actor, *, limit: int) -> list[PaymentBatch]:
    """List batches that are not settled or cancelled, with their items, oldest first."""
    rows = batches_visible_to(actor).where(PaymentBatch.state.in_(list(OPEN))).order_by(PaymentBatch.id).limit(limit)
    return list(session.scalars(rows.options(selectinload(PaymentBatch.payments))))


def count_open_batches(actor: Actor) -> int:
    """Count the batches that are not settled or cancelled."""
    rows = batches_visible_to(actor).with_only_columns(func.count())
    return session.scalar(rows.where(PaymentBatch.state.in_(list(OPEN)))) or 0


def one(actor: Actor, payment_id: int) -> Payment:
    """Return an item. Raises PaymentNotFound."""
    found = session.scalar(visible_to(actor).where(Payment.id == payment_id))
    if found is None:
        raise PaymentNotFound
    return found


def page_of(
    actor: Actor,
    *,
    state: PaymentState | None = None,
    partner_id: int | None = None,
    claim_id: int | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Payment]:
    """List items, newest first."""
    wanted = {"state": state, "partner_id": partner_id, "claim_id": claim_id}
    rows = visible_to(actor).filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return page(rows, Payment.id, limit=limit, after=after)


def live_claims(claim_ids: Iterable[int]) -> list[int]:
    """Name those of some claims that are in a live item already."""
    rows = select(Payment.claim_id).where(Payment.claim_id.in_(list(claim_ids)), Payment.state.in_(list(LIVE)))
    return list(session.scalars(rows))


def out_of_step(actor: Actor) -> list[str]:
    """Name the claims whose state and payment differ, as far as the actor sees them."""
    authorize(actor, Permission.MDF_PAYMENT_READ)
    rows = session.execute(_OUT_OF_STEP).all()
    return [f"Claim {claim_id}: it is {state}, and its payment is {payment}." for claim_id, state, payment in rows]
