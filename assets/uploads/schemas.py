"""What the doors of uploads take."""

from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from assets.library.rules import AssetKind, Variant
from tcma.web.fields import Input


class UploadForm(Input):
    """A file and what is said about it."""

    file: Any = UploadField(required=True, error_messages={"required": "Choose a file."})
    kind = fields.Enum(AssetKind, by_value=True, required=True)
    name = fields.String(load_default="", validate=validate.Length(max=120))
    variant = fields.Enum(Variant, by_value=True, load_default=Variant.ANY)
    alt_text = fields.String(load_default="", validate=validate.Length(max=400))
    rights_from_on = fields.Date(load_default=None, allow_none=True)
    rights_until_on = fields.Date(load_default=None, allow_none=True)
