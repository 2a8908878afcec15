"""What the pages of artworks share: their place in the menu, and what they say about several artworks."""

from typing import Any

from cobranding.artworks import rules, service
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import Decision
from cobranding.rendering.document.values import missing_values
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.pages import NavItem, portal_blueprint

bp = portal_blueprint(
    "artworks",
    "cobranding.artworks",
    "/artworks",
    nav=[
        NavItem("Artworks", "artworks.index", Permission.COBRANDING_ARTWORK_READ, section="Brand", position=20),
        NavItem("To approve", "artworks.queue", Permission.COBRANDING_ARTWORK_APPROVE, section="Brand", position=21),
    ],
)
pictures = portal_blueprint("pictures", "cobranding.artworks", "/m")


def made_of(actor: Actor, artworks: list[Artwork]) -> dict[int, dict[str, Any]]:
    """Return what each artwork was made of: its template's name and the format to show first."""
    made: dict[int, dict[str, Any]] = {}
    for artwork in artworks:
        version = templates.version(actor, artwork.template_version_id)
        document = templates.document_of(version)
        made[artwork.id] = {
            "template": version,
            "format": next(iter(document.formats), None),
            "is_complete": not missing_values(document, artwork.values, artwork.locale or document.locale),
        }
    return made


def partners_of(actor: Actor, artworks: list[Artwork]) -> dict[int, str]:
    """Return whose each artwork is, for those who see more than their own."""
    if actor.is_partner:
        return {}
    return {artwork.partner_id: accounts.partner_profile(actor, artwork.partner_id).trade_name for artwork in artworks}


def history_of(actor: Actor, artwork: Artwork) -> list[dict[str, Any]]:
    """Return what was decided about an artwork, as a time line."""
    said = {Decision.APPROVED: "Approved", Decision.REJECTED: "Sent back"}
    return [
        {
            "at": one.decided_at,
            "title": said[one.decision],
            "text": f"{rules.REASONS[one.code]}: {one.reason}" if one.code in rules.REASONS else one.reason,
            "actor": accounts.user_name(actor, one.decided_by),
        }
        for one in service.reviews(actor, artwork.id)
    ]
