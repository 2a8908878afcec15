"""Starting and changing an artwork: values are held against the template's locks before anything is kept."""

from collections.abc import Mapping
from typing import Any

from assets.library import service as library
from assets.library.rules import AssetKind, UseKind
from cobranding.artworks import queries, rules
from cobranding.artworks.errors import (
    ArtworkInReview,
    NeedsPartner,
    NotAnArtwork,
    NowhereToMove,
    PictureNotYours,
)
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import ArtworkState
from cobranding.artworks.service.trust import is_reviewed_first
from cobranding.rendering.document.model import Document, Variable
from cobranding.rendering.document.values import check_values, missing_values, picture_problem, unchanged_values
from cobranding.templates import service as templates
from cobranding.templates.rules import VersionState
from cobranding.templates.service import TemplateVersionView
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
        values_hash=rules.hash_of(template.content_hash, kept, locale),
        state=rules.state_after_edit(
            ArtworkState.DRAFT,
            is_complete=is_complete(document, kept, locale),
            is_changed=True,
            is_reviewed_first=is_reviewed_first(actor, template, owner),
        ),
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
    """Change an artwork; `values` replace the ones before. Other values or another language void an approval.

    Raises ArtworkNotFound, Forbidden, StaleEdit, ArtworkInReview, ValuesRefused, PictureNotYours.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT, artwork)
    check_revision(artwork, expected_revision)
    template = templates.version(actor, artwork.template_version_id)
    document = templates.document_of(template)
    before = {"name": artwork.name, "locale": artwork.locale, "values": artwork.values}
    kept = artwork.values if values is None else check_values(document, values)
    if values is not None:
        _check_pictures(actor, artwork.partner_id, document, kept, before=artwork.values)
    artwork.name = artwork.name if name is None else name.strip() or artwork.name
    rewrite(actor, artwork, template, values=kept, locale=artwork.locale if locale is None else locale)
    session.flush()
    _note_pictures(actor, artwork, document)
    after = {"name": artwork.name, "locale": artwork.locale, "values": artwork.values}
    audit.record(actor, "cobranding.artwork.edited", artwork, before=before, after=after)
    return artwork


def move_on(
    actor: Actor, artwork_id: int, *, values: Mapping[str, Any] | None = None, expected_revision: int | None = None
) -> Artwork:
    """Move an artwork to the version that partners use now, with its own values or others that fit there.

    That is the successor of a withdrawn version, else the newest one. An approval ends with its version.
    Raises ArtworkNotFound, Forbidden, StaleEdit, NowhereToMove, ArtworkInReview, ValuesRefused, PictureNotYours.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT, artwork)
    check_revision(artwork, expected_revision)
    target = version_to_move_to(actor, artwork)
    if target is None:
        raise NowhereToMove
    document = templates.document_of(target)
    before = {"template_version_id": artwork.template_version_id, "values": artwork.values}
    kept = check_values(document, artwork.values if values is None else values)
    _check_pictures(actor, artwork.partner_id, document, kept, before=artwork.values)
    rewrite(actor, artwork, target, values=kept, locale=artwork.locale)
    session.flush()
    after = {"template_version_id": artwork.template_version_id, "values": artwork.values}
    audit.record(actor, "cobranding.artwork.moved", artwork, before=before, after=after)
    return artwork


def version_to_move_to(actor: Actor, artwork: Artwork) -> TemplateVersionView | None:
    """Return the version that stands in the place of an artwork's own, if it is another one."""
    own = templates.version(actor, artwork.template_version_id)
    successor = templates.successor_of(actor, own) if own.state is VersionState.WITHDRAWN else None
    target = successor or templates.newest_published(actor, own.template_id)
    return target if target is not None and target.id != own.id else None


def rewrite(
    actor: Actor, artwork: Artwork, template: TemplateVersionView, *, values: Mapping[str, Any], locale: str
) -> None:
    """Put checked values into an artwork, and let its state follow; the caller holds its row.

    Raises ArtworkInReview.
    """
    values_hash = rules.hash_of(template.content_hash, values, locale)
    is_changed = values_hash != artwork.values_hash
    if is_changed and artwork.state is ArtworkState.IN_REVIEW:
        raise ArtworkInReview
    state = rules.state_after_edit(
        artwork.state,
        is_complete=is_complete(templates.document_of(template), values, locale),
        is_changed=is_changed,
        is_reviewed_first=is_reviewed_first(actor, template, artwork.partner_id),
    )
    if state is not artwork.state:
        artwork.state = move(rules.MOVES, artwork.state, state)
    artwork.template_version_id = template.id
    if is_changed:
        artwork.values = dict(values)
        artwork.locale = locale
        artwork.values_hash = values_hash
        artwork.approved_hash = ""


def is_complete(document: Document, values: Mapping[str, Any], locale: str) -> bool:
    """Tell whether no required value is missing, and none still says what the template says."""
    return not missing_values(document, values, locale or document.locale) and not unchanged_values(document, values)


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
    return picture_problem(variable, asset.tags)
