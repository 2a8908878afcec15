"""The last look before a part leaves the house: whether it may still go, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import update

from campaigns.audiences import service as audiences
from campaigns.audiences.service import Recipient
from campaigns.launches import rules
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.sending import queries
from campaigns.sending.model import Delivery, Turn
from campaigns.sending.rules import (
    LEASE,
    DeliveryState,
    Outcome,
    Parcel,
    Part,
    Place,
    Reason,
    Shift,
    Standing,
)
from campaigns.sending.service import guards
from campaigns.sending.service.claim import claim
from campaigns.sending.service.settle import settle, skip
from cobranding.templates import service as templates
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


class _Addressable(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def message_id(self) -> str: ...
    @property
    def attempts(self) -> int: ...


def standing(actor: Actor, touch_id: int) -> Standing:
    """Tell whether deliveries of a touch may leave now. Raises NotFound."""
    plan = launches.touch_plan(actor, touch_id)
    if plan.launch_state is LaunchState.CANCELLED or plan.touch_state is TouchState.CANCELLED:
        return Standing.LAUNCH_CANCELLED
    if plan.kit_withdrawn or templates.withdrawn_among(plan.template_version_ids):
        return Standing.TEMPLATE_WITHDRAWN
    if not plan.hours.allows(rules.wall_time(clock.now(), plan.time_zone)):
        return Standing.WAIT
    # A finished touch has rows to send only when a person asked for one of them again.
    again = plan.touch_state is TouchState.FINISHED and plan.launch_state in {
        LaunchState.RUNNING,
        LaunchState.COMPLETED,
    }
    return Standing.GO if plan.may_send or again else Standing.WAIT


def templates_of(actor: Actor, touch_id: int) -> frozenset[int]:
    """Return the template versions that a touch is made of. Raises NotFound."""
    return launches.touch_plan(actor, touch_id).template_version_ids


def _may_go_on(actor: Actor, shift: Shift) -> bool:
    """Ask the short question first, and the long one only when the answer is no."""
    if launches.may_send(actor, shift.touch_id) and not templates.withdrawn_among(shift.template_version_ids):
        return True
    return standing(actor, shift.touch_id) is Standing.GO


def stop(actor: Actor, touch_id: int, at: Standing) -> None:
    """Skip what is still to leave of a touch that will never leave again; a paused one is left alone."""
    if at in {Standing.GO, Standing.WAIT}:
        return
    partner_id = launches.partner_of_touch(actor, touch_id)
    session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(queries.visible_to(actor).with_only_columns(Delivery.id)),
            Delivery.partner_id == partner_id,
            Delivery.touch_id == touch_id,
            Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.DEFERRED)),
        )
        .values(state=DeliveryState.SKIPPED, reason=Reason(at.value))
        .execution_options(synchronize_session=False)
    )


def hand_over(
    actor: Actor, shift: Shift, *, rows: int, after: Place | None = None, outcomes: Sequence[Outcome] = ()
) -> Part | None:
    """Settle the part before, then claim at most so many rows and return those that may leave, addressed.

    Consent, suppression, launch and template are asked now, not when the rows were made. `after` is where the part
    before ended. None: the touch may not go on. Once this is committed and until the outcomes are, a crash leaves the
    claimed rows `unknown`.
    """
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, shift)
    now = clock.now()
    # The turn first, then rows, then the launch: everybody locks in this order, so nobody waits in a circle.
    session.execute(update(Turn).where(Turn.partner_id == shift.partner_id).values(running_until=now + LEASE))
    settle(actor, shift.mark, outcomes)
    if not _may_go_on(actor, shift):
        return None
    claimed = claim(actor, shift, now, rows=rows, after=after)
    ids = [row.contact_id for row in claimed if row.contact_id]
    people = {person.id: person for person in audiences.contacts_for_sending(actor, ids)}
    addressees = [(row, people.get(row.contact_id or 0)) for row in claimed]
    refused = guards.refusals(actor, shift, addressees)
    parcels = tuple(addressed(row, person) for row, person in addressees if person and row.id not in refused)
    skip(actor, shift.mark, refused)
    return Part(parcels, after=(claimed[-1].retry_at, claimed[-1].id) if len(claimed) == rows else None)


def addressed(row: _Addressable, person: Recipient) -> Parcel:
    """Put a person's address on a delivery."""
    return Parcel(
        delivery_id=row.id,
        message_id=row.message_id,
        attempts=row.attempts,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        company=person.company,
        locale=person.locale or "",
    )
