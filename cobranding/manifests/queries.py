"""Reads of manifests and keys: a partner its own manifests, the brand all."""

from collections.abc import Collection

from sqlalchemy import Select, select, tuple_

from cobranding.manifests.errors import KeyNotFound, ManifestNotFound
from cobranding.manifests.model import Manifest, SigningKey
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Manifest]:
    """Return the manifests that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_ARTWORK_READ)
    return owned_by(actor, Manifest)


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Manifest]:
    """Return one page of manifests, newest first."""
    return page(visible_to(actor), Manifest.id, limit=limit, after=after)


def by_code(actor: Actor, code: str) -> Manifest | None:
    """Return the newest manifest with a code."""
    rows = visible_to(actor).where(Manifest.code == code).order_by(Manifest.id.desc()).limit(1)
    return session.scalars(rows).one_or_none()


def one_by_code(actor: Actor, code: str) -> Manifest:
    """Return the newest manifest with a code. Raises ManifestNotFound."""
    found = by_code(actor, code)
    if found is None:
        raise ManifestNotFound
    return found


def by_output(actor: Actor, sha256: str) -> Manifest | None:
    """Return the newest manifest of a file with these bytes."""
    rows = visible_to(actor).where(Manifest.output_sha256 == sha256).order_by(Manifest.id.desc()).limit(1)
    return session.scalars(rows).one_or_none()


def of_files(actor: Actor, files: Collection[tuple[str, str]]) -> dict[tuple[str, str], Manifest]:
    """Return the manifests of exactly these orders and outcomes: pairs of a code and the hash of the file."""
    rows = visible_to(actor).where(tuple_(Manifest.code, Manifest.output_sha256).in_(list(files)))
    return {(found.code, found.output_sha256): found for found in session.scalars(rows)}


def signing_key() -> SigningKey | None:
    """Return the key that signs now."""
    return session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))).one_or_none()


def key(key_id: int) -> SigningKey:
    """Return one key. Raises KeyNotFound."""
    found = session.get(SigningKey, key_id)
    if found is None:
        raise KeyNotFound
    return found


def key_for_update(key_id: int) -> SigningKey:
    """Return one key and keep others from changing it meanwhile. Raises KeyNotFound."""
    found = session.scalars(lock(select(SigningKey).where(SigningKey.id == key_id))).one_or_none()
    if found is None:
        raise KeyNotFound
    return found


def keys_page(*, limit: int = 50, after: int | None = None) -> Page[SigningKey]:
    """Return one page of the keys, newest first."""
    return page(select(SigningKey), SigningKey.id, limit=limit, after=after)
