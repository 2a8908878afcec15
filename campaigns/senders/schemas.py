"""What the doors of sending domains and senders take and give."""

from __future__ import annotations

from marshmallow import fields, validate

from campaigns.senders.rules import DomainState, KeyState, SenderState, Standing
from tcma.infra.dkim import Algorithm
from tcma.web.fields import Input, Output, StateField


class AddDomain(Input):
    """Load a domain: the part of addresses behind the @."""

    name = fields.String(required=True, validate=validate.Length(min=3, max=253))


class RotateKey(Input):
    """Load which kind of key is made."""

    algorithm = fields.Enum(Algorithm, by_value=True, load_default=Algorithm.RSA)


class LimitDomain(Input):
    """Load how many mails an hour may leave; none: no limit."""

    per_hour = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=10**9))


class AddSender(Input):
    """Load a sender."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    address = fields.String(required=True, validate=validate.Length(min=3, max=320))
    postal_address = fields.String(load_default="", validate=validate.Length(max=300))


class ConfirmSender(Input):
    """Load the code that the address was sent."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=20))


class KeyOut(Output):
    """Dump the public half of a key."""

    selector = fields.String(required=True)
    algorithm = fields.String(required=True)
    public_key = fields.String(required=True)
    state = StateField(KeyState, required=True)
    created_at = fields.AwareDateTime(required=True)
    retired_at = fields.AwareDateTime(allow_none=True)


class FindingOut(Output):
    """Dump what the doctor found of one thing, and what to paste."""

    check = fields.String(required=True)
    title = fields.String(required=True)
    standing = StateField(Standing, required=True)
    seen = fields.String(required=True)
    meaning = fields.String(required=True)
    record_type = fields.String(required=True)
    record_name = fields.String(required=True)
    record = fields.String(required=True)


class DomainOut(Output):
    """Dump a sending domain; without a partner it is the brand's, for all."""

    id = fields.Integer(required=True)
    partner_id = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    state = StateField(DomainState, required=True)
    token = fields.String(required=True, metadata={"description": "the text to publish at _tcma.<name>"})
    keys = fields.List(fields.Nested(KeyOut), required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
    checked_at = fields.AwareDateTime(allow_none=True)
    verified_at = fields.AwareDateTime(allow_none=True)
    warm_up_from = fields.AwareDateTime(allow_none=True)
    per_hour = fields.Integer(allow_none=True)


class SenderOut(Output):
    """Dump a sender."""

    id = fields.Integer(required=True)
    partner_id = fields.Integer(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    postal_address = fields.String(required=True)
    state = StateField(SenderState, required=True)
    confirmed_at = fields.AwareDateTime(allow_none=True)
