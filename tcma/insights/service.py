"""What stands on the start page of each of the three people."""

from tcma.insights import brand, partner
from tcma.insights.home import Home
from tcma.kernel.actor import Actor


def home(actor: Actor) -> Home:
    """Return the start page of whoever looks."""
    return brand.home_of(actor) if actor.partner_id is None else partner.home_of(actor, actor.partner_id)
