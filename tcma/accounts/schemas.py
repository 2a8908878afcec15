"""The shapes of commands and nouns of accounts; the API and the portal load the same ones."""

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from tcma.accounts.rules import LONGEST_PASSWORD, Tier
from tcma.kernel.permissions import Permission, Role
from tcma.web.fields import IdField, Input, Output

A_LOCALE = validate.Regexp(r"^[a-z]{2,3}(_[A-Z]{2})?$", error="Use a locale such as de or pt_BR.")


def no_address(text: str) -> None:
    """Refuse what looks like a link: names stand in mails to others."""
    if "://" in text or "www." in text.lower():
        raise ValidationError("Write a name, without a web address.")


def one_line(text: str) -> None:
    """Refuse line breaks and control characters: names end up in mail headers and on print."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValidationError("Use one line, without control characters.")


def line(most: int, **keywords: object) -> fields.String:
    """Return a field for one line of text."""
    least = 1 if keywords.get("required") else 0
    return fields.String(validate=[validate.Length(min=least, max=most), one_line], **keywords)  # type: ignore[arg-type]


def web_address(text: str) -> None:
    """Refuse what is no http or https address; blank is fine."""
    if text and not text.startswith(("https://", "http://")):
        raise ValidationError("Write the whole address, beginning with https://")


class SignIn(Input):
    """Load an address and a password."""

    email = fields.String(required=True, validate=validate.Length(min=1, max=320))
    password = fields.String(required=True, load_only=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))


class PortalSignIn(SignIn):
    """Load the sign-in form, with the page to go on to."""

    next = fields.String(load_default="/", validate=validate.Length(max=2000))


class AskForReset(Input):
    """Load the address of somebody who forgot the password."""

    email = fields.String(required=True, validate=validate.Length(min=1, max=320))


class UseLink(Input):
    """Load the password that a single-use link sets."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))


class ChangePassword(UseLink):
    """Load a new password and the present one."""

    present = fields.String(required=True, load_only=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))


class EditBrand(Input):
    """Load the brand's profile."""

    name = line(100, required=True)
    legal_name = line(200, required=True)
    postal_address = line(300, required=True)
    email = fields.Email(required=True)
    web = fields.String(required=True, validate=[validate.Length(min=1, max=300), one_line, web_address])
    locale = fields.String(load_default="en", validate=A_LOCALE)
    time_zone = line(60, load_default="UTC")
    collision_days = fields.Integer(load_default=14, validate=validate.Range(0, 365))
    mails_per_week = fields.Integer(load_default=5, validate=validate.Range(0, 100))


class EditPartner(Input):
    """Load what is to change in a partner's profile."""

    legal_name = line(200)
    trade_name = line(100)
    contact_person = line(120)
    email = line(254)
    phone = line(60)
    web = fields.String(validate=[validate.Length(max=300), one_line, web_address])
    street = line(200)
    postal_code = line(20)
    city = line(100)
    country = fields.String(
        validate=validate.Regexp(r"^([A-Z]{2})?$", error="Use the two capital letters of ISO 3166, such as DE.")
    )
    locale = fields.String(
        validate=validate.Regexp(r"^[a-z]{2,3}(_[A-Z]{2})?$", error="Use a locale such as de or pt_BR.")
    )
    time_zone = line(60)
    region = line(60)
    specialties = fields.List(line(60, required=True), validate=validate.Length(max=30))
    social = fields.Dict(
        keys=fields.String(validate=validate.OneOf(["linkedin", "facebook", "x", "mastodon", "bluesky", "instagram"])),
        values=line(200),
    )


class CreatePartner(EditPartner):
    """Load a new partner."""

    legal_name = line(200, required=True)
    trade_name = line(100, required=True)
    tier = fields.Enum(Tier, by_value=True, load_default=Tier.REGISTERED)


class PartnerForm(EditPartner):
    """Load the profile as its form sends it: all at once, specialties a line each, and the revision that was shown."""

    revision = fields.Integer(load_default=None, allow_none=True)

    @pre_load
    def read_lines(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Split the specialties, and let what was blanked be blank."""
        lines = [text.strip() for entry in data.get("specialties", []) for text in str(entry).splitlines()]
        return {"social": {}} | data | {"specialties": [text for text in lines if text]}


class CreatePartnerForm(PartnerForm, CreatePartner):
    """Load a new partner as its form sends it."""

    class Meta:
        """Leave out what a new partner has not."""

        exclude = ("revision",)


class RetierPartner(Input):
    """Load the tier that a partner is to be in."""

    tier = fields.Enum(Tier, by_value=True, required=True)


class InviteUser(Input):
    """Load a person to invite; without a partner, to the brand."""

    email = line(254, required=True)
    name = fields.String(required=True, validate=[validate.Length(min=1, max=120), one_line, no_address])
    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=validate.Length(min=1, max=4))
    partner_id = IdField(load_default=None, allow_none=True)


class IssueToken(Input):
    """Load what a new API token may do and how long it lives."""

    name = line(80, required=True)
    scopes = fields.List(fields.Enum(Permission, by_value=True), load_default=None, allow_none=True)
    lives_days = fields.Integer(load_default=90, validate=validate.Range(min=1, max=366))


class IssueTokenForm(IssueToken):
    """Load a new token as its form sends it; no ticked box means everything that the person may do."""

    @post_load
    def make_life(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Turn days into a length of time."""
        return data | {"lives": timedelta(days=data.pop("lives_days"))}


class BrandOut(Output):
    """Dump the brand's profile."""

    name = fields.String(required=True)
    legal_name = fields.String(required=True)
    postal_address = fields.String(required=True)
    email = fields.String(required=True)
    web = fields.String(required=True)
    locale = fields.String(required=True)
    time_zone = fields.String(required=True)
    collision_days = fields.Integer(
        metadata={"description": "for so many days one person gets a campaign from one partner alone; 0: no limit"}
    )
    mails_per_week = fields.Integer(
        metadata={"description": "so many mails of campaigns a person gets in seven days at most; 0: no limit"}
    )


class PartnerOut(Output):
    """Dump a partner's profile."""

    id = fields.Integer(required=True)
    legal_name = fields.String(required=True)
    trade_name = fields.String(required=True)
    contact_person = fields.String()
    email = fields.String()
    phone = fields.String()
    web = fields.String()
    street = fields.String()
    postal_code = fields.String()
    city = fields.String()
    country = fields.String()
    locale = fields.String()
    time_zone = fields.String()
    tier = fields.String()
    region = fields.String()
    specialties = fields.List(fields.String())
    social = fields.Dict()
    is_active = fields.Boolean()


class UserOut(Output):
    """Dump a person."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    partner_id = fields.Integer(allow_none=True)
    is_active = fields.Boolean(required=True)


class TokenOut(Output):
    """Dump an API token without its secret."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), allow_none=True)
    expires_at = fields.AwareDateTime(required=True)
    created_at = fields.AwareDateTime(required=True)


class IssuedTokenOut(Output):
    """Dump a new API token with its secret, which is shown this once."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
