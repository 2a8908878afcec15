"""The shapes of commands and nouns of launches; the API and the portal load the same ones."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from campaigns.kits.rules import TouchChannel
from campaigns.kits.schemas import line, words
from campaigns.launches.rules import MAX_NAME_CHARS, Approval, LaunchState, TouchState
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField


class WallTime(fields.Field[datetime]):
    """Take and show a time as clocks show it, without a zone: 2026-12-01T09:00."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        _ = (attr, obj, kwargs)
        return None if value is None else value.isoformat(timespec="minutes")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        _ = (attr, data, kwargs)
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 32 else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is not None or len(value) < 16:
            raise ValidationError("Give the time as your clock shows it, without a zone: 2026-12-01T09:00.")
        return at


# What a partner fills in is words and numbers; this is far more than any template opens.
MAX_VALUES_BYTES = 64 * 1024


def _not_too_much(values: dict[str, Any]) -> None:
    if len(json.dumps(values, default=str).encode()) > MAX_VALUES_BYTES:
        raise ValidationError(f"This is too much: at most {MAX_VALUES_BYTES // 1024} KB of values fit.")


class LaunchKit(Input):
    """Load a launch; everything but the kit version has a sensible default."""

    kit_version_id = IdField(required=True)
    starts_at_local = WallTime(
        load_default=None,
        allow_none=True,
        metadata={
            "type": "string",
            "description": "wall time in the partner's zone, 2026-12-01T09:00; now if left out",
        },
    )
    values = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String()),
        load_default=dict,
        validate=_not_too_much,
        metadata={"description": f"touch key -> variable -> value; at most {MAX_VALUES_BYTES // 1024} KB in all"},
    )
    leave_out = fields.List(
        fields.String(validate=validate.Length(max=40)), load_default=list, validate=validate.Length(max=50)
    )
    name = line(MAX_NAME_CHARS, load_default="")
    partner_id = IdField(
        load_default=None,
        allow_none=True,
        metadata={"description": "for channel managers: the partner on whose behalf it is launched"},
    )
    sender_id = IdField(
        load_default=None,
        allow_none=True,
        metadata={"description": "a confirmed sender of /senders; the partner itself if left out"},
    )
    sender_name = line(120, load_default="")
    reply_to = line(320, load_default="")


class PreviewKit(LaunchKit):
    """Load a launch that is looked at, and as whom."""

    contact_id = IdField(
        load_default=None,
        allow_none=True,
        metadata={"description": "one of the partner's contacts, to see what that person will get"},
    )


class CancelLaunch(Input):
    """Load why a launch is ended."""

    reason = words(500, load_default="")


class RejectLaunch(Input):
    """Load why a launch may not leave like this; the partner reads it."""

    reason = words(500, required=True)


class SenderHoldOut(Output):
    """Show that a partner may send nothing, and why."""

    partner_id = fields.Integer()
    reason = fields.String()
    held_at = fields.AwareDateTime()


class SenderHoldsOut(Output):
    """Show who is held."""

    items = fields.List(fields.Nested(SenderHoldOut))


class LaunchQuery(ListQuery):
    """Load which launches to list."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *(state.value for state in LaunchState)]))
    partner_id = IdField(load_default=None, allow_none=True)


class LaunchTouchOut(Output):
    """Dump one touch of a launch."""

    id = fields.Integer(required=True)
    key = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf([channel.value for channel in TouchChannel]))
    state = StateField(TouchState, required=True)
    by_hand = fields.Boolean(
        required=True, metadata={"description": "a post that waits to be shared, since no account is connected"}
    )
    due_at_local = WallTime(required=True, metadata={"type": "string"})
    due_at = fields.AwareDateTime(required=True)
    fanned_out_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)


class LaunchOut(Output):
    """Dump one launch with its touches; what came of it is at /launches/<id>/results."""

    id = fields.Integer(required=True)
    partner_id = fields.Integer(required=True)
    kit_version_id = fields.Integer(required=True)
    name = fields.String(required=True)
    state = StateField(LaunchState, required=True)
    values = fields.Dict(required=True)
    sender_id = fields.Integer(required=True, allow_none=True)
    sender_name = fields.String(required=True)
    sender_email = fields.String(required=True)
    reply_to = fields.String(required=True)
    starts_at_local = WallTime(required=True, metadata={"type": "string"})
    time_zone = fields.String(required=True)
    launched_at = fields.AwareDateTime(allow_none=True)
    completed_at = fields.AwareDateTime(allow_none=True)
    stopped_reason = fields.String(required=True)
    approval = StateField(Approval, required=True, metadata={"description": "empty when the kit asks for none"})
    approval_note = fields.String(required=True)
    on_behalf = fields.Boolean(required=True, metadata={"description": "launched by the brand for the partner"})
    touches = fields.List(fields.Nested(LaunchTouchOut), required=True)
    revision = fields.Integer(required=True)


class MailPreviewOut(Output):
    """Dump a mail in one locale, filled in for a sample recipient."""

    locale = fields.String(required=True)
    subject = fields.String(required=True)
    preheader = fields.String(required=True)
    html = fields.String(required=True)
    text = fields.String(required=True)


class RoomOut(Output):
    """Dump how much of a network's limit the words of a post take, and how its readers see them."""

    taken = fields.Integer(required=True)
    most = fields.Integer(required=True)
    shown = fields.String(required=True)
    alt = fields.String(required=True, metadata={"description": "the description of the picture"})


class TouchPreviewOut(Output):
    """Dump what one touch would do, and when."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    channel = fields.String(required=True)
    due_at_local = WallTime(required=True, metadata={"type": "string"})
    due_at = fields.AwareDateTime(required=True)
    mails = fields.List(fields.Nested(MailPreviewOut), required=True)
    share_text = fields.String(required=True)
    formats = fields.List(fields.String(), required=True)
    attachment = fields.Dict(allow_none=True)
    problems = fields.Dict(required=True)
    accounts = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "the accounts in whose name a post leaves; null for what is none, and for the brand"},
    )
    room = fields.Nested(RoomOut, required=True, allow_none=True)


class LaunchPreviewOut(Output):
    """Dump everything that a launch would send, and in whose name."""

    kit_version_id = fields.Integer(required=True)
    kit_name = fields.String(required=True)
    sender_name = fields.String(required=True)
    sender_email = fields.String(required=True)
    reply_to = fields.String(required=True)
    time_zone = fields.String(required=True)
    recipients = fields.Integer(required=True)
    touches = fields.List(fields.Nested(TouchPreviewOut), required=True)
