"""The shapes of commands and nouns of audiences; the API and the portal load the same ones."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from campaigns.audiences.rules import ConsentScope, SuppressionReason, SuppressionScope
from campaigns.kits.schemas import line, words
from tcma.web.fields import Input, ListQuery, Output

STANDINGS = ("mailable", "no_consent", "suppressed")


class ContactQuery(ListQuery):
    """Load which contacts to list."""

    search = line(100, load_default="")
    standing = fields.String(load_default="", validate=validate.OneOf(["", *STANDINGS]))


class AddContact(Input):
    """Load one contact, with where its consent comes from."""

    email = line(320, required=True)
    first_name = line(200, load_default="")
    last_name = line(200, load_default="")
    company = line(200, load_default="")
    locale = fields.String(load_default="", validate=validate.Regexp(r"^([a-z]{2,3}(-[A-Za-z]{2,4})*)?$"))
    consent_source = line(200, required=True)
    consent_text = words(2000, load_default="")


class EditContact(Input):
    """Load changes of a contact."""

    first_name = line(200)
    last_name = line(200)
    company = line(200)
    locale = fields.String(validate=validate.Regexp(r"^([a-z]{2,3}(-[A-Za-z]{2,4})*)?$"))


class ImportContacts(Input):
    """Load a file of contacts and what is said about it."""

    file = Upload(required=True, error_messages={"required": "Choose a CSV file."})
    consent_source = line(200, required=True)
    consent_text = words(2000, load_default="")
    consent_scope = fields.String(
        load_default=ConsentScope.PARTNER.value, validate=validate.OneOf([scope.value for scope in ConsentScope])
    )


class ImportForm(ImportContacts):
    """Load an import with the confirmation that the page asks for."""

    agreed = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error="Confirm it: without consent nobody may be written to."),
        error_messages={"required": "Confirm it: without consent nobody may be written to."},
    )


class AddSuppression(Input):
    """Load an address that must not be mailed."""

    email = line(320, required=True)


class ContactOut(Output):
    """Dump one contact; only its partner ever reads this."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    company = fields.String(required=True)
    locale = fields.String(required=True)
    attributes = fields.Dict(required=True)
    standing = fields.String(required=True, validate=validate.OneOf(STANDINGS))
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class ConsentOut(Output):
    """Dump what a contact agreed to."""

    id = fields.Integer(required=True)
    channel = fields.String(required=True)
    scope = fields.String(required=True)
    source = fields.String(required=True)
    text_shown = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    evidence = fields.Dict(required=True)


class ConsentsOut(Output):
    """Dump everything a contact agreed to."""

    items = fields.List(fields.Nested(ConsentOut), required=True)


class RowErrorOut(Output):
    """Dump why a row was not taken over."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    reason = fields.String(required=True)


class ImportReportOut(Output):
    """Dump what became of a file."""

    id = fields.Integer(required=True)
    filename = fields.String(required=True)
    consent_source = fields.String(required=True)
    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    without_consent = fields.Integer(required=True)
    suppressed = fields.Integer(required=True)
    errors = fields.List(fields.Nested(RowErrorOut), required=True)
    imported_at = fields.AwareDateTime(required=True)


class ImportOut(ImportReportOut):
    """Dump an import in a list, without its row errors."""

    class Meta:
        """Leave the long part out."""

        exclude = ("errors",)


class AudienceOut(Output):
    """Dump how many contacts a partner has."""

    partner_id = fields.Integer(required=True)
    partner_name = fields.String(required=True)
    contacts = fields.Integer(required=True)
    mailable = fields.Integer(required=True)
    suppressed = fields.Integer(required=True)


class SuppressionOut(Output):
    """Dump a suppression; the address is known only while it belongs to a contact."""

    id = fields.Integer(required=True)
    email = fields.String(allow_none=True)
    scope = fields.String(required=True, validate=validate.OneOf([scope.value for scope in SuppressionScope]))
    reason = fields.String(required=True, validate=validate.OneOf([reason.value for reason in SuppressionReason]))
    created_at = fields.AwareDateTime(required=True)
