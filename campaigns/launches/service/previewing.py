"""Show exactly what would leave, before anything does. Gather in the transaction; `PreviewDraft.write` is pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.audiences import service as audiences
from campaigns.kits import service as kits
from campaigns.kits.rules import TouchChannel
from campaigns.launches import queries, rules
from campaigns.launches.errors import LaunchInvalid, NotForPartners
from campaigns.launches.queries import TouchPlan
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service import messages
from campaigns.launches.service.composing import compose
from campaigns.launches.service.planning import checked_plan, reply_address, sender_address
from campaigns.launches.service.reporting import touch_plan
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid, NotFound
from tcma.kernel.permissions import Permission

# Stands where the address of a linked file will stand: it is made for a touch, and there is none yet.
FLYER_PLACE = "https://flyer.example/"
SAMPLE = {
    "contact.first_name": "Alex",
    "contact.last_name": "Example",
    "contact.company": "Example & Sons",
    "unsubscribe_url": "#unsubscribe",
    "view_url": "#view",
}


@dataclass(frozen=True, slots=True)
class MailPreview:
    """A mail in one locale, filled in for a sample recipient."""

    locale: str
    subject: str
    preheader: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class TouchPreview:
    """What one touch would do, and when. `problems` keeps it from being produced: name -> sentences."""

    key: str
    name: str
    channel: TouchChannel
    state: TouchState
    touch_id: int
    due_at_local: datetime
    due_at: datetime
    mails: tuple[MailPreview, ...]
    share_text: str
    formats: tuple[str, ...]
    attachment: Mapping[str, Any] | None
    problems: Mapping[str, list[str]]

    def mail(self, locale: str) -> MailPreview:
        """Return the mail in one locale. Raises NotFound."""
        found = next((one for one in self.mails if one.locale == locale), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class LaunchPreview:
    """Everything that a launch would send and in whose name."""

    kit_version_id: int
    kit_name: str
    sender_name: str
    sender_email: str
    reply_to: str
    time_zone: str
    recipients: int
    touches: tuple[TouchPreview, ...]

    def touch(self, key: str) -> TouchPreview:
        """Return one touch by its key. Raises NotFound."""
        found = next((one for one in self.touches if one.key == key), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class TouchDraft:
    """What one touch is made of."""

    plan: TouchPlan
    due_at_local: datetime
    document: Mapping[str, Any]
    mails: Mapping[str, artworks.MailInputs]
    file: artworks.Inputs | None
    file_format: str
    formats: tuple[str, ...]

    def write(self) -> TouchPreview:
        """Compile the mails; what keeps them from being produced is told instead. Reaches no database."""
        written = []
        problems: dict[str, list[str]] = {}
        for locale, inputs in self.mails.items():
            try:
                written.append(_sample_mail(locale, compose(self.plan, locale, inputs)))
            except Invalid as problem:
                problems.update(problem.errors or {"": [problem.detail]})
        plan = self.plan
        share = messages.share_text(plan, messages.main_target(plan)) if plan.channel is TouchChannel.SHARE else ""
        return TouchPreview(
            key=plan.key,
            name=self.document.get("name", ""),
            channel=plan.channel,
            state=plan.touch_state,
            touch_id=plan.touch_id,
            due_at_local=self.due_at_local,
            due_at=plan.due_at,
            mails=tuple(written),
            share_text=share,
            formats=self.formats,
            attachment=plan.attachment,
            problems=problems,
        )

    def file_problems(self) -> dict[str, list[str]]:
        """Produce the file, if there is one, and tell what keeps it from being produced. Reaches no database."""
        try:
            if self.file is not None:
                self.write_file()
        except Invalid as problem:
            return problem.errors or {"": [problem.detail]}
        return {}

    def write_file(self, format_key: str = "") -> artworks.RenderedFile:
        """Render the picture to share, or the file that goes with the mail. Reaches no database.

        Raises NotFound, UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
        """
        if self.file is None:
            raise NotFound
        return artworks.render(self.file, format_key or self.file_format or self.formats[0])


@dataclass(frozen=True, slots=True)
class PreviewDraft:
    """What a whole launch is made of."""

    kit_version_id: int
    kit_name: str
    sender_name: str
    sender_email: str
    reply_to: str
    time_zone: str
    recipients: int
    touches: tuple[TouchDraft, ...]

    def write(self) -> LaunchPreview:
        """Compile everything. Reaches no database."""
        return LaunchPreview(
            kit_version_id=self.kit_version_id,
            kit_name=self.kit_name,
            sender_name=self.sender_name,
            sender_email=self.sender_email,
            reply_to=self.reply_to,
            time_zone=self.time_zone,
            recipients=self.recipients,
            touches=tuple(touch.write() for touch in self.touches),
        )

    def touch(self, key: str) -> TouchDraft:
        """Return one touch by its key. Raises NotFound."""
        found = next((one for one in self.touches if one.plan.key == key), None)
        if found is None:
            raise NotFound
        return found

    def rehearse(self) -> None:
        """Produce everything once, and refuse what could not be produced later. Raises LaunchInvalid."""
        problems: dict[str, list[str]] = {}
        for touch in self.touches:
            found = {**touch.write().problems, **touch.file_problems()}
            problems |= {f"values.{touch.plan.key}.{name}".rstrip("."): told for name, told in found.items()}
        if problems:
            raise LaunchInvalid(next(iter(problems.values()))[0], errors=problems)


def preview(
    actor: Actor,
    *,
    kit_version_id: int,
    starts_at_local: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    leave_out: Iterable[str] = (),
    name: str = "",
    sender_name: str = "",
    reply_to: str = "",
) -> PreviewDraft:
    """Gather what a launch with these words would send. Takes what `launch` takes, refuses what it refuses."""
    if actor.partner_id is None:
        raise NotForPartners
    kit = kits.version(actor, kit_version_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE)
    partner = accounts.partner_profile(actor, actor.partner_id)
    brand = accounts.brand_profile()
    planned = checked_plan(
        actor, partner, kit, starts_at_local=starts_at_local, leave_out=leave_out, values=values or {}
    )
    sender = sender_name.strip() or partner.trade_name
    reply = reply_address(partner, reply_to)
    touches = []
    for one in planned:
        plan = TouchPlan(
            touch_id=0,
            launch_id=0,
            partner_id=partner.id,
            kit_id=kit.kit_id,
            kit_version_id=kit.id,
            kit_name=kit.name,
            launch_name=name.strip() or kit.name,
            launch_state=LaunchState.DRAFT,
            touch_state=TouchState.WAITING,
            kit_withdrawn=kit.withdrawn_at is not None,
            key=one.touch["key"],
            channel=TouchChannel(one.touch["channel"]),
            position=one.position,
            due_at=rules.instant(one.due_at_local, partner.time_zone),
            template_version_id=one.touch["template_version_id"],
            texts=one.touch["texts"],
            default_locale=kit.default_locale,
            link_url=one.touch["link_url"],
            attachment=one.touch["attachment"],
            values=(values or {}).get(one.touch["key"], {}),
            sender_name=sender,
            sender_email=sender_address(partner),
            reply_to=reply,
            partner=partner,
            brand=brand,
        )
        try:
            touches.append(_gather(actor, plan, one.due_at_local, one.touch))
        except Invalid as problem:
            if not problem.errors:
                raise
            places = {f"values.{plan.key}.{name}": sentences for name, sentences in problem.errors.items()}
            raise LaunchInvalid(problem.detail, errors=places) from problem
    return PreviewDraft(
        kit_version_id=kit.id,
        kit_name=kit.name,
        sender_name=sender,
        sender_email=sender_address(partner),
        reply_to=reply,
        time_zone=partner.time_zone,
        recipients=audiences.count(actor, partner.id).mailable,
        touches=tuple(touches),
    )


def preview_of(actor: Actor, launch_id: int) -> PreviewDraft:
    """Gather what an existing launch sends, touch by touch. Raises LaunchNotFound, Forbidden, TemplateWithdrawn."""
    launch = queries.one(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, launch)
    touches = [_gather(actor, touch_plan(actor, one.id), one.due_at_local, one.document) for one in launch.touches]
    return PreviewDraft(
        kit_version_id=launch.kit_version_id,
        kit_name=touches[0].plan.kit_name,
        sender_name=launch.sender_name,
        sender_email=launch.sender_email,
        reply_to=launch.reply_to,
        time_zone=launch.time_zone,
        recipients=audiences.count(actor, launch.partner_id).mailable,
        touches=tuple(touches),
    )


def _gather(actor: Actor, plan: TouchPlan, due_at_local: datetime, document: Mapping[str, Any]) -> TouchDraft:
    attachment = plan.attachment or {}
    mails: dict[str, artworks.MailInputs] = {}
    if plan.channel is TouchChannel.EMAIL:
        links = {"main": messages.main_target(plan, FLYER_PLACE)}
        if attachment.get("mode") == "link":
            links["flyer"] = FLYER_PLACE
        mails = messages.mail_inputs(actor, plan, links)
        file_version, file_format = attachment.get("template_version_id"), attachment.get("format", "")
    else:
        file_version, file_format = plan.template_version_id, document.get("format", "")
    file, formats = None, ()
    if file_version is not None:
        formats = tuple(templates.version(actor, file_version).document.get("formats", {}))
        file = artworks.render_inputs(
            actor,
            plan.partner_id,
            file_version,
            messages.values_for(actor, file_version, plan.values),
            link_url=messages.main_target(plan),
            locale=plan.partner.locale,
            title=plan.launch_name,
        )
    return TouchDraft(plan, due_at_local, document, mails, file, file_format, formats)


def _sample_mail(locale: str, mail: artworks.CompiledEmail) -> MailPreview:
    links = {f"link:{number}": address for number, address in enumerate(mail.links)}
    return MailPreview(
        locale=locale,
        subject=messages.personalize(mail.subject, SAMPLE),
        preheader=messages.personalize(mail.preheader, SAMPLE),
        html=messages.personalize_html(mail.html, SAMPLE | links),
        text=messages.personalize(mail.text, SAMPLE | links),
    )
