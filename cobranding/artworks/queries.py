"""Reads of artworks: a partner its own, the brand all."""

from sqlalchemy import Select, cast, func
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from cobranding.artworks.errors import ArtworkNotFound
from cobranding.artworks.model import Artwork
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Artwork]:
    """Return the artworks that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_ARTWORK_READ)
    return owned_by(actor, Artwork)


def one(actor: Actor, artwork_id: int) -> Artwork:
    """Return one artwork. Raises ArtworkNotFound."""
    found = session.scalars(visible_to(actor).where(Artwork.id == artwork_id)).one_or_none()
    if found is None:
        raise ArtworkNotFound
    return found


def one_for_update(actor: Actor, artwork_id: int) -> Artwork:
    """Return one artwork and keep others from changing it meanwhile. Raises ArtworkNotFound."""
    found = session.scalars(lock(visible_to(actor).where(Artwork.id == artwork_id))).one_or_none()
    if found is None:
        raise ArtworkNotFound
    return found


def page_of(
    actor: Actor, *, limit: int = 50, after: int | None = None, template_version_id: int | None = None
) -> Page[Artwork]:
    """Return one page of artworks, newest first."""
    rows = visible_to(actor)
    if template_version_id is not None:
        rows = rows.where(Artwork.template_version_id == template_version_id)
    return page(rows, Artwork.id, limit=limit, after=after)


def with_value_for_update(actor: Actor, value: int) -> list[Artwork]:
    """Return the artworks that have a number among their values, and keep others from changing them meanwhile."""
    having = func.jsonb_path_exists(
        Artwork.values, cast("$.* ? (@ == $value)", JSONPATH), cast({"value": value}, JSONB)
    )
    return list(session.scalars(lock(visible_to(actor).where(having).order_by(Artwork.id))))
