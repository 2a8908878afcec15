"""What the doors of artworks take and give."""

from typing import Any

from marshmallow import fields, validate

from cobranding.artworks.rules import REASONS, ArtworkState, Decision, RejectionCode
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField

LOCALE = validate.Regexp(r"^([a-z]{2}(-[A-Z]{2})?)?$", error="Write a locale like de or de-AT.")
SEEN: dict[str, Any] = {"required": "Send the values_hash of the artwork that you looked at."}
OUTPUT = validate.Regexp(
    r"^(preview|pdf|screen_pdf|pptx|(jpg|webp|png)(@[23]x)?)$", error="Write an output like pdf or jpg@2x."
)
PAGE = validate.Range(1, 2000)


class ListArtworks(ListQuery):
    """Ask for one page of artworks."""

    template_version_id = IdField(load_default=None)


class CreateArtwork(Input):
    """Start an artwork from a published template version."""

    template_version_id = IdField(required=True)
    name = fields.String(validate=validate.Length(max=120))
    locale = fields.String(validate=LOCALE)
    values = fields.Dict(
        keys=fields.String(), metadata={"description": "variable -> value; only what the template opens"}
    )


class EditArtwork(Input):
    """Change an artwork; `values` replace the ones before."""

    name = fields.String(validate=validate.Length(max=120))
    locale = fields.String(validate=LOCALE)
    values = fields.Dict(keys=fields.String())


class MoveArtwork(Input):
    """Move an artwork to the version that partners use now; `values` replace the ones that do not fit there."""

    values = fields.Dict(keys=fields.String())


class ApproveArtwork(Input):
    """Let an artwork be used; `seen` is the values_hash of what was looked at."""

    seen = fields.String(required=True, validate=validate.Length(min=64, max=64), error_messages=SEEN)


class RejectArtwork(ApproveArtwork):
    """Send an artwork back: why in a word from the list, and what to correct in a sentence."""

    code = fields.Enum(
        RejectionCode,
        by_value=True,
        required=True,
        validate=validate.OneOf(list(REASONS), error="Choose one of the reasons of the list."),
        metadata={"enum": [code.value for code in REASONS]},
    )
    reason = fields.String(
        required=True,
        validate=[validate.Length(max=1000), validate.Regexp(r"(?s).*\S", error="Say what to correct.")],
    )


class RenderQuery(Input):
    """Say which kind of file: a print format comes as pdf and as pictures of it, a screen format as jpg, webp or png.

    Pictures are on white where the format names no background. `png@2x` has two pixels for one, if the template has it.
    """

    output = fields.String(load_default=None, validate=OUTPUT)
    page = fields.Integer(load_default=1, validate=PAGE, metadata={"description": "which page a picture shows"})


class LookQuery(Input):
    """Say which page to look at."""

    page = fields.Integer(load_default=1, validate=PAGE)


class PreviewQuery(Input):
    """Say in whose brand to show a template, and as which kind of file."""

    partner_id = IdField(load_default=None)
    output = fields.String(load_default="preview", validate=OUTPUT)
    page = fields.Integer(load_default=1, validate=PAGE, metadata={"description": "which page a picture shows"})


class ArtworkOut(Output):
    """One partner's values for a template version."""

    id = fields.Integer()
    partner_id = fields.Integer()
    template_version_id = fields.Integer()
    name = fields.String()
    locale = fields.String()
    state = StateField(ArtworkState)
    values = fields.Dict()
    values_hash = fields.String(metadata={"description": "of the template version, the values and the language"})
    submitted_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    revision = fields.Integer()


class FindingOut(Output):
    """Something found before a file is produced; an error means that there is no file."""

    severity = fields.String(validate=validate.OneOf(["error", "warning"]))
    code = fields.String()
    format = fields.String()
    element = fields.String()
    message = fields.String()
    advice = fields.String()
    measured = fields.Float(allow_none=True, metadata={"description": "what was measured, where it is a number"})
    needed = fields.Float(allow_none=True, metadata={"description": "what would pass"})


class PreflightOut(Output):
    """Everything found."""

    findings = fields.List(fields.Nested(FindingOut))
    passed = fields.Boolean()


class ReviewOut(Output):
    """One decision of the brand; `values_hash` is what it was about."""

    id = fields.Integer()
    artwork_id = fields.Integer()
    values_hash = fields.String()
    decision = StateField(Decision)
    code = StateField(RejectionCode)
    reason = fields.String()
    decided_by = fields.Integer(allow_none=True)
    decided_at = fields.DateTime()


class ReviewsOut(Output):
    """Every decision about an artwork, oldest first."""

    items = fields.List(fields.Nested(ReviewOut))
