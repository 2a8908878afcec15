"""Turn a touch into letters: gather in a transaction, write outside of it, and address with the links' numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.kits.rules import TouchChannel, Tracking
from campaigns.launches import service as launches
from campaigns.launches.service import TouchPlan
from campaigns.senders import service as senders
from campaigns.sending.channels import addresses
from campaigns.sending.channels.email import Letters
from campaigns.sending.channels.letter import Attachment, Content, Letter, Sender
from campaigns.sending.service.links import file_target, main_target, printed_link
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from tcma import settings
from tcma.infra.buckets import Bucket
from tcma.infra.dkim import Signer
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class FileDraft:
    """What a file is made of; `write_file` makes it."""

    inputs: artworks.Inputs
    format_key: str


@dataclass(frozen=True, slots=True)
class Written:
    """A touch in words: one content per locale, and what its links point at."""

    plan: TouchPlan
    contents: Mapping[str, Content]
    targets: Mapping[str, tuple[str, ...]]
    signer: Signer | None
    limits: tuple[Bucket, ...]

    @property
    def urls(self) -> list[str]:
        """Return every target that is to be tracked, once."""
        if self.plan.tracking is Tracking.NONE:
            return []
        return list(dict.fromkeys(url for targets in self.targets.values() for url in targets))

    def letters(self, link_ids: Mapping[str, int]) -> Letters:
        """Compile the letters, once the targets have been written down; one that is not stands for itself."""
        plan = self.plan
        sender = Sender(
            name=plan.sender.name,
            address=plan.sender.address,
            reply_to=plan.sender.reply_to,
            postal_address=plan.sender.postal_address or plan.brand.postal_address,
        )
        headers = {
            # Google's form: up to three of our own fields, then who sends.
            "Feedback-ID": f"launch{plan.launch_id}:partner{plan.partner_id}:kit{plan.kit_id}:tcma",
            "List-Id": f"<launch{plan.launch_id}.partner{plan.partner_id}.{settings.current().mail_domain}>",
        }
        return Letters(
            partner_id=plan.partner_id,
            touch_id=plan.touch_id,
            by_locale={locale: Letter(content, sender, headers=headers) for locale, content in self.contents.items()},
            pages={locale: content.html for locale, content in self.contents.items()},
            links={
                locale: tuple(link_ids.get(url, url) for url in targets) for locale, targets in self.targets.items()
            },
            partner_locale=plan.partner.locale,
            default_locale=plan.default_locale,
            signer=self.signer,
            counts_opens=plan.tracking is Tracking.ALL,
            limits=self.limits,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that the letters of a touch are made of."""

    plan: TouchPlan
    mails: Mapping[str, artworks.MailInputs]
    attached: FileDraft | None
    signer: Signer | None
    limits: tuple[Bucket, ...]

    def write(self) -> Written:
        """Write the letters. Reaches no database: call it outside of the transaction.

        Raises ValuesRefused, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
        """
        files = (_attachment(write_file(self.attached)),) if self.attached else ()
        contents: dict[str, Content] = {}
        targets: dict[str, tuple[str, ...]] = {}
        for locale, inputs in self.mails.items():
            mail = launches.compose(self.plan, locale, inputs)
            contents[locale] = Content(mail.subject, mail.html, mail.text, files)
            targets[locale] = mail.links
        return Written(self.plan, contents, targets, self.signer, self.limits)


def draft(actor: Actor, touch_id: int) -> Draft:
    """Gather what the letters of a touch are made of.

    Raises NotFound, Forbidden, TemplateWithdrawn, ValuesRefused.
    """
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, plan)
    if plan.channel is not TouchChannel.EMAIL or plan.template_version_id is None:
        raise NotFound
    attachment = plan.attachment or {}
    links = {"main": main_target(plan)}
    if attachment.get("mode") == "link":
        links["flyer"] = addresses.flyer(plan.partner_id, touch_id)
    return Draft(
        plan=plan,
        mails=launches.mail_inputs(actor, plan, links),
        attached=_file_of(actor, plan) if attachment.get("mode") == "attach" else None,
        signer=senders.signer(actor, plan.sender),
        limits=senders.limits(actor, plan.sender, plan.partner_id),
    )


def flyer_draft(actor: Actor, touch_id: int) -> FileDraft:
    """Gather the file that a touch links to. Raises NotFound, Forbidden, TemplateGone."""
    plan = launches.touch_plan(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, plan)
    if plan.kit_withdrawn or plan.attachment is None:
        raise NotFound
    templates.present_version(actor, int(plan.attachment["template_version_id"]))
    return _file_of(actor, plan)


def picture_draft(actor: Actor, plan: TouchPlan, format_key: str) -> FileDraft:
    """Gather the picture of a touch that is shared by hand. Raises NotFound, Forbidden, TemplateGone."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, plan)
    if plan.template_version_id is None:
        raise NotFound
    templates.present_version(actor, plan.template_version_id)
    return _gather_file(actor, plan, plan.template_version_id, format_key)


def write_file(file: FileDraft) -> artworks.RenderedFile:
    """Render a file. Reaches no database: call it outside of the transaction.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
    """
    return artworks.render(file.inputs, file.format_key or next(iter(file.inputs.document.formats)))


def _file_of(actor: Actor, plan: TouchPlan) -> FileDraft:
    if plan.attachment is None:
        raise NotFound
    version_id = int(plan.attachment["template_version_id"])
    return _gather_file(actor, plan, version_id, str(plan.attachment.get("format") or ""))


def _gather_file(actor: Actor, plan: TouchPlan, version_id: int, format_key: str) -> FileDraft:
    target = file_target(plan)
    link = printed_link(actor, plan, target) or target
    values = launches.values_for(actor, version_id, plan.values)
    inputs = artworks.render_inputs(
        actor, plan.partner_id, version_id, values, link_url=link, locale=plan.partner.locale, title=plan.launch_name
    )
    return FileDraft(inputs, format_key)


def _attachment(file: artworks.RenderedFile) -> Attachment:
    return Attachment(file.filename, file.media_type, file.data)
