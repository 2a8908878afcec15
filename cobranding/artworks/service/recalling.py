"""What becomes of artworks, and of pictures in mails, when the brand withdraws the version they were made of."""

from collections.abc import Sequence

from cobranding.artworks import queries
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import ArtworkState, RejectionCode
from cobranding.artworks.service.editing import rewrite
from cobranding.artworks.service.reviewing import reject
from cobranding.rendering.document.values import check_values
from cobranding.rendering.errors import ValuesRefused
from cobranding.templates import service as templates
from cobranding.templates.service import Recall, TemplateVersionView, Use, UseKind
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

MOVED, STAYED, STOPPED = "moved", "stayed_to_be_changed", "stopped"


def settle(actor: Actor, artwork_id: int, recall: Recall) -> str:
    """Move an artwork to the successor if its values fit there; else it stays, and is not given out any more.

    Its approval was about the withdrawn version and ends with it. Raises ArtworkNotFound, Forbidden.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT, artwork)
    if artwork.state is ArtworkState.IN_REVIEW:
        reject(actor, artwork.id, code=RejectionCode.WITHDRAWN, reason=recall.sentence, seen=artwork.values_hash)
    if recall.successor is None:
        return STOPPED
    if unfit_for(artwork, recall.successor):
        return STAYED
    values = check_values(templates.document_of(recall.successor), artwork.values)
    before = {"template_version_id": artwork.template_version_id, "state": artwork.state}
    rewrite(actor, artwork, recall.successor, values=values, locale=artwork.locale)
    session.flush()
    after = {"template_version_id": artwork.template_version_id, "state": artwork.state}
    audit.record(actor, "cobranding.artwork.moved", artwork, before=before, after=after)
    return MOVED


def unfit_for(artwork: Artwork, version: TemplateVersionView) -> dict[str, list[str]]:
    """Return what would have to change in an artwork before it fits another version: value -> sentences."""
    try:
        check_values(templates.document_of(version), artwork.values)
    except ValuesRefused as error:
        return error.errors
    return {}


def _artworks(actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
    found = queries.of_version(actor, version_id, after=after, limit=limit)
    return [Use(one.id, one.partner_id, one.name, one.state.value, f"/artworks/{one.id}") for one in found]


def _pictures(actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
    version = templates.version(actor, version_id)
    document = templates.document_of(version)
    if document.email is None:
        return []
    names = list(document.images)[after : after + limit]
    return [Use(after + number, None, name, version.state.value) for number, name in enumerate(names, start=1)]


templates.register_use(UseKind("artworks", "Artworks", queries.count_of_version, _artworks, settle=settle))
templates.register_use(
    UseKind(
        "pictures",
        "Pictures in mails",
        lambda actor, version_id: len(_pictures(actor, version_id, after=0, limit=1000)),
        _pictures,
        afterwards="Mails that were sent show them from here. From the withdrawal on they are not given out any more.",
    )
)
