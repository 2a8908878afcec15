"""The files that something is made of: there, and with rights that run where and for what they are used."""

from assets.library import queries, rules
from assets.library.errors import AssetNotFound, RightsNotRunning
from assets.library.model import Asset
from assets.library.rules import RightsChannel
from assets.library.service.rights import region_of
from assets.library.service.views import StoredFile, content_of
from tcma.kernel import clock
from tcma.kernel.actor import Actor


def usable_file(
    actor: Actor,
    asset_id: int | None,
    *,
    name: str = "",
    partner_id: int | None = None,
    channel: RightsChannel | str | None = None,
) -> StoredFile:
    """Say where the bytes of an asset are that something is made of: the one with an id, or the brand's with a name.

    `partner_id` is whoever it is made for; None: the brand itself. Archived ones and earlier versions stay usable.
    Raises AssetNotFound, and RightsNotRunning with a sentence that names the asset, also where it is hidden by that.
    """
    found = _used(actor, asset_id, name)
    region = region_of(actor, partner_id, [found]) if found.partner_id is None else None
    if problem := rules.rights_problem(found, clock.today(), region=region, channel=channel):
        raise RightsNotRunning(problem)
    return content_of(found)


def _used(actor: Actor, asset_id: int | None, name: str) -> Asset:
    if asset_id is not None:
        found = next(iter(queries.used(actor, [asset_id])), None)
    else:
        found = queries.used_by_name(actor, name)
    if found is None:
        raise AssetNotFound
    return found
