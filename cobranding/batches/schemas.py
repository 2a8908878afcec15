"""What the doors of batches take and give."""

from marshmallow import fields, validate

from cobranding.artworks.schemas import LOCALE, FindingOut
from cobranding.batches.rules import MOST_FILES, BatchState, ItemState
from tcma.accounts.rules import Tier
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField

FILE = validate.Regexp(r"^[a-z0-9][a-z0-9_x-]*\.(pdf|jpg|png)$", error="Write a format and a kind, like a4.pdf.")


class CreateBatch(Input):
    """Render a template version for many partners; ids, tiers and regions narrow each other, none of them means all."""

    template_version_id = IdField(required=True)
    name = fields.String(load_default="", validate=validate.Length(max=120))
    files = fields.List(
        fields.String(validate=FILE),
        required=True,
        validate=validate.Length(min=1, max=MOST_FILES),
        metadata={"description": "what each partner gets, such as a4.pdf", "example": ["a4.pdf"]},
    )
    partner_ids = fields.List(IdField(), load_default=list, validate=validate.Length(max=10_000))
    tiers = fields.List(fields.Enum(Tier, by_value=True), load_default=list)
    regions = fields.List(fields.String(validate=validate.Length(max=80)), load_default=list)
    locale = fields.String(load_default="", validate=LOCALE)
    values = fields.Dict(keys=fields.String(), load_default=dict)
    values_by_locale = fields.Dict(
        keys=fields.String(validate=LOCALE),
        values=fields.Dict(keys=fields.String()),
        load_default=dict,
        metadata={"description": "go before `values` for partners of a language (de) or locale (de-AT)"},
    )


class CancelBatch(Input):
    """Make nothing further."""


class ListItems(ListQuery):
    """Ask for one page of the partners of a batch."""

    state = fields.Enum(ItemState, by_value=True, load_default=None)


class BatchOut(Output):
    """A batch, and how far it has come."""

    id = fields.Integer()
    template_version_id = fields.Integer()
    state = StateField(BatchState)
    name = fields.String()
    files = fields.List(fields.String())
    locale = fields.String()
    values = fields.Dict()
    values_by_locale = fields.Dict()
    total = fields.Integer()
    done = fields.Integer()
    rendered = fields.Integer()
    failed = fields.Integer()
    skipped = fields.Integer()
    zip_bytes = fields.Integer()
    created_at = fields.DateTime()
    ended_at = fields.DateTime(allow_none=True)
    files_until = fields.DateTime(allow_none=True)


class BatchItemOut(Output):
    """One partner of a batch."""

    id = fields.Integer()
    partner_id = fields.Integer()
    state = StateField(ItemState)
    folder = fields.String()
    reason = fields.String()
    findings = fields.List(fields.Nested(FindingOut))
    codes = fields.List(fields.String(), metadata={"description": "of the files' manifests"})
