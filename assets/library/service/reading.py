"""What other rooms ask about assets."""

from collections.abc import Iterable
from typing import Final

from assets.library import queries, rules
from assets.library.errors import AssetArchived, NoThumbnail, RightsNotRunning, WrongKind
from assets.library.rules import AssetKind, Variant
from assets.library.service.views import AssetView, LogoFile, StoredFile, content_of, logo_of, part_of, view_of
from tcma.infra.storage import storage
from tcma.kernel import clock
from tcma.kernel.actor import Actor


def asset(actor: Actor, asset_id: int) -> AssetView:
    """Tell about one asset.

    Raises AssetNotFound.
    """
    return view_of(queries.one(actor, asset_id))


def require_all(actor: Actor, asset_ids: Iterable[int], kind: AssetKind) -> list[AssetView]:
    """Tell about assets that are about to be used: all there, of one kind, not archived, with running rights.

    Raises AssetNotFound, WrongKind, AssetArchived, RightsNotRunning.
    """
    found = queries.several(actor, asset_ids)
    today = clock.today()
    for each in found:
        if each.kind is not AssetKind(kind):
            raise WrongKind(f"“{each.name}” is a {each.kind}, but a {AssetKind(kind)} is needed here.")
        if each.archived_at is not None:
            raise AssetArchived(f"“{each.name}” was archived. Choose another, or upload it again.")
        if problem := rules.rights_problem(each, today):
            raise RightsNotRunning(problem)
    return [view_of(each) for each in found]


def brand_asset_by_name(actor: Actor, name: str) -> AssetView:
    """Tell about the newest of the brand's assets with a name.

    Raises AssetNotFound.
    """
    return view_of(queries.of_brand_by_name(actor, name))


def brand_asset_by_hash(actor: Actor, sha256: str, kind: AssetKind) -> AssetView | None:
    """Tell about the newest of the brand's assets of a kind with these very bytes, if there is one to be chosen."""
    found = queries.of_brand_by_hash(actor, sha256, kind)
    return view_of(found) if found else None


MOST_TO_CHOOSE: Final = 60


def pictures_to_choose(
    actor: Actor, *, are_logos: bool, tags: Iterable[str] = (), chosen_id: int | None = None
) -> list[AssetView]:
    """Give the newest pictures, or the actor's own logos, that can be chosen; with the one chosen before among them.

    `tags` are the ones of which a picture needs at least one; none: any picture will do.
    """
    rows = queries.choosable(actor, are_logos=are_logos, tags=tags, limit=MOST_TO_CHOOSE)
    if chosen_id is not None and chosen_id not in {row.id for row in rows}:
        rows = [*queries.several(actor, [chosen_id]), *rows]
    return [view_of(row) for row in rows]


def content_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where an asset's bytes are.

    Raises AssetNotFound.
    """
    return content_of(queries.one(actor, asset_id))


def file_by_hash(actor: Actor, sha256: str) -> StoredFile | None:
    """Say where the bytes with a hash are, of a file or of a trimmed logo; None when no asset has them (any more)."""
    found = queries.one_by_hash(actor, sha256)
    if found is None:
        return None
    beside = ((found.mark, "-mark"), (found.vector, "-vector"))
    files = (content_of(found), *(part_of(found, part, suffix) for part, suffix in beside if part))
    return next(file for file in files if file.etag == sha256)


def thumbnail_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where an asset's small picture is.

    Raises AssetNotFound, NoThumbnail.
    """
    found = queries.one(actor, asset_id)
    if found.thumbnail is None:
        raise NoThumbnail
    return part_of(found, found.thumbnail, "-small")


def read(file: StoredFile) -> bytes:
    """Fetch bytes from storage; call it outside the transaction.

    Raises FileMissing, StorageUnavailable.
    """
    return storage().get(file.key)


def partner_logo(actor: Actor, partner_id: int | None, *, background: str = "light") -> LogoFile | None:
    """Give the logo of a partner (None: of the brand) that suits a background, or None where there is no logo."""
    chosen = rules.suits_best(queries.logos_of(actor, partner_id), Variant(background))
    if chosen is None or chosen.mark is None:
        return None
    return logo_of(chosen, chosen.mark)


def logo_file(actor: Actor, asset_id: int) -> LogoFile | None:
    """Give one logo ready to be placed, or None where the asset is no logo. Raises AssetNotFound."""
    found = queries.one(actor, asset_id)
    return logo_of(found, found.mark) if found.mark else None


def has_logo(actor: Actor, partner_id: int | None) -> bool:
    """Tell whether a partner (None: the brand) has a logo that may be used today."""
    return bool(queries.logos_of(actor, partner_id))
