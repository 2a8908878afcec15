"""Guard people: not the same campaign from two partners within days, and not too many mails from all of them.

Both are asked at the hand-off, about keyed hashes of addresses, of tables that only the service reads. What is asked
about is taken at once, so two partners who ask about one person in the same moment are not both told yes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import text

from campaigns.audiences.service import Recipient
from campaigns.sending.rules import Reason, Shift
from campaigns.sending.service.claim import Claimed
from tcma.accounts import service as accounts
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

_FIRST = text("SELECT * FROM tcma_first_to_mail(:kit_id, :partner_id, :hashes, :now, :since)")
_SELDOM = text("SELECT * FROM tcma_mailed_seldom(:hashes, :today, :most)")
_FORGET = (
    text("DELETE FROM mailed_people WHERE mailed_at < :before"),
    text("DELETE FROM mail_counts WHERE on_day < :before"),
)
# Longer than any brand may say that a collision counts.
KEPT = timedelta(days=400)


def refusals(actor: Actor, shift: Shift, addressees: Sequence[tuple[Claimed, Recipient | None]]) -> dict[int, Reason]:
    """Return, by delivery, why a mail must not leave now; what may leave is not in it."""
    refused = {
        row.id: Reason(person.refusal) if person else Reason.CONTACT_ERASED
        for row, person in addressees
        if person is None or person.refusal
    }
    willing = [(row, person.address_hash) for row, person in addressees if person and not person.refusal]
    first = first_to_mail(actor, shift, {address_hash for _, address_hash in willing})
    refused |= {row.id: Reason.ALREADY_MAILED for row, address_hash in willing if address_hash not in first}
    # Whoever is tried again was counted the first time.
    new = [(row, address_hash) for row, address_hash in willing if address_hash in first and not row.attempts]
    seldom = mailed_seldom(actor, {address_hash for _, address_hash in new})
    return refused | {row.id: Reason.TOO_MANY_MAILS for row, address_hash in new if address_hash not in seldom}


def first_to_mail(actor: Actor, shift: Shift, hashes: Collection[bytes]) -> set[bytes]:
    """Return which people no other partner has mailed about this kit lately; they are this partner's from now on."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, shift)
    days = accounts.brand_limits().collision_days
    if not days or not hashes:
        return set(hashes)
    now = clock.now()
    asked = {
        "kit_id": shift.kit_id,
        "partner_id": shift.partner_id,
        "hashes": list(hashes),
        "now": now,
        "since": now - timedelta(days=days),
    }
    return {bytes(found) for found in session.scalars(_FIRST, asked)}


def mailed_seldom(actor: Actor, hashes: Collection[bytes]) -> set[bytes]:
    """Return which people get no more mails in seven days than the brand allows, this one counted."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    most = accounts.brand_limits().mails_per_week
    if not most or not hashes:
        return set(hashes)
    asked = {"hashes": list(hashes), "today": clock.today(), "most": most}
    return {bytes(found) for found in session.scalars(_SELDOM, asked)}


def forget_mailed(actor: Actor) -> None:
    """Delete what is too old to guard anybody. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    before = clock.now() - KEPT
    session.execute(_FORGET[0], {"before": before})
    session.execute(_FORGET[1], {"before": before.date()})
