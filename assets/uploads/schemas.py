"""What the doors of uploads take."""

from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from assets.library.rules import AssetKind, RightsChannel, Variant
from assets.library.schemas import WordsField
from tcma.web.fields import Input


class UploadForm(Input):
    """A file and what is said about it."""

    file: Any = UploadField(required=True, error_messages={"required": "Choose a file."})
    kind = fields.Enum(AssetKind, by_value=True, required=True)
    name = fields.String(load_default="", validate=validate.Length(max=120))
    variant = fields.Enum(Variant, by_value=True, load_default=Variant.ANY)
    alt_text = fields.String(load_default="", validate=validate.Length(max=400))
    tags = WordsField(load_default=list)
    rights_from_on = fields.Date(load_default=None, allow_none=True)
    rights_until_on = fields.Date(load_default=None, allow_none=True)
    rights_regions = WordsField(load_default=list)
    rights_channels = fields.List(fields.Enum(RightsChannel, by_value=True), load_default=list)


class VersionForm(Input):
    """A file that follows another; what was said about that one is carried over."""

    # Whether the asset is there at all is answered first, so a missing file is said by the door.
    file: Any = UploadField()
