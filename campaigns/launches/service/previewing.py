"""Show exactly what would leave, before anything does. Gather in the transaction; `PreviewDraft.write` is pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from campaigns.audiences import service as audiences
from campaigns.kits import service as kits
from campaigns.kits.rules import TouchChannel
from campaigns.launches import queries, rules
from campaigns.launches.errors import LaunchInvalid
from campaigns.launches.queries import TouchPlan
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service import messages
from campaigns.launches.service.drafts import SAMPLE, PreviewDraft, TouchDraft
from campaigns.launches.service.planning import checked_plan, launches_for, permission_to_launch, reply_address
from campaigns.launches.service.reporting import touch_plan
from campaigns.networks import service as networks
from campaigns.senders import service as senders
from campaigns.senders.service import FromLine
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.accounts.service import PartnerProfile
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission

# Stands where the address of a linked file will stand: it is made for a touch, and there is none yet.
FLYER_PLACE = "https://flyer.example/"


def preview(
    actor: Actor,
    *,
    kit_version_id: int,
    starts_at_local: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    leave_out: Iterable[str] = (),
    name: str = "",
    sender_id: int | None = None,
    sender_name: str = "",
    reply_to: str = "",
    partner_id: int | None = None,
) -> PreviewDraft:
    """Gather what a launch with these words would send. Takes what `launch` takes, refuses what it refuses."""
    whose = launches_for(actor, partner_id)
    authorize(actor, permission_to_launch(actor))
    kit = kits.version(actor, kit_version_id)
    partner = accounts.partner_profile(actor, whose)
    brand = accounts.brand_profile()
    planned = checked_plan(
        actor, partner, kit, starts_at_local=starts_at_local, leave_out=leave_out, values=values or {}
    )
    sender = _sender(actor, partner, sender_id=sender_id, name=sender_name, reply_to=reply_to)
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
            way=TouchChannel(one.touch["channel"]),
            position=one.position,
            due_at=rules.instant(one.due_at_local, partner.time_zone),
            template_version_id=one.touch["template_version_id"],
            format_key=one.touch["format"],
            texts=one.touch["texts"],
            default_locale=kit.default_locale,
            link_url=one.touch["link_url"],
            hours=kit.hours,
            time_zone=partner.time_zone,
            tracking=kit.tracking,
            attachment=one.touch["attachment"],
            values=(values or {}).get(one.touch["key"], {}),
            sender=sender,
            partner=partner,
            brand=brand,
        )
        try:
            touches.append(gather(actor, plan, one.due_at_local, one.touch))
        except Invalid as problem:
            if not problem.errors:
                raise
            places = {f"values.{plan.key}.{name}": sentences for name, sentences in problem.errors.items()}
            raise LaunchInvalid(problem.detail, errors=places) from problem
    return PreviewDraft(
        kit_version_id=kit.id,
        kit_name=kit.name,
        sender_name=sender.name,
        sender_email=sender.address,
        reply_to=sender.answers_to,
        time_zone=partner.time_zone,
        recipients=audiences.count(actor, partner.id).mailable,
        touches=tuple(touches),
    )


def _sender(actor: Actor, partner: PartnerProfile, *, sender_id: int | None, name: str, reply_to: str) -> FromLine:
    """Return in whose name it would leave.

    Raises SenderNotFound, SenderUnconfirmed, LaunchInvalid, ProfileIncomplete.
    """
    if sender_id is not None:
        senders.chosen(actor, sender_id)
    # A designated sender reads the answers, unless somebody else shall.
    answers = reply_address(partner, reply_to) if reply_to.strip() or sender_id is None else ""
    return senders.from_line(actor, partner, sender_id=sender_id, name=name.strip(), reply_to=answers)


def reader_of(actor: Actor, contact_id: int | None) -> Mapping[str, str]:
    """Return the words of one of the partner's contacts, or (None) those of a made-up reader.

    Raises Forbidden, ContactNotFound.
    """
    if contact_id is None:
        return SAMPLE
    person = audiences.contact_view(actor, contact_id)
    names = {"first_name": person.first_name, "last_name": person.last_name, "company": person.company}
    return {**SAMPLE, **{f"contact.{name}": word for name, word in names.items()}}


def preview_of(actor: Actor, launch_id: int) -> PreviewDraft:
    """Gather what an existing launch sends, touch by touch. Raises LaunchNotFound, Forbidden, TemplateGone."""
    launch = queries.one(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, launch)
    plans = [touch_plan(actor, one.id) for one in launch.touches]
    for version_id in frozenset().union(*(plan.template_version_ids for plan in plans)):
        templates.present_version(actor, version_id)
    touches = [
        gather(actor, plan, one.due_at_local, one.document) for plan, one in zip(plans, launch.touches, strict=True)
    ]
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


def gather(actor: Actor, plan: TouchPlan, due_at_local: datetime, document: Mapping[str, Any]) -> TouchDraft:
    """Gather what one touch is made of.

    Raises TemplateNotPublished, TemplateWithdrawn, DocumentInvalid, ValuesRefused, WordsNotApproved.
    """
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
    network = plan.channel.network
    handles = None
    if network is not None and not actor.is_brand:  # the brand sees no accounts, also not whether there are any
        handles = tuple(one.handle for one in networks.usable_accounts(actor, plan.partner_id, network))
    return TouchDraft(plan, due_at_local, document, mails, file, file_format, formats, handles)
