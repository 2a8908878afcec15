"""The shapes of posts."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from campaigns.networks.rules import Network
from campaigns.posting.rules import Finding, PostState
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField


class PostOut(Output):
    """Show one post, and where it stands."""

    id = fields.Integer()
    partner_id = fields.Integer()
    launch_id = fields.Integer()
    touch_id = fields.Integer()
    social_account_id = fields.Integer()
    network = StateField(Network)
    account = fields.String(metadata={"description": "in whose name"})
    state = StateField(PostState)
    reason = fields.String()
    detail = fields.String(metadata={"description": "the network's words, if it said any"})
    text = fields.String(metadata={"description": "what was said; empty until it was on its way"})
    url = fields.String(metadata={"description": "where people see it"})
    retry_at = fields.AwareDateTime(allow_none=True)
    look_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "when an unconfirmed post is looked for at its network again"}
    )
    published_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class PostQuery(ListQuery):
    """Load the question for a list of posts."""

    launch_id = IdField(load_default=None, allow_none=True)
    state = fields.Enum(PostState, by_value=True, load_default=None, allow_none=True)


def _web_address(text: str) -> None:
    if text.strip() and not text.strip().startswith(("https://", "http://")):
        raise ValidationError("Give a full address that begins with https://, or leave it out.")


class SettlePost(Input):
    """Load what a person says about an unconfirmed post."""

    state = fields.Enum(
        Finding,
        by_value=True,
        required=True,
        metadata={"description": "published: it is there; failed: it is not"},
    )
    url = fields.String(load_default="", validate=[validate.Length(max=1000), _web_address])
