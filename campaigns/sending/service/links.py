"""The targets that a touch points at. What is not written down here is never redirected to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from campaigns.launches import service as launches
from campaigns.sending import queries
from campaigns.sending.channels import addresses
from campaigns.sending.model import TrackedLink
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


def register_links(actor: Actor, touch_id: int, urls: Sequence[str]) -> dict[str, int]:
    """Write down the targets of a touch and return their ids; done twice, it adds nothing. Raises NotFound."""
    partner_id = launches.partner_of_touch(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    if not urls:
        return {}
    rows = [{"partner_id": partner_id, "touch_id": touch_id, "url": url} for url in dict.fromkeys(urls)]
    session.execute(insert(TrackedLink).on_conflict_do_nothing(constraint="uq_tracked_links_touch_id_url"), rows)
    found = session.execute(
        select(TrackedLink.url, TrackedLink.id).where(TrackedLink.touch_id == touch_id, TrackedLink.url.in_(urls))
    )
    return {url: link_id for url, link_id in found}  # noqa: C416 - rows are no pairs to the type checker


def link(actor: Actor, link_id: int) -> TrackedLink:
    """Return a tracked link. Raises NotFound."""
    found = queries.links(actor, [link_id])
    if not found:
        raise NotFound
    return found[0]


def printed_link(actor: Actor, touch_id: int, url: str) -> str:
    """Return the tracked address of a target for paper and posts, where no recipient is known. Raises NotFound."""
    partner_id = launches.partner_of_touch(actor, touch_id)
    return addresses.click(partner_id, None, register_links(actor, touch_id, [url])[url])
