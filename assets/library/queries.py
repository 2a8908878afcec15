"""The SELECTs of the library; each starts from `visible_to`."""

from collections.abc import Iterable

from sqlalchemy import Select, and_, or_, select

from assets.library.errors import AssetNotFound
from assets.library.model import Asset
from assets.library.rules import AssetKind
from tcma.infra.db import session
from tcma.infra.paging import Page, page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Asset]:
    """Give what the actor may see: the brand everything; a partner its own, and the brand's while the rights run.

    Archived ones are among them: they stay where they were used. Lists and new choices leave them out.
    Raises Forbidden.
    """
    authorize(actor, Permission.ASSETS_ASSET_READ)
    rows = select(Asset)
    if not actor.is_partner:
        return rows
    today = clock.today()
    shared = and_(
        Asset.partner_id.is_(None),
        or_(Asset.rights_from_on.is_(None), Asset.rights_from_on <= today),
        or_(Asset.rights_until_on.is_(None), Asset.rights_until_on >= today),
    )
    return rows.where(or_(Asset.partner_id == actor.partner_id, shared))


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


def page_of(
    actor: Actor,
    *,
    limit: int = 50,
    after: int | None = None,
    kind: AssetKind | None = None,
    partner_id: int | None = None,
) -> Page[Asset]:
    """Give one page of what can be chosen, the newest first."""
    rows = visible_to(actor).where(Asset.archived_at.is_(None))
    return _page(rows, limit=limit, after=after, kind=kind, partner_id=partner_id)


def page_of_archived(
    actor: Actor,
    *,
    limit: int = 50,
    after: int | None = None,
    kind: AssetKind | None = None,
    partner_id: int | None = None,
) -> Page[Asset]:
    """Give one page of what was put away, the newest first; a partner sees only what it put away itself."""
    rows = visible_to(actor).where(Asset.archived_at.is_not(None))
    if actor.is_partner:
        rows = rows.where(Asset.partner_id == actor.partner_id)
    return _page(rows, limit=limit, after=after, kind=kind, partner_id=partner_id)


def _page(
    rows: Select[Asset], *, limit: int, after: int | None, kind: AssetKind | None, partner_id: int | None
) -> Page[Asset]:
    if kind is not None:
        rows = rows.where(Asset.kind == kind)
    if partner_id is not None:
        rows = rows.where(Asset.partner_id == partner_id)
    return page(rows, Asset.id, limit=limit, after=after)


def logos_of(actor: Actor, partner_id: int | None) -> list[Asset]:
    """Give the logos of a partner (None: of the brand) that may be used today, the newest first."""
    today = clock.today()
    rows = visible_to(actor).where(
        Asset.partner_id == partner_id,
        Asset.kind == AssetKind.LOGO,
        Asset.archived_at.is_(None),
        or_(Asset.rights_from_on.is_(None), Asset.rights_from_on <= today),
        or_(Asset.rights_until_on.is_(None), Asset.rights_until_on >= today),
    )
    return list(session.scalars(rows.order_by(Asset.id.desc())))


def of_brand_by_name(actor: Actor, name: str) -> Asset:
    """Give the newest of the brand's assets that has a name.

    Raises AssetNotFound.
    """
    rows = visible_to(actor).where(Asset.partner_id.is_(None), Asset.name == name, Asset.archived_at.is_(None))
    found = session.scalar(rows.order_by(Asset.id.desc()).limit(1))
    if found is None:
        raise AssetNotFound
    return found


def of_brand_by_hash(actor: Actor, sha256: str, kind: AssetKind) -> Asset | None:
    """Give the newest of the brand's assets of a kind that has these very bytes, if one is there to be chosen."""
    rows = visible_to(actor).where(Asset.partner_id.is_(None), Asset.sha256 == sha256, Asset.kind == kind)
    return session.scalar(rows.where(Asset.archived_at.is_(None)).order_by(Asset.id.desc()).limit(1))
