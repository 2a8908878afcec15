"""The SELECTs of uploads."""

from sqlalchemy import Select, select

from assets.uploads.model import Upload
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def visible_to(actor: Actor) -> Select[Upload]:
    """Give what the actor may see: the brand everything, a partner its own. Raises Forbidden."""
    authorize(actor, Permission.ASSETS_ASSET_READ)
    rows = select(Upload)
    return rows.where(Upload.partner_id == actor.partner_id) if actor.is_partner else rows


def of_asset(actor: Actor, asset_id: int) -> Upload | None:
    """Give the upload that an asset came from, where the actor may see it."""
    return session.scalar(visible_to(actor).where(Upload.asset_id == asset_id).order_by(Upload.id).limit(1))
