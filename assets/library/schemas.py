"""What the doors of the library take and give."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from assets.library import service
from assets.library.rules import DEFAULT_DAYS, LONGEST_DAYS, AssetKind, RightsChannel, RightsState, UseKind, Variant
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField


class WordsField(fields.List[Any]):
    """Take a list of words or short phrases; one entry may hold several, with commas between, as a form sends them."""

    def __init__(self, **kwargs: Any) -> None:
        word: fields.Field[Any] = fields.String(validate=validate.Length(max=2_000))
        super().__init__(word, validate=validate.Length(max=100), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        entries = super()._deserialize(value, attr, data, **kwargs)
        return [word.strip() for entry in entries for word in str(entry).split(",") if word.strip()]


class ListAssets(ListQuery):
    """Ask for one page of files; `search` finds words in name, description and tags."""

    kind = fields.Enum(AssetKind, by_value=True, load_default=None)
    partner_id = IdField(load_default=None)
    tag = fields.String(load_default="", validate=validate.Length(max=40))
    rights = fields.Enum(RightsState, by_value=True, load_default=None)
    search = fields.String(load_default="", validate=validate.Length(max=100))
    archived = fields.Boolean(load_default=False)


class EditAsset(Input):
    """Change what is said about a file."""

    name = fields.String(validate=validate.Length(min=1, max=120))
    variant = fields.Enum(Variant, by_value=True)
    alt_text = fields.String(validate=validate.Length(max=400))
    tags = WordsField()
    rights_from_on = fields.Date(allow_none=True)
    rights_until_on = fields.Date(allow_none=True)
    rights_regions = WordsField()
    rights_channels = fields.List(fields.Enum(RightsChannel, by_value=True))


class ShareAsset(Input):
    """Make a link to a file for people without sign-in."""

    days = fields.Integer(load_default=DEFAULT_DAYS, validate=validate.Range(min=1, max=LONGEST_DAYS))


class ReplaceAsset(Input):
    """Put another file of the brand in the place of one, wherever it is used."""

    by_id = IdField(required=True, error_messages={"required": "Choose the file that takes its place."})


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
    tags = fields.List(fields.String())
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
    rights_regions = fields.List(fields.String())
    rights_channels = fields.List(fields.String())
    series_id = fields.Integer()
    number = fields.Integer()
    superseded_at = fields.DateTime(allow_none=True)
    archived_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    revision = fields.Integer()


class AssetUseOut(Output):
    """Where a file is used, or who fetched it."""

    id = fields.Integer()
    partner_id = fields.Integer(allow_none=True)
    kind = StateField(UseKind)
    ref = fields.String()
    label = fields.String()
    created_at = fields.DateTime()


class AssetShareOut(Output):
    """A link to a file, with its whole address."""

    id = fields.Integer()
    asset_id = fields.Integer()
    url = fields.Function(service.share_url, metadata={"type": "string"})
    expires_at = fields.DateTime()
    revoked_at = fields.DateTime(allow_none=True)
    downloads = fields.Integer()
    created_at = fields.DateTime()


class ReplacedOut(Output):
    """A place where the new file was put in, and what is left to do there."""

    kind = StateField(UseKind)
    ref = fields.String()
    label = fields.String()
    left_to_do = fields.String()


class ReplacementOut(Output):
    """Every place where the new file was put in."""

    places = fields.List(fields.Nested(ReplacedOut))
