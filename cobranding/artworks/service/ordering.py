"""Final files are ordered, so that each carries its code and has a manifest; previews are not."""

from cobranding.artworks import queries
from cobranding.artworks.service.gathering import inputs_for
from cobranding.manifests import service as manifests
from cobranding.manifests.service import Order
from cobranding.templates import service as templates
from tcma.kernel.actor import Actor


def order(actor: Actor, artwork_id: int, *, format_key: str, output: str | None = None, page: int = 1) -> Order:
    """Prepare one file of an artwork.

    Raises ArtworkNotFound, TemplateWithdrawn, DocumentInvalid, UnknownFormat.
    """
    artwork = queries.one(actor, artwork_id)
    return manifests.order(
        templates.version(actor, artwork.template_version_id),
        inputs_for(actor, artwork_id),
        partner_id=artwork.partner_id,
        format_key=format_key,
        output=output,
        page=page,
    )
