"""Put one picture of the brand in the place of another: in templates by a draft, in artworks at once."""

from assets.library import service as library
from assets.library.rules import UseKind
from assets.library.service import AssetView, Replaced
from cobranding.artworks import queries
from cobranding.artworks.model import Artwork
from cobranding.templates import service as templates
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
        if _replaced_in(actor, artwork, before.id, by_id=after.id):
            ref = f"artwork:{artwork.id}"
            library.record_use(actor, after.id, UseKind.ARTWORK, ref, label=artwork.name, partner_id=artwork.partner_id)
            places.append(Replaced(UseKind.ARTWORK, ref, artwork.name))
    return places


def _replaced_in(actor: Actor, artwork: Artwork, asset_id: int, *, by_id: int) -> bool:
    """Replace the picture where the template has a variable for pictures; a number may have the same value."""
    document = templates.document_of(templates.version(actor, artwork.template_version_id))
    pictures = {name for name, variable in document.variables.items() if variable.type == "image"}
    names = [name for name, value in artwork.values.items() if name in pictures and value == asset_id]
    if not names:
        return False
    before, after = artwork.values, {**artwork.values, **dict.fromkeys(names, by_id)}
    audit.record(actor, "cobranding.artwork.edited", artwork, before={"values": before}, after={"values": after})
    artwork.values = after
    session.flush()
    return True


library.on_replace(replace_picture)
