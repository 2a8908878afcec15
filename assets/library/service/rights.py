"""Whether assets may be used: now, by a partner, through a channel."""

from collections.abc import Iterable

from assets.library import queries, rules
from assets.library.errors import RightsNotRunning
from assets.library.model import Asset
from assets.library.rules import RightsChannel
from tcma.accounts import service as accounts
from tcma.kernel import clock
from tcma.kernel.actor import Actor


def rights_problems(
    actor: Actor,
    asset_ids: Iterable[int],
    *,
    partner_id: int | None = None,
    channel: RightsChannel | str | None = None,
) -> dict[int, str]:
    """Say, by asset, why it may not be used today: a sentence that names it. What may be used is not in it.

    `partner_id` is whoever it is used for; None: the brand looks at it, which may everywhere. What the actor may never
    see is left out too: whoever fetches it learns that. Raises NotFound for another's partner.
    """
    found = queries.used(actor, asset_ids)
    region = region_of(actor, partner_id, found)
    today = clock.today()
    problems = {
        asset.id: rules.rights_problem(
            asset, today, region=region if asset.partner_id is None else None, channel=channel
        )
        for asset in found
    }
    return {asset_id: problem for asset_id, problem in problems.items() if problem}


def require_rights(
    actor: Actor,
    asset_ids: Iterable[int],
    *,
    partner_id: int | None = None,
    channel: RightsChannel | str | None = None,
) -> None:
    """Go on only with assets that may be used.

    Raises RightsNotRunning, which names each that may not.
    """
    problems = rights_problems(actor, asset_ids, partner_id=partner_id, channel=channel)
    if problems:
        raise RightsNotRunning(" ".join(problems[asset_id] for asset_id in sorted(problems)))


def region_of(actor: Actor, partner_id: int | None, found: Iterable[Asset]) -> str | None:
    """Give the region of whoever assets are used for, or None where none of them asks for it.

    Raises NotFound for another's partner.
    """
    if partner_id is None or not any(asset.rights_regions for asset in found):
        return None
    return accounts.partner_profile(actor, partner_id).region
