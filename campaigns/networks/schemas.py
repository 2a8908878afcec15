"""The shapes of accounts and of the way to one."""

from __future__ import annotations

from marshmallow import fields, validate

from campaigns.networks.rules import AccountState, Network
from tcma.web.fields import Input, ListQuery, Output, StateField


class SocialAccountOut(Output):
    """Show one account to its partner."""

    id = fields.Integer()
    network = StateField(Network)
    server = fields.String()
    handle = fields.String()
    name = fields.String()
    url = fields.String()
    state = StateField(AccountState)
    trouble = fields.String(metadata={"description": "why it is not connected any more; empty while it is"})
    expires_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "when a person has to connect it again; null when never"}
    )
    connected_at = fields.AwareDateTime()


class AccountQuery(ListQuery):
    """Load the question for a list of accounts."""

    network = fields.Enum(Network, by_value=True, load_default=None, allow_none=True)


class OfferOut(Output):
    """Show a network, and what it asks for."""

    network = StateField(Network)
    is_offered = fields.Boolean(metadata={"description": "whether the operator has set this network up"})
    asks_for = fields.List(fields.String(), metadata={"description": "what to send with the request to connect"})
    signs_in_there = fields.Boolean(metadata={"description": "whether the person signs in at the network itself"})


class ConnectAccount(Input):
    """Load the wish to connect an account."""

    network = fields.Enum(Network, by_value=True, required=True)
    server = fields.String(load_default="", validate=validate.Length(max=300))
    identifier = fields.String(load_default="", validate=validate.Length(max=300))
    password = fields.String(
        load_default="",
        load_only=True,
        validate=validate.Length(max=300),
        metadata={"description": "a password for apps, made at the network for this purpose; it is not kept"},
    )


class ConnectOut(Output):
    """Show where to sign in, or the account when it is connected already."""

    sign_in_url = fields.String(
        allow_none=True,
        metadata={"description": "where a person, signed in at the portal too, lets the service in within ten minutes"},
    )
    account = fields.Nested(SocialAccountOut, allow_none=True)


class FinishConnect(Input):
    """Load what a network sends a person back with; what else it adds is of no interest."""

    class Meta:
        """Networks add words of their own."""

        unknown = "exclude"

    state = fields.String(required=True, validate=validate.Length(max=300))
    code = fields.String(load_default="", validate=validate.Length(max=4000))
    error = fields.String(load_default="", validate=validate.Length(max=300))


class ChoosePages(Input):
    """Load which pages or organizations were chosen."""

    subjects = fields.List(fields.String(validate=validate.Length(max=300)), required=True, validate=validate.Length(1))
