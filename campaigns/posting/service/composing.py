"""Turn a touch into a message for one network: gather in a transaction, write outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.kits.rules import pick_locale
from campaigns.launches import service as launches
from campaigns.launches.service import TouchPlan
from campaigns.networks import rules as networks
from campaigns.networks.rules import Message
from campaigns.posting import queries
from campaigns.posting.errors import PostDoesNotFit
from campaigns.posting.model import Post
from campaigns.posting.rules import PostState
from campaigns.posting.service.claiming import may_leave
from campaigns.sending import service as sending
from campaigns.sending.service import FileDraft
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What a post is made of."""

    post_id: int
    account_id: int
    message: Message
    plan: TouchPlan
    file: FileDraft | None

    def write(self) -> Message:
        """Make the picture, and look whether the network takes it all. Reaches no database.

        Raises PostDoesNotFit, UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
        """
        message = self.message
        picture = launches.picture(self.plan, sending.write_file(self.file)) if self.file else None
        network = self.plan.channel.network
        found = networks.problems(network, message.text, picture) if network else []
        if found:
            raise PostDoesNotFit(" ".join(found))
        return Message(
            message.key, message.number, message.made_at, message.text, message.link, message.locale, picture
        )


def gather(actor: Actor, post_id: int) -> PostDraft | None:
    """Gather what a post is made of, and write down where its link leads; None when it may not leave now.

    Raises PostNotFound, Forbidden.
    """
    row = queries.one_for_update(actor, post_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, row)
    if row.state is not PostState.QUEUED or row.retry_at > clock.now():
        return None
    plan = launches.touch_plan(actor, row.touch_id)
    if not may_leave(actor, row, plan):
        return None
    sending.register_printed_links(actor, row.touch_id)
    target = sending.main_target(plan)
    link = sending.printed_link(actor, plan, target) if target else ""
    file = sending.picture_draft(actor, plan, plan.format_key) if plan.template_version_id is not None else None
    locale = pick_locale(plan.partner.locale, plan.texts, plan.default_locale)
    message = message_of(row, launches.share_text(plan, link), link, locale)
    return PostDraft(row.id, row.social_account_id, message, plan, file)


def message_of(row: Post, text: str, link: str, locale: str) -> Message:
    """Return a post's message without its picture: enough to know it again at the network."""
    return Message(key=row.key, number=row.id, made_at=row.created_at, text=text, link=link, locale=locale or "en")
