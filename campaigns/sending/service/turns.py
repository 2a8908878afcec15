"""Partners take turns: one chain of jobs per partner, each doing one bounded batch and asking for the next.

A message to the workers may be lost or arrive twice, so the row in `sending_turns` says what is true: which message
is outstanding, and whether a job is at work. A lost message is asked for again by the sweep; a second job finds the
first at work and leaves.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from campaigns.sending import queries
from campaigns.sending.model import Delivery, Turn
from campaigns.sending.rules import BATCH_ROWS, LEASE, PATIENCE, TURN, Batch, DeliveryState, Outcome, Standing, unbuilt
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.hand_over import standing, stop, templates_of
from campaigns.sending.service.settle import settle
from campaigns.sending.service.telling import tell_unknown
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def ask_for_turn(actor: Actor, partner_id: int) -> None:
    """See to it that a worker takes a turn for a partner, unless one is at work or was asked for."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    turn = lock_turn(partner_id)
    now = clock.now()
    if not _is_running(turn, now) and not (turn.expected_by and turn.expected_by > now):
        _issue(turn, now)


def begin_turn(actor: Actor, *, turn: int) -> Batch | None:
    """Claim a batch for the actor's partner, or return None when another job is at work or nothing may leave."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if actor.partner_id is None:
        return None
    row = lock_turn(actor.partner_id)
    now = clock.now()
    if row.number == turn:
        row.expected_by = None
    if _is_running(row, now):
        return None
    batch = _claim(actor, turn, now)
    row.running_until = now + LEASE if batch else None
    return batch


def end_turn(actor: Actor, batch: Batch, outcomes: list[Outcome], *, wait_until: datetime | None = None) -> None:
    """Settle the last part, give back what was not handed over, and ask for the next turn if rows are owed.

    `wait_until` holds back what is given back: the mail server is away, and nobody has to try until then.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    row = lock_turn(batch.partner_id)
    settle(actor, batch.mark, outcomes)
    unknown = sum(outcome.verdict.state is DeliveryState.UNKNOWN for outcome in outcomes)
    if unknown:
        tell_unknown(actor, batch.partner_id, unknown)
    _give_back(batch, wait_until)
    finish_if_done(actor, batch.touch_id)
    now = clock.now()
    row.running_until = None
    outstanding = row.expected_by is not None and row.expected_by > now
    if not outstanding and any(standing(actor, owed.touch_id) is Standing.GO for owed in queries.owed(actor, now)):
        _issue(row, now)


def end_unbuilt_turn(actor: Actor, batch: Batch, detail: str) -> None:
    """Hold back a batch whose letter cannot be built: each build counts, and after the last one it has failed."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    lock_turn(batch.partner_id)
    rows = session.execute(
        update(Delivery)
        .where(Delivery.id.in_(batch.delivery_ids), Delivery.claimed_by == batch.mark)
        .values(builds=Delivery.builds + 1)
        .returning(Delivery.id, Delivery.builds, Delivery.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    end_turn(actor, batch, [unbuilt(row.id, detail, builds=row.builds, attempts=row.attempts) for row in rows])


def _claim(actor: Actor, turn: int, now: datetime) -> Batch | None:
    for owed in queries.owed(actor, now):
        at = standing(actor, owed.touch_id)
        if at is Standing.GO:
            return _claim_of(actor, owed, turn, now)
        stop(actor, owed.touch_id, at)
    return None


def _claim_of(actor: Actor, owed: queries.Owed, turn: int, now: datetime) -> Batch | None:
    free = (
        queries.visible_to(actor)
        .with_only_columns(Delivery.id)
        .where(
            Delivery.partner_id == owed.partner_id,
            Delivery.touch_id == owed.touch_id,
            Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.DEFERRED)),
            Delivery.retry_at <= now,
        )
        .order_by(Delivery.retry_at, Delivery.id)
        .limit(BATCH_ROWS)
        .with_for_update(skip_locked=True)
    )
    mark = uuid4().hex
    claimed = session.execute(
        update(Delivery)
        .where(Delivery.id.in_(free.scalar_subquery()))
        .values(state=DeliveryState.CLAIMED, claimed_by=mark, lease_until=now + LEASE, handing_over_at=None)
        .returning(Delivery.id, Delivery.launch_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not claimed:
        return None
    return Batch(
        partner_id=owed.partner_id,
        launch_id=claimed[0].launch_id,
        touch_id=owed.touch_id,
        template_version_ids=templates_of(actor, owed.touch_id),
        turn=turn,
        mark=mark,
        delivery_ids=tuple(sorted(row.id for row in claimed)),
        ends_at=now + TURN,
    )


def _give_back(batch: Batch, wait_until: datetime | None) -> None:
    """Return what this turn claimed and never handed over; it was nobody's attempt."""
    values: dict[str, object] = {"state": DeliveryState.QUEUED, "claimed_by": "", "lease_until": None}
    if wait_until is not None:
        values["retry_at"] = wait_until
    session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(batch.delivery_ids),
            Delivery.claimed_by == batch.mark,
            Delivery.state == DeliveryState.CLAIMED,
            Delivery.handing_over_at.is_(None),
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )


def lock_turn(partner_id: int) -> Turn:
    """Return a partner's turn, locked: always before rows and launches, so that nobody waits in a circle."""
    session.execute(insert(Turn).values(partner_id=partner_id, number=0).on_conflict_do_nothing())
    wanted = select(Turn).where(Turn.partner_id == partner_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _is_running(turn: Turn, now: datetime) -> bool:
    return turn.running_until is not None and turn.running_until > now


def _issue(turn: Turn, now: datetime) -> None:
    turn.number += 1
    turn.expected_by = now + PATIENCE
    enqueue("campaigns.sending.send", partner_id=turn.partner_id, turn_id=turn.number)
