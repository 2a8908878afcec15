"""Links by which people without sign-in fetch one file, until they expire or are taken back."""

from sqlalchemy import update

from assets.library import queries, rules
from assets.library.errors import AssetArchived, RightsNotRunning, ShareNotFound, TooManyShares
from assets.library.model import AssetShare
from assets.library.service.keeping import own
from assets.library.service.views import StoredFile, content_of
from tcma import settings
from tcma.audit import service as audit
from tcma.infra import crypto
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.permissions import Permission

PURPOSE = "assets.share"
MOST_LINKS = 20  # to one file at a time


def share(actor: Actor, asset_id: int, *, days: int = rules.DEFAULT_DAYS) -> AssetShare:
    """Make a link to one of the actor's own files.

    Raises AssetNotFound, Forbidden, OtherOwner, AssetArchived, RightsNotRunning, NotShareable, TooManyShares, Invalid.
    """
    asset = queries.one_for_update(actor, asset_id)
    authorize(actor, Permission.ASSETS_ASSET_SHARE, asset)
    own(actor, asset)
    if asset.archived_at is not None:
        raise AssetArchived
    if problem := rules.rights_problem(asset, clock.today()):
        raise RightsNotRunning(problem)
    rules.check_shareable(asset)
    if queries.open_shares_of(actor, asset.id) >= MOST_LINKS:
        raise TooManyShares
    link = AssetShare(
        partner_id=asset.partner_id,
        asset_id=asset.id,
        created_by=actor.user_id,
        expires_at=rules.expiry(clock.now(), days),
    )
    session.add(link)
    session.flush()
    audit.record(actor, "assets.asset.shared", asset, link=link.id, expires_at=link.expires_at)
    return link


def revoke_share(actor: Actor, asset_id: int, share_id: int) -> AssetShare:
    """Take a link back; taking it back again changes nothing.

    Raises AssetNotFound, ShareNotFound, Forbidden.
    """
    asset = queries.one(actor, asset_id)
    link = queries.share_for_update(actor, asset.id, share_id)
    authorize(actor, Permission.ASSETS_ASSET_SHARE, link)
    own(actor, asset)
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        audit.record(actor, "assets.asset.share_revoked", asset, link=link.id)
    return link


def shares(actor: Actor, asset_id: int) -> list[AssetShare]:
    """Give the links to a file that the actor may see, the latest first.

    Raises AssetNotFound.
    """
    return queries.shares_of(actor, queries.one(actor, asset_id).id)


def share_url(link: AssetShare) -> str:
    """Give the address of a link."""
    return f"{settings.current().base_url}/s/{crypto.sign(PURPOSE, link.id)}"


def share_of(token: str) -> int:
    """Give the id of the link that a token stands for; whether it is still open is another question.

    Raises ShareNotFound.
    """
    try:
        (share_id,) = crypto.verify(PURPOSE, token)
    except (crypto.BadSignature, ValueError) as problem:
        raise ShareNotFound from problem
    return int(share_id)


def open_share(share_id: int) -> StoredFile:
    """Say where the file behind an open link is, and count that somebody fetches it; the service itself asks.

    Raises ShareNotFound when the link ended, or the file may not be used any more.
    """
    found = queries.open_share(SYSTEM, share_id)
    if found is None:
        raise ShareNotFound
    link, asset = found
    if asset.archived_at is not None or rules.rights_problem(asset, clock.today()) or asset.rights_regions:
        raise ShareNotFound
    count_up = update(AssetShare).where(AssetShare.id == link.id).values(downloads=AssetShare.downloads + 1)
    session.execute(count_up.execution_options(synchronize_session=False))
    return content_of(asset)
