"""The shapes of deliveries and shares."""

from __future__ import annotations

from marshmallow import fields, validate

from campaigns.launches.schemas import LaunchKit
from campaigns.sending.rules import DeliveryState, Reason
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField


class DeliveryOut(Output):
    """Show one delivery to the partner whose recipient it is."""

    id = fields.Integer()
    launch_id = fields.Integer()
    touch_id = fields.Integer()
    contact_id = fields.Integer(allow_none=True)
    recipient = fields.String(
        metadata={"description": "the address; empty when the contact was erased, or the token may not read contacts"}
    )
    state = StateField(DeliveryState)
    reason = fields.String()
    detail = fields.String(metadata={"description": "the mail server's words"})
    message_id = fields.String()
    attempts = fields.Integer()
    retry_at = fields.AwareDateTime(allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)


class DeliveryQuery(ListQuery):
    """Load the question for a list of deliveries."""

    launch_id = IdField(load_default=None, allow_none=True)
    state = fields.Enum(DeliveryState, by_value=True, load_default=None, allow_none=True)
    reason = fields.Enum(Reason, by_value=True, load_default=None, allow_none=True)


class DraftToOneself(LaunchKit):
    """Load a launch that was not launched, and which of its mails to send to oneself."""

    touch = fields.String(required=True, validate=validate.Length(min=1, max=40))
    locale = fields.String(load_default="", validate=validate.Length(max=20))


class TouchToOneself(Input):
    """Load in which language a mail of a launch is sent to oneself."""

    locale = fields.String(load_default="", validate=validate.Length(max=20))


class SentToOneselfOut(Output):
    """Show where a test mail went."""

    sent_to = fields.String(required=True)


class RetriedOut(Output):
    """Show how many deliveries were queued again."""

    deliveries = fields.Integer(required=True)


class SettleDelivery(Input):
    """Load what a person says about an unknown delivery."""

    state = fields.Enum(
        DeliveryState,
        by_value=True,
        required=True,
        validate=validate.OneOf([DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.QUEUED]),
        metadata={"description": "sent: it arrived; failed: it did not; queued: send it again"},
    )


_WEB = validate.URL(schemes={"http", "https"}, error="Give a full address that begins with https://, or leave it out.")


def _web_address(text: str) -> None:
    if text.strip():
        _WEB(text.strip())


class MarkShared(Input):
    """Load where a touch was shared by hand."""

    network = fields.String(load_default="", validate=validate.Length(max=60))
    post_url = fields.String(load_default="", validate=[validate.Length(max=1000), _web_address])


class ShareKitOut(Output):
    """Show what a partner copies and downloads to share by hand."""

    touch_id = fields.Integer()
    launch_id = fields.Integer()
    key = fields.String()
    state = fields.String()
    text = fields.String()
    link_url = fields.String(
        metadata={
            "description": "the tracked address that stands in the text; empty for the moment in which it is made"
        }
    )
    has_image = fields.Boolean()
    formats = fields.List(fields.String())
    accounts = fields.List(
        fields.String(), metadata={"description": "in whose name it could be posted now, in place of sharing it"}
    )
    shared_at = fields.AwareDateTime(allow_none=True)
    network = fields.String()
    post_url = fields.String()
