"""Tell a partner that a person has to look at something."""

from __future__ import annotations

from tcma.kernel.actor import Actor
from tcma.notifications import service as notifications


def tell_unknown(actor: Actor, partner_id: int, number: int) -> None:
    """Ask the partner to say what became of deliveries that nobody knows about."""
    one = number == 1
    notifications.tell_partner(
        actor,
        partner_id,
        kind="campaigns.delivery.unknown",
        title="One mail may or may not have arrived" if one else f"{number} mails may or may not have arrived",
        body="The connection broke in the moment of the hand-over. They are not sent again by themselves: "
        "look at them, and say what became of them.",
        link="/deliveries?state=unknown",
    )
