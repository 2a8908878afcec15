"""What the doors of artworks take and give."""

from marshmallow import fields, validate

from cobranding.artworks.rules import ArtworkState
from tcma.web.fields import IdField, Input, ListQuery, Output, StateField

LOCALE = validate.Regexp(r"^([a-z]{2}(-[A-Z]{2})?)?$", error="Write a locale like de or de-AT.")
OUTPUT = validate.OneOf(["pdf", "screen_pdf", "jpg", "webp", "png"])
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


class RenderQuery(Input):
    """Say which kind of file: a print format comes as PDFs and pictures, a screen format as pictures."""

    output = fields.String(load_default=None, validate=OUTPUT)
    page = fields.Integer(load_default=1, validate=PAGE, metadata={"description": "which page a picture shows"})


class PreviewQuery(Input):
    """Say in whose brand to show a template, and as which kind of file."""

    partner_id = IdField(load_default=None)
    output = fields.String(load_default="jpg", validate=OUTPUT)
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


class PreflightOut(Output):
    """Everything found."""

    findings = fields.List(fields.Nested(FindingOut))
    passed = fields.Boolean()
