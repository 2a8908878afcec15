"""What the doors of the library take and give."""

from marshmallow import fields, validate

from assets.library.rules import AssetKind, Variant
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField


class ListAssets(ListQuery):
    """Ask for one page of files."""

    kind = fields.Enum(AssetKind, by_value=True, load_default=None)
    partner_id = IdField(load_default=None)
    archived = fields.Boolean(load_default=False)


class EditAsset(Input):
    """Change what is said about a file."""

    name = fields.String(validate=validate.Length(min=1, max=120))
    variant = fields.Enum(Variant, by_value=True)
    alt_text = fields.String(validate=validate.Length(max=400))


class Nothing(Input):
    """A command without fields."""


class AssetOut(Output):
    """A file in the library."""

    id = fields.Integer()
    partner_id = fields.Integer(allow_none=True)
    kind = StateField(AssetKind)
    variant = StateField(Variant)
    name = fields.String()
    alt_text = fields.String()
    sha256 = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer()
    width_px = fields.Integer(allow_none=True)
    height_px = fields.Integer(allow_none=True)
    pages = fields.Integer(allow_none=True)
    measures = fields.Dict(allow_none=True)
    notes = fields.List(fields.String())
    rights_from_on = fields.Date(allow_none=True)
    rights_until_on = fields.Date(allow_none=True)
    archived_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    revision = fields.Integer()
