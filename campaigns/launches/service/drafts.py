"""A launch gathered and not yet written: writing it reaches no database, so it happens outside of the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.kits.rules import POSTED, TouchChannel
from campaigns.launches.errors import LaunchInvalid
from campaigns.launches.queries import TouchPlan
from campaigns.launches.rules import TouchState
from campaigns.launches.service import messages
from campaigns.launches.service.composing import compose
from campaigns.networks import rules as networks
from cobranding.artworks import service as artworks
from tcma.kernel.errors import Invalid, NotFound

SAMPLE: Mapping[str, str] = {
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
class Room:
    """How much of a network's limit the words of a post take, and how its readers see them."""

    taken: int
    most: int
    shown: str
    alt: str


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
    accounts: tuple[str, ...] | None
    room: Room | None

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
    accounts: tuple[str, ...] | None = None

    def write(self, reader: Mapping[str, str] = SAMPLE) -> TouchPreview:
        """Compile the mails as one reader gets them; what keeps them from being produced is told instead.

        Reaches no database.
        """
        written = []
        problems: dict[str, list[str]] = {}
        for locale, inputs in self.mails.items():
            try:
                written.append(_mail_to(reader, locale, compose(self.plan, locale, inputs)))
            except Invalid as problem:
                problems.update(problem.errors or {"": [problem.detail]})
        plan = self.plan
        share = messages.share_text(plan, messages.main_target(plan)) if plan.channel in POSTED else ""
        room = None
        if plan.channel.network is not None:
            words = messages.measured_text(plan)
            limits = networks.LIMITS[plan.channel.network]
            taken = networks.length(words, limits)
            room = Room(taken, limits.longest_text, networks.shown(share, limits), messages.alt_text(plan))
            if found := list(networks.text_problems(plan.channel.network, words)):
                problems["message"] = found
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
            accounts=self.accounts,
            room=room,
        )

    def file_problems(self) -> dict[str, list[str]]:
        """Produce the file, if there is one, and tell what keeps it from being produced. Reaches no database."""
        try:
            if self.file is not None:
                file = self.write_file()
                if found := messages.picture_problems(self.plan, file):
                    return {"picture": found}
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

    def write(self, reader: Mapping[str, str] = SAMPLE) -> LaunchPreview:
        """Compile everything, as one reader gets it. Reaches no database."""
        return LaunchPreview(
            kit_version_id=self.kit_version_id,
            kit_name=self.kit_name,
            sender_name=self.sender_name,
            sender_email=self.sender_email,
            reply_to=self.reply_to,
            time_zone=self.time_zone,
            recipients=self.recipients,
            touches=tuple(touch.write(reader) for touch in self.touches),
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


def _mail_to(reader: Mapping[str, str], locale: str, mail: artworks.CompiledEmail) -> MailPreview:
    links = {f"link:{number}": address for number, address in enumerate(mail.links)}
    return MailPreview(
        locale=locale,
        subject=messages.personalize(mail.subject, reader),
        preheader=messages.personalize(mail.preheader, reader),
        html=messages.personalize_html(mail.html, {**reader, **links}),
        text=messages.personalize(mail.text, {**reader, **links}),
    )
