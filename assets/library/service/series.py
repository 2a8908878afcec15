"""Versions of an asset: a new file for the same thing, one after the other."""

from collections.abc import Callable

from assets.library import queries
from assets.library.errors import AssetArchived, NotNewest
from assets.library.model import Asset
from assets.library.rules import AssetKind
from assets.library.service.keeping import own
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def kind_to_follow(actor: Actor, asset_id: int) -> AssetKind:
    """Tell of which kind a next version has to be, to whoever may add one.

    Raises AssetNotFound, Forbidden, OtherOwner.
    """
    return _may_follow(actor, queries.one(actor, asset_id)).kind


def add_version(actor: Actor, asset_id: int, *, keep: Callable[[Asset], Asset]) -> Asset:
    """Let `keep` add the version that follows the newest one, which it is given, and offer that from here on.

    The version before stays where it is used. Two uploads take turns, and the second is told that it came too late.
    Raises AssetNotFound, Forbidden, OtherOwner, AssetArchived, NotNewest.
    """
    before = _may_follow(actor, queries.one_for_update(actor, asset_id))
    if before.archived_at is not None:
        raise AssetArchived
    if before.superseded_at is not None:
        raise NotNewest
    added = keep(before)
    before.superseded_at = clock.now()
    session.flush()
    audit.record(actor, "assets.asset.superseded", before, by=added.id, number=added.number)
    return added


def _may_follow(actor: Actor, before: Asset) -> Asset:
    authorize(actor, Permission.ASSETS_ASSET_UPLOAD, before)
    own(actor, before)
    return before


def versions(actor: Actor, asset_id: int) -> list[Asset]:
    """Give all versions of an asset that the actor may see, the newest first.

    Raises AssetNotFound.
    """
    return queries.series_of(actor, queries.one(actor, asset_id))
