"""Reads of artworks and of what was decided about them: a partner its own, the brand all."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from cobranding.artworks.errors import ArtworkNotFound
from cobranding.artworks.model import Artwork, ArtworkReview
from cobranding.artworks.rules import ArtworkState, Decision
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


def queue(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Artwork]:
    """Return one page of what waits for a decision, the longest waiting first; `after` is the last one's id."""
    waiting = visible_to(actor).where(Artwork.state == ArtworkState.IN_REVIEW)
    key = tuple_(Artwork.submitted_at, Artwork.id)
    if after is not None:
        last = visible_to(actor).with_only_columns(Artwork.submitted_at, Artwork.id).where(Artwork.id == after)
        waiting = waiting.where(key > last.scalar_subquery())
    found = list(session.scalars(waiting.order_by(Artwork.submitted_at, Artwork.id).limit(limit + 1)))
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def count_waiting(actor: Actor) -> int:
    """Count what waits for a decision."""
    waiting = visible_to(actor).where(Artwork.state == ArtworkState.IN_REVIEW).subquery()
    return int(session.scalar(select(func.count()).select_from(waiting)) or 0)


def of_version(actor: Actor, version_id: int, *, after: int, limit: int) -> Sequence[Artwork]:
    """Return artworks of a template version with ids above `after`, in their order."""
    rows = visible_to(actor).where(Artwork.template_version_id == version_id, Artwork.id > after)
    return list(session.scalars(rows.order_by(Artwork.id).limit(limit)))


def count_of_version(actor: Actor, version_id: int) -> int:
    """Count the artworks of a template version."""
    rows = visible_to(actor).where(Artwork.template_version_id == version_id).subquery()
    return int(session.scalar(select(func.count()).select_from(rows)) or 0)


def reviews(actor: Actor, artwork_id: int) -> Sequence[ArtworkReview]:
    """Return what was decided about an artwork, oldest first. Raises ArtworkNotFound."""
    artwork = one(actor, artwork_id)
    rows = owned_by(actor, ArtworkReview).where(ArtworkReview.artwork_id == artwork.id)
    return list(session.scalars(rows.order_by(ArtworkReview.id)))


def was_approved(actor: Actor, partner_id: int, template_id: int) -> bool:
    """Tell whether the brand ever approved an artwork that a partner made of a template, in any version."""
    rows = owned_by(actor, ArtworkReview).where(
        ArtworkReview.partner_id == partner_id,
        ArtworkReview.template_id == template_id,
        ArtworkReview.decision == Decision.APPROVED,
    )
    return session.scalars(rows.limit(1)).first() is not None


def last_decision(actor: Actor, partner_id: int, hashes: Collection[str]) -> Decision | None:
    """Return what was decided last about any of some hashes of a partner's values."""
    rows = owned_by(actor, ArtworkReview).with_only_columns(ArtworkReview.decision)
    rows = rows.where(ArtworkReview.partner_id == partner_id, ArtworkReview.values_hash.in_(hashes))
    return session.scalars(rows.order_by(ArtworkReview.id.desc()).limit(1)).first()
