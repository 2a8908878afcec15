"""The targets that a touch points at. What is not written down here is never redirected to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from campaigns.kits.rules import POSTED
from campaigns.launches import service as launches
from campaigns.launches.service import TouchPlan
from campaigns.sending import queries
from campaigns.sending.channels import addresses
from campaigns.sending.model import TrackedLink
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission

_WEB: Final = ("https://", "http://")


def main_target(plan: TouchPlan) -> str:
    """Return where the button of a touch leads, with the address of its own file."""
    return launches.main_target(plan, addresses.flyer(plan.partner_id, plan.touch_id))


def file_target(plan: TouchPlan) -> str:
    """Return where the code on a touch's picture or attachment leads, or nothing."""
    target = plan.link_url if plan.link_url.startswith(_WEB) else plan.partner.web or plan.brand.web
    return target if target.startswith(_WEB) else ""


def register_printed_links(actor: Actor, touch_id: int) -> None:
    """Write down where the codes and posts of a touch lead, so that whoever looks at them later only reads.

    Done twice, it adds nothing. Raises NotFound, Forbidden.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    targets = [file_target(plan)]
    if plan.channel in POSTED:
        targets.append(main_target(plan))
    register_links(actor, touch_id, [target for target in targets if target])


def unregistered_shares(actor: Actor) -> list[int]:
    """Return the shares still to come of which no link is written down: the job that does it was lost."""
    waiting = launches.open_shares(actor)
    return sorted(set(waiting) - queries.touches_with_links(actor, waiting))


def register_links(actor: Actor, touch_id: int, urls: Sequence[str]) -> dict[str, int]:
    """Write down the targets of a touch and return their ids; done twice, it adds nothing. Raises NotFound."""
    partner_id = launches.partner_of_touch(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if not urls:
        return {}
    rows = [{"partner_id": partner_id, "touch_id": touch_id, "url": url} for url in dict.fromkeys(urls)]
    session.execute(insert(TrackedLink).on_conflict_do_nothing(constraint="uq_tracked_links_touch_id_url"), rows)
    return queries.links_to(actor, touch_id, urls)


def link(actor: Actor, link_id: int) -> TrackedLink:
    """Return a tracked link. Raises NotFound."""
    found = queries.links(actor, [link_id])
    if not found:
        raise NotFound
    return found[0]


def registered_links(actor: Actor, touch_id: int, urls: Sequence[str]) -> dict[str, int]:
    """Return the ids of the targets of a touch that are written down."""
    return queries.links_to(actor, touch_id, urls)


def printed_link(actor: Actor, plan: TouchPlan, url: str) -> str:
    """Return the tracked address of a target for paper and posts, where no recipient is known.

    A share keeps the link it was given, though the profile has changed since. Nothing while none is written down.
    """
    link_id = queries.links_to(actor, plan.touch_id, [url]).get(url) if url else None
    if link_id is None and plan.channel in POSTED:
        link_id = queries.newest_link(actor, plan.touch_id)
    return addresses.click(plan.partner_id, None, link_id) if link_id else ""
