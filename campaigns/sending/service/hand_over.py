"""The last look before a part leaves the house: whether it may still go, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from campaigns.audiences import service as audiences
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.sending import queries
from campaigns.sending.model import Delivery, Turn
from campaigns.sending.rules import LEASE, Batch, DeliveryState, Outcome, Parcel, Reason, Standing
from campaigns.sending.service.settle import settle
from cobranding.templates import service as templates
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def standing(actor: Actor, touch_id: int) -> Standing:
    """Tell whether deliveries of a touch may leave now. Raises NotFound."""
    plan = launches.touch_plan(actor, touch_id)
    if plan.launch_state is LaunchState.CANCELLED or plan.touch_state is TouchState.CANCELLED:
        return Standing.LAUNCH_CANCELLED
    if plan.kit_withdrawn or templates.withdrawn_among(plan.template_version_ids):
        return Standing.TEMPLATE_WITHDRAWN
    # A finished touch has rows to send only when a person asked for one of them again.
    again = plan.touch_state is TouchState.FINISHED and plan.launch_state in {
        LaunchState.RUNNING,
        LaunchState.COMPLETED,
    }
    return Standing.GO if plan.may_send or again else Standing.WAIT


def templates_of(actor: Actor, touch_id: int) -> frozenset[int]:
    """Return the template versions that a touch is made of. Raises NotFound."""
    return launches.touch_plan(actor, touch_id).template_version_ids


def _may_go_on(actor: Actor, batch: Batch) -> bool:
    """Ask the short question first, and the long one only when the answer is no."""
    if launches.may_send(actor, batch.touch_id) and not templates.withdrawn_among(batch.template_version_ids):
        return True
    return standing(actor, batch.touch_id) is Standing.GO


def stop(actor: Actor, touch_id: int, at: Standing) -> None:
    """Skip what is still to leave of a touch that will never leave again; a paused one is left alone."""
    if at in {Standing.GO, Standing.WAIT}:
        return
    session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(queries.visible_to(actor).with_only_columns(Delivery.id)),
            Delivery.touch_id == touch_id,
            Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.DEFERRED)),
        )
        .values(state=DeliveryState.SKIPPED, reason=Reason(at.value))
        .execution_options(synchronize_session=False)
    )


def hand_over(
    actor: Actor, batch: Batch, *, part: Sequence[int], outcomes: Sequence[Outcome] = ()
) -> list[Parcel] | None:
    """Settle the part before, then mark those of this part that may leave, and return them addressed.

    Consent, suppression, launch and template are asked now, not when the rows were made. None: the touch may not go on.
    Once this is committed and until the answers are, a crash leaves these rows `unknown`.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, batch)
    now = clock.now()
    # The turn first, then rows, then the launch: everybody locks in this order, so nobody waits in a circle.
    session.execute(update(Turn).where(Turn.partner_id == batch.partner_id).values(running_until=now + LEASE))
    settle(actor, batch.mark, outcomes)
    if not _may_go_on(actor, batch):
        return None
    rows = session.execute(
        queries.visible_to(actor)
        .with_only_columns(Delivery.id, Delivery.contact_id, Delivery.message_id, Delivery.attempts)
        .where(
            Delivery.id.in_(part),
            Delivery.claimed_by == batch.mark,
            Delivery.state == DeliveryState.CLAIMED,
            # The sweep takes back what is late; without this, two workers could hold one row.
            Delivery.lease_until > now,
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    contact_ids = [row.contact_id for row in rows if row.contact_id is not None]
    people = {person.id: person for person in audiences.contacts_for_sending(actor, contact_ids)}
    parcels: list[Parcel] = []
    refused: dict[Reason, list[int]] = {}
    for row in rows:
        person = people.get(row.contact_id)
        if person is None:
            refused.setdefault(Reason.CONTACT_ERASED, []).append(row.id)
        elif person.refusal:
            refused.setdefault(Reason(person.refusal), []).append(row.id)
        else:
            parcels.append(
                Parcel(
                    delivery_id=row.id,
                    message_id=row.message_id,
                    attempts=row.attempts,
                    email=person.email,
                    first_name=person.first_name,
                    last_name=person.last_name,
                    company=person.company,
                    locale=person.locale,
                )
            )
    for reason, ids in refused.items():
        _update(ids, state=DeliveryState.SKIPPED, reason=reason, lease_until=None)
    # It was built: builds that failed before are over.
    _update([parcel.delivery_id for parcel in parcels], handing_over_at=now, lease_until=now + LEASE, builds=0)
    return parcels


def _update(ids: Sequence[int], **values: object) -> None:
    if ids:
        session.execute(
            update(Delivery).where(Delivery.id.in_(ids)).values(values).execution_options(synchronize_session=False)
        )
