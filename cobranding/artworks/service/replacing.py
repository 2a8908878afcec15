"""Put one picture of the brand in the place of another: in templates by a draft, in artworks at once."""

from assets.library import service as library
from assets.library.rules import UseKind
from assets.library.service import AssetView, Replaced
from cobranding.artworks import queries
from cobranding.artworks.errors import ArtworkInReview
from cobranding.artworks.model import Artwork
from cobranding.artworks.service.editing import rewrite
from cobranding.rendering.document.model import Document
from cobranding.templates import service as templates
from cobranding.templates.service import TemplateVersionView
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def replace_picture(actor: Actor, before: AssetView, after: AssetView) -> list[Replaced]:
    """Replace a picture in every template and artwork that has it, and say where.

    A published version never changes: its template gets a draft with the new picture, for the brand to publish.
    Raises Forbidden, DocumentInvalid.
    """
    authorize(actor, Permission.ASSETS_ASSET_REPLACE)
    places = []
    for draft in templates.replace_picture(actor, before, after):
        ref, label = f"template_version:{draft.id}", f"{draft.name}, version {draft.number}"
        library.record_use(actor, after.id, UseKind.TEMPLATE_DRAFT, ref, label=label)
        places.append(Replaced(UseKind.TEMPLATE_DRAFT, ref, label, left_to_do="Publish this draft."))
    for artwork in queries.with_value_for_update(actor, before.id):
        template = templates.version(actor, artwork.template_version_id)
        names = _pictured(templates.document_of(template), artwork, before.id)
        if names:
            places.append(_replaced_in(actor, artwork, template, dict.fromkeys(names, after.id)))
    return places


def _pictured(document: Document, artwork: Artwork, asset_id: int) -> list[str]:
    """Return the variables for pictures that have a picture as their value; a number may have the same value."""
    pictures = {name for name, variable in document.variables.items() if variable.type == "image"}
    return [name for name, value in artwork.values.items() if name in pictures and value == asset_id]


def _replaced_in(actor: Actor, artwork: Artwork, template: TemplateVersionView, new: dict[str, int]) -> Replaced:
    """Put other pictures into an artwork, which takes it back to its partner where it had been approved."""
    ref, before = f"artwork:{artwork.id}", artwork.values
    after = {**before, **new}
    try:
        rewrite(actor, artwork, template, values=after, locale=artwork.locale)
    except ArtworkInReview:
        return Replaced(UseKind.ARTWORK, ref, artwork.name, left_to_do="Decide about this artwork, then replace again.")
    session.flush()
    audit.record(actor, "cobranding.artwork.edited", artwork, before={"values": before}, after={"values": after})
    for asset_id in sorted(set(new.values())):
        library.record_use(actor, asset_id, UseKind.ARTWORK, ref, label=artwork.name, partner_id=artwork.partner_id)
    return Replaced(UseKind.ARTWORK, ref, artwork.name)


library.on_replace(replace_picture)
