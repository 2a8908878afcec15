"""Starting and changing an artwork: values are held against the template's locks before anything is kept."""

from collections.abc import Mapping
from typing import Any

from assets.library import service as library
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
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import check_values, missing_values
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
    if is_changed:
        artwork.template_version_id = template.id
        artwork.values = dict(values)
        artwork.locale = locale
        artwork.values_hash = values_hash
        artwork.approved_hash = ""


def is_complete(document: Document, values: Mapping[str, Any], locale: str) -> bool:
    """Tell whether no required value is missing."""
    return not missing_values(document, values, locale or document.locale)


def _check_pictures(
    actor: Actor, partner_id: int, document: Document, values: Mapping[str, Any], *, before: Mapping[str, Any]
) -> None:
    """Refuse pictures that are neither the partner's nor the brand's, and archived ones that are new here."""
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        variable = document.variables.get(name)
        if variable is None or variable.type != "image":
            continue
        try:
            asset = library.asset(actor, value)
        except NotFound:
            errors[name] = [PictureNotYours.message]
            continue
        foreign = asset.partner_id not in (None, partner_id)
        put_away = asset.archived_at is not None and before.get(name) != value
        if foreign or put_away or not asset.media_type.startswith("image/"):
            errors[name] = [PictureNotYours.message]
    if errors:
        raise PictureNotYours(errors=errors)
