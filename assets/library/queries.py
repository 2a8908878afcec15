"""The SELECTs of the library; each starts from `visible_to`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select

from assets.library import rules
from assets.library.errors import AssetNotFound, ShareNotFound
from assets.library.model import Asset, AssetShare, AssetUse
from assets.library.rules import AssetKind, RightsState
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Asset]:
    """Give what the actor may see: the brand everything; a partner its own, and the brand's while the rights run.

    The rights run for a partner within their window and in its region. Archived ones and earlier versions are among
    them: they stay where they were used. Lists and new choices leave them out. Raises Forbidden.
    """
    authorize(actor, Permission.ASSETS_ASSET_READ)
    rows = select(Asset)
    if not actor.is_partner:
        return rows
    region = select(func.tcma_region_of(actor.partner_id)).scalar_subquery()  # asked once, not for every row
    everywhere = Asset.rights_regions == []
    shared = and_(
        Asset.partner_id.is_(None),
        _rights(RightsState.RUNNING, clock.today()),
        or_(everywhere, Asset.rights_regions.op("?")(region)),
    )
    return rows.where(or_(Asset.partner_id == actor.partner_id, shared))


def _rights(state: RightsState, today: date) -> ColumnElement[bool]:
    to_come, ended = Asset.rights_from_on > today, Asset.rights_until_on < today
    if state is RightsState.TO_COME:
        return to_come
    if state is RightsState.ENDED:
        return ended
    return and_(func.coalesce(~to_come, True), func.coalesce(~ended, True))


def one(actor: Actor, asset_id: int) -> Asset:
    """Give one asset.

    Raises AssetNotFound.
    """
    found = session.scalar(visible_to(actor).where(Asset.id == asset_id))
    if found is None:
        raise AssetNotFound
    return found


def one_for_update(actor: Actor, asset_id: int) -> Asset:
    """Give one asset, locked until the end of the transaction.

    Raises AssetNotFound.
    """
    found = session.scalar(visible_to(actor).where(Asset.id == asset_id).with_for_update())
    if found is None:
        raise AssetNotFound
    return found


def several(actor: Actor, asset_ids: Iterable[int]) -> list[Asset]:
    """Give the assets in the order asked for.

    Raises AssetNotFound when one of them is not there for this actor.
    """
    wanted = list(asset_ids)
    found = {asset.id: asset for asset in session.scalars(visible_to(actor).where(Asset.id.in_(set(wanted))))}
    if any(asset_id not in found for asset_id in wanted):
        raise AssetNotFound
    return [found[asset_id] for asset_id in wanted]


def used(actor: Actor, asset_ids: Iterable[int]) -> list[Asset]:
    """Give assets that something is already made of, also when the rights to them do not run, to say just that."""
    authorize(actor, Permission.ASSETS_ASSET_READ)
    rows = select(Asset).where(Asset.id.in_(set(asset_ids)))
    if actor.is_partner:
        rows = rows.where(or_(Asset.partner_id.is_(None), Asset.partner_id == actor.partner_id))
    return list(session.scalars(rows.order_by(Asset.id)))


def used_by_name(actor: Actor, name: str) -> Asset | None:
    """Give the newest of the brand's assets with a name, also when the rights to it do not run, to say just that."""
    authorize(actor, Permission.ASSETS_ASSET_READ)
    return session.scalar(_newest_of_brand(select(Asset), name))


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None, **wanted: Any) -> Page[Asset]:
    """Give one page of what can be chosen, the newest first; `wanted` as in `matching`."""
    rows = visible_to(actor).where(Asset.archived_at.is_(None), Asset.superseded_at.is_(None))
    return page(matching(rows, **wanted), Asset.id, limit=limit, after=after)


def choosable(actor: Actor, *, are_logos: bool, tags: Iterable[str], limit: int) -> list[Asset]:
    """Give the newest pictures that may be chosen: a partner's own logos, or any picture with one of some tags."""
    rows = visible_to(actor).where(
        Asset.archived_at.is_(None), Asset.superseded_at.is_(None), Asset.media_type.like("image/%")
    )
    if are_logos:
        rows = rows.where(Asset.kind == AssetKind.LOGO, Asset.partner_id == actor.partner_id)
    else:
        rows = rows.where(Asset.kind != AssetKind.LOGO)
    if wanted := rules.normal_tags(tags):
        rows = rows.where(or_(*(Asset.tags.op("@>")(cast([tag], Asset.tags.type)) for tag in wanted)))
    return list(session.scalars(rows.order_by(Asset.id.desc()).limit(limit)))


def page_of_archived(actor: Actor, *, limit: int = 50, after: int | None = None, **wanted: Any) -> Page[Asset]:
    """Give one page of what was put away, the newest first; a partner sees only what it put away itself."""
    rows = visible_to(actor).where(Asset.archived_at.is_not(None))
    if actor.is_partner:
        rows = rows.where(Asset.partner_id == actor.partner_id)
    return page(matching(rows, **wanted), Asset.id, limit=limit, after=after)


def matching(
    rows: Select[Asset],
    *,
    kind: AssetKind | None = None,
    partner_id: int | None = None,
    tag: str = "",
    rights: RightsState | None = None,
    search: str = "",
) -> Select[Asset]:
    """Narrow assets to a kind, an owner, a tag, where today lies in their rights, and words said about them."""
    if kind is not None:
        rows = rows.where(Asset.kind == kind)
    if partner_id is not None:
        rows = rows.where(Asset.partner_id == partner_id)
    for wanted in rules.normal_tags([tag]):
        rows = rows.where(Asset.tags.op("@>")(cast([wanted], Asset.tags.type)))
    if rights is not None:
        rows = rows.where(_rights(rights, clock.today()))
    said = Asset.name + " " + Asset.alt_text + " " + cast(Asset.tags, Text)
    return rows.where(*(said.ilike(pattern, escape="\\") for pattern in rules.search_patterns(search)))


def series_of(actor: Actor, asset: Asset) -> list[Asset]:
    """Give every version of an asset that the actor may see, the newest first."""
    rows = visible_to(actor).where(or_(Asset.id == asset.series_id, Asset.first_id == asset.series_id))
    return list(session.scalars(rows.order_by(Asset.number.desc())))


def logos_of(actor: Actor, partner_id: int | None) -> list[Asset]:
    """Give the logos of a partner (None: of the brand) that may be used today, the newest first."""
    rows = visible_to(actor).where(
        Asset.partner_id == partner_id,
        Asset.kind == AssetKind.LOGO,
        Asset.archived_at.is_(None),
        Asset.superseded_at.is_(None),
        _rights(RightsState.RUNNING, clock.today()),
    )
    return list(session.scalars(rows.order_by(Asset.id.desc())))


def of_brand_by_name(actor: Actor, name: str) -> Asset:
    """Give the newest of the brand's assets that has a name.

    Raises AssetNotFound.
    """
    found = session.scalar(_newest_of_brand(visible_to(actor), name))
    if found is None:
        raise AssetNotFound
    return found


def _newest_of_brand(rows: Select[Asset], name: str) -> Select[Asset]:
    named = rows.where(Asset.partner_id.is_(None), Asset.name == name)
    offered = named.where(Asset.archived_at.is_(None), Asset.superseded_at.is_(None))
    return offered.order_by(Asset.id.desc()).limit(1)


def uses_of(actor: Actor, asset_id: int, *, limit: int = 50, after: int | None = None) -> Page[AssetUse]:
    """Give one page of the uses of an asset, the latest first; a partner sees its own."""
    authorize(actor, Permission.ASSETS_ASSET_READ)
    return page(owned_by(actor, AssetUse).where(AssetUse.asset_id == asset_id), AssetUse.id, limit=limit, after=after)


def shares_visible_to(actor: Actor) -> Select[AssetShare]:
    """Give the links that the actor may see: a partner its own, the brand all. Raises Forbidden."""
    authorize(actor, Permission.ASSETS_ASSET_READ)
    return owned_by(actor, AssetShare)


def shares_of(actor: Actor, asset_id: int) -> list[AssetShare]:
    """Give the links to an asset, the latest first."""
    rows = shares_visible_to(actor).where(AssetShare.asset_id == asset_id)
    return list(session.scalars(rows.order_by(AssetShare.id.desc()).limit(100)))


def open_shares_of(actor: Actor, asset_id: int) -> int:
    """Count the links to an asset that still open it."""
    rows = shares_visible_to(actor).where(
        AssetShare.asset_id == asset_id, AssetShare.revoked_at.is_(None), AssetShare.expires_at > clock.now()
    )
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def share_for_update(actor: Actor, asset_id: int, share_id: int) -> AssetShare:
    """Give one link to an asset, locked until the end of the transaction.

    Raises ShareNotFound.
    """
    rows = shares_visible_to(actor).where(AssetShare.id == share_id, AssetShare.asset_id == asset_id)
    found = session.scalar(rows.with_for_update())
    if found is None:
        raise ShareNotFound
    return found


def open_share(actor: Actor, share_id: int) -> tuple[AssetShare, Asset] | None:
    """Give a link that still opens, with the asset behind it."""
    rows = shares_visible_to(actor).where(
        AssetShare.id == share_id, AssetShare.revoked_at.is_(None), AssetShare.expires_at > clock.now()
    )
    link = session.scalar(rows)
    return None if link is None else (link, one(actor, link.asset_id))


def one_by_hash(actor: Actor, sha256: str) -> Asset | None:
    """Give the newest asset whose bytes, or whose trimmed logo as pixels or as a drawing, have this hash."""
    logo = (Asset.mark["sha256"].astext == sha256, Asset.vector["sha256"].astext == sha256)
    same = or_(Asset.sha256 == sha256, *logo)
    return session.scalars(visible_to(actor).where(same).order_by(Asset.id.desc()).limit(1)).one_or_none()


def of_brand_by_hash(actor: Actor, sha256: str, kind: AssetKind) -> Asset | None:
    """Give the newest of the brand's assets of a kind that has these very bytes, if one is there to be chosen."""
    rows = visible_to(actor).where(Asset.partner_id.is_(None), Asset.sha256 == sha256, Asset.kind == kind)
    return session.scalar(rows.where(Asset.archived_at.is_(None)).order_by(Asset.id.desc()).limit(1))
