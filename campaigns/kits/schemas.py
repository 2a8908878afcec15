"""The shapes of commands and nouns of kits; the API and the portal load the same ones."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from campaigns.kits.rules import (
    ATTACHMENT_MODES,
    GOAL_FIGURES,
    MAX_TOUCHES,
    UTM_NAMES,
    WEEKDAYS,
    KitVersionState,
    TouchChannel,
    Tracking,
)
from tcma.web.fields import IdField, Input, Output, StateField


def one_line(text: str) -> None:
    """Refuse line breaks and control characters: names end up in mail headers."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValidationError("Use one line, without control characters.")


def line(most: int, **keywords: object) -> fields.String:
    """Return a field for one line of text."""
    least = 1 if keywords.get("required") else 0
    return fields.String(validate=[validate.Length(min=least, max=most), one_line], **keywords)  # type: ignore[arg-type]


def words(most: int, **keywords: object) -> fields.String:
    """Return a field for several lines of text."""
    return fields.String(validate=validate.Length(max=most), **keywords)  # type: ignore[arg-type]


class AttachmentIn(Input):
    """Load what a touch carries along: a file of the partner's own, linked or attached."""

    template_version_id = IdField(required=True)
    format = line(60, load_default="")
    mode = fields.String(load_default="link", validate=validate.OneOf(sorted(ATTACHMENT_MODES)))


class TouchIn(Input):
    """Load one touch; what is in its texts is checked by the rules of kits."""

    key = line(40, required=True)
    name = line(80, load_default="")
    channel = fields.String(required=True, validate=validate.OneOf([channel.value for channel in TouchChannel]))
    template_version_id = IdField(load_default=None, allow_none=True)
    format = line(60, load_default="")
    day_offset = fields.Integer(load_default=0)
    local_time = fields.String(load_default="09:00")
    texts = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
        load_default=dict,
        metadata={"description": "locale -> place -> text, such as {'en': {'subject': '…', 'body': '…'}}"},
    )
    link_url = line(2000, load_default="")
    attachment = fields.Nested(AttachmentIn, load_default=None, allow_none=True)


class KitDocumentIn(Input):
    """Load the content of a kit version."""

    default_locale = fields.String(load_default="en")
    quiet_hours = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=None,
        allow_none=True,
        metadata={"description": "from and until, in the partner's time zone: {'from': '20:00', 'until': '08:00'}"},
    )
    weekdays = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)),
        load_default=list,
        metadata={"description": "the days on which touches leave; none: every day"},
    )
    goals = fields.Dict(
        keys=fields.String(validate=validate.OneOf(GOAL_FIGURES)),
        values=fields.Float(validate=validate.Range(min=0, max=100, min_inclusive=False)),
        load_default=dict,
        metadata={"description": "figure -> percent of the mails that left"},
    )
    tracking = fields.Enum(
        Tracking,
        by_value=True,
        load_default=Tracking.ALL,
        metadata={"description": "all: opens and clicks are counted; clicks: clicks alone; none: nothing is"},
    )
    utm = fields.Dict(
        keys=fields.String(validate=validate.OneOf(UTM_NAMES)),
        values=fields.String(),
        load_default=dict,
        metadata={"description": "parameters that links are given, such as {'source': '{{partner}}'}"},
    )
    touches = fields.List(fields.Nested(TouchIn), load_default=list, validate=validate.Length(max=MAX_TOUCHES))


class CreateKit(Input):
    """Load a new kit."""

    name = line(120, required=True)
    summary = words(2000, load_default="")
    audience_advice = words(2000, load_default="")
    needs_approval = fields.Boolean(
        load_default=False, metadata={"description": "somebody at the brand approves each launch before it leaves"}
    )
    document = fields.Nested(KitDocumentIn, load_default=None, allow_none=True)


class EditKit(Input):
    """Load changes of a kit's own words."""

    name = fields.String(validate=[validate.Length(min=1, max=120), one_line])
    summary = words(2000)
    audience_advice = words(2000)
    needs_approval = fields.Boolean()


class EditKitForm(EditKit):
    """Load a kit's words as a page sends them: a box that is not ticked is not sent."""

    needs_approval = fields.Boolean(load_default=False)


class SaveDraft(Input):
    """Load the whole content of a draft."""

    document = fields.Nested(KitDocumentIn, required=True)


class TouchForm(TouchIn):
    """Load a touch as a page sends it: an attachment without a template is none."""

    @pre_load
    def leave_out_what_was_not_chosen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Drop the attachment unless its template was chosen."""
        attachment = data.get("attachment")
        if isinstance(attachment, dict) and not attachment.get("template_version_id"):
            return {name: value for name, value in data.items() if name != "attachment"}
        return data


class PutTouchForm(Input):
    """Load the page of one touch."""

    touch = fields.Nested(TouchForm, required=True)


class SaveTiming(Input):
    """Load when touches of a draft may leave, and what they are to reach."""

    quiet_from = fields.String(load_default="")
    quiet_until = fields.String(load_default="")
    weekdays = fields.List(fields.String(validate=validate.OneOf(WEEKDAYS)), load_default=list)
    opened = fields.Float(load_default=None, allow_none=True)
    clicked = fields.Float(load_default=None, allow_none=True)
    tracking = fields.Enum(Tracking, by_value=True, load_default=Tracking.ALL)
    utm = fields.Dict(keys=fields.String(validate=validate.OneOf(UTM_NAMES)), values=fields.String(), load_default=dict)


class RemoveTouch(Input):
    """Load which touch goes."""

    key = line(40, required=True)


class WithdrawKit(Input):
    """Load why a version is recalled; partners read it."""

    reason = words(500, required=True)


class KitVersionOut(Output):
    """Dump one version."""

    id = fields.Integer(required=True)
    kit_id = fields.Integer(required=True)
    name = fields.String(required=True)
    number = fields.Integer(required=True)
    state = StateField(KitVersionState, required=True)
    document = fields.Dict(required=True)
    created_at = fields.AwareDateTime(required=True)
    published_at = fields.AwareDateTime(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    withdrawn_reason = fields.String()
    revision = fields.Integer(required=True)


class KitOut(Output):
    """Dump one kit."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    summary = fields.String(required=True)
    audience_advice = fields.String(required=True)
    needs_approval = fields.Boolean(required=True)
    published_version_id = fields.Integer(allow_none=True)
    draft_version_id = fields.Integer(allow_none=True)
    version_count = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    revision = fields.Integer(required=True)
