"""Touches that a person shares by hand: the words to copy, the pictures to download, and the note that it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.kits.rules import TouchChannel
from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.launches.service import TouchPlan
from campaigns.networks import service as networks
from campaigns.sending import queries
from campaigns.sending.errors import NotYetDue
from campaigns.sending.model import Share
from campaigns.sending.service.compose import FileDraft, picture_draft
from campaigns.sending.service.links import main_target, printed_link
from cobranding.templates import service as templates
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class ShareKit:
    """What a partner copies and downloads, and whether it is done.

    `link_url` is the tracked link; it is empty while none is written down, and then the words carry the plain target.
    """

    touch_id: int
    launch_id: int
    launch_name: str
    key: str
    state: str
    text: str
    link_url: str
    is_link_owed: bool
    formats: tuple[str, ...]
    shared_at: datetime | None
    network: str
    post_url: str
    accounts: tuple[str, ...] = ()

    @property
    def has_image(self) -> bool:
        """Tell whether there is a picture to go with the words."""
        return bool(self.formats)


def share_kit(actor: Actor, launch_id: int, touch_id: int) -> ShareKit:
    """Return the words with their tracked link, and the formats of the picture. Raises NotFound, Forbidden."""
    plan = _plan(actor, launch_id, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, plan)
    share = queries.share_of(actor, touch_id)
    target = main_target(plan)
    link = printed_link(actor, plan, target)
    return ShareKit(
        touch_id=touch_id,
        launch_id=launch_id,
        launch_name=plan.launch_name,
        key=plan.key,
        state=plan.touch_state.value,
        text=launches.share_text(plan, link or target),
        link_url=link,
        is_link_owed=bool(target) and not link,
        formats=_formats(actor, plan),
        shared_at=share.shared_at if share else None,
        network=share.network if share else "",
        post_url=share.post_url if share else "",
        accounts=_accounts(actor, plan),
    )


def share_draft(actor: Actor, launch_id: int, touch_id: int, *, format_key: str) -> FileDraft:
    """Gather what the picture of a touch is made of; `write_file` makes it.

    Raises NotFound, Forbidden, TemplateGone.
    """
    plan = _plan(actor, launch_id, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, plan)
    return picture_draft(actor, plan, format_key)


def mark_shared(actor: Actor, launch_id: int, touch_id: int, *, network: str = "", post_url: str = "") -> ShareKit:
    """Note that a touch was shared by hand, and where; done twice, the first note stays.

    Raises NotFound, Forbidden, NotYetDue.
    """
    plan = _plan(actor, launch_id, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, plan)
    if queries.share_of(actor, touch_id) is None:
        if plan.touch_state is not TouchState.DUE:
            raise NotYetDue
        share = Share(
            partner_id=plan.partner_id,
            launch_id=launch_id,
            touch_id=touch_id,
            network=network.strip(),
            post_url=post_url.strip(),
            shared_by=actor.user_id,
        )
        session.add(share)
        session.flush()
        launches.touch_finished(actor, touch_id)
        audit.record(actor, "campaigns.touch.shared", share, network=share.network, post_url=share.post_url)
    return share_kit(actor, launch_id, touch_id)


def _plan(actor: Actor, launch_id: int, touch_id: int) -> TouchPlan:
    plan = launches.touch_plan(actor, touch_id)
    if plan.launch_id != launch_id or plan.way is not TouchChannel.SHARE:
        raise NotFound
    return plan


def _accounts(actor: Actor, plan: TouchPlan) -> tuple[str, ...]:
    """Return in whose name it could be posted in place of sharing it, once its turn has come."""
    network = plan.channel.network
    if network is None or plan.touch_state is not TouchState.DUE:
        return ()
    return tuple(one.handle for one in networks.usable_accounts(actor, plan.partner_id, network))


def _formats(actor: Actor, plan: TouchPlan) -> tuple[str, ...]:
    if plan.template_version_id is None:
        return ()
    version = templates.version(actor, plan.template_version_id)
    withdrawn = bool(templates.withdrawn_among([version.id]))
    return () if withdrawn else tuple(version.document.get("formats", {}))
