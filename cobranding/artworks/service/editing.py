"""Starting and changing an artwork: values are held against the template's locks before anything is kept."""

from collections.abc import Mapping
from typing import Any

from assets.library import service as library
from assets.library.rules import AssetKind, UseKind
from cobranding.artworks import queries, rules
from cobranding.artworks.errors import NeedsPartner, NotAnArtwork, PictureNotYours
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import ArtworkState
from cobranding.rendering.document.model import Document, Variable
from cobranding.rendering.document.values import check_values, missing_values, unchanged_values
from cobranding.templates import service as templates
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def create(
    actor: Actor,
    *,
    template_version_id: int,
    values: Mapping[str, Any] | None = None,
    name: str = "",
    locale: str = "",
    partner_id: int | None = None,
) -> Artwork:
    """Start an artwork for the actor's own partner; only the service itself names another one.

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, Forbidden, NeedsPartner, NotAnArtwork,
    ValuesRefused, PictureNotYours.
    """
    template = templates.usable_version(actor, template_version_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT)
    owner = partner_id if actor.is_system else actor.partner_id
    if owner is None:
        raise NeedsPartner
    document = templates.document_of(template)
    if not document.formats:
        raise NotAnArtwork
    kept = check_values(document, values or {})
    _check_pictures(actor, owner, document, kept, before={})
    artwork = Artwork(
        partner_id=owner,
        template_version_id=template.id,
        name=name.strip() or template.name,
        locale=locale,
        values=kept,
        state=_state_of(document, kept, locale),
    )
    session.add(artwork)
    session.flush()
    _note_pictures(actor, artwork, document)
    audit.record(actor, "cobranding.artwork.created", artwork, after={"values": kept}, template=template.name)
    return artwork


def edit(
    actor: Actor,
    artwork_id: int,
    *,
    values: Mapping[str, Any] | None = None,
    name: str | None = None,
    locale: str | None = None,
    expected_revision: int | None = None,
) -> Artwork:
    """Change an artwork; `values` replace the ones before.

    Raises ArtworkNotFound, Forbidden, StaleEdit, IllegalMove, ValuesRefused, PictureNotYours.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT, artwork)
    check_revision(artwork, expected_revision)
    document = templates.document_of(templates.version(actor, artwork.template_version_id))
    before = {"name": artwork.name, "locale": artwork.locale, "values": artwork.values}
    if values is not None:
        kept = check_values(document, values)
        _check_pictures(actor, artwork.partner_id, document, kept, before=artwork.values)
        artwork.values = kept
    artwork.name = artwork.name if name is None else name.strip() or artwork.name
    artwork.locale = artwork.locale if locale is None else locale
    state = _state_of(document, artwork.values, artwork.locale)
    if state is not artwork.state:
        artwork.state = move(rules.MOVES, artwork.state, state)
    session.flush()
    _note_pictures(actor, artwork, document)
    after = {"name": artwork.name, "locale": artwork.locale, "values": artwork.values}
    audit.record(actor, "cobranding.artwork.edited", artwork, before=before, after=after)
    return artwork


def _state_of(document: Document, values: Mapping[str, Any], locale: str) -> ArtworkState:
    open_points = missing_values(document, values, locale or document.locale) or unchanged_values(document, values)
    return ArtworkState.DRAFT if open_points else ArtworkState.READY


def _note_pictures(actor: Actor, artwork: Artwork, document: Document) -> None:
    """Let the library know which of its pictures an artwork has."""
    for name, value in artwork.values.items():
        variable = document.variables.get(name)
        if variable is not None and variable.type in ("image", "logo"):
            ref = f"artwork:{artwork.id}"
            library.record_use(actor, value, UseKind.ARTWORK, ref, label=artwork.name, partner_id=artwork.partner_id)


def _check_pictures(
    actor: Actor, partner_id: int, document: Document, values: Mapping[str, Any], *, before: Mapping[str, Any]
) -> None:
    """Refuse pictures and logos that the template does not ask for, or that are not there for this partner."""
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        variable = document.variables.get(name)
        if variable is None or variable.type not in ("image", "logo"):
            continue
        try:
            asset = library.asset(actor, value)
        except NotFound:
            errors[name] = [PictureNotYours.message]
            continue
        problem = _problem_with(variable, asset, partner_id, is_new=before.get(name) != value)
        if problem:
            errors[name] = [problem]
    if errors:
        raise PictureNotYours(errors=errors)


def _problem_with(variable: Variable, asset: library.AssetView, partner_id: int, *, is_new: bool) -> str:
    """Return why a file cannot be the value of a variable: it is not theirs, of another kind, or was put away."""
    if variable.type == "logo" and (asset.kind is not AssetKind.LOGO or asset.partner_id != partner_id):
        return "is not one of your logos"
    put_away = asset.archived_at is not None and is_new
    if asset.partner_id not in (None, partner_id) or put_away or not asset.media_type.startswith("image/"):
        return PictureNotYours.message
    return ""
