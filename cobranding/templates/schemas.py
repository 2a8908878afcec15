"""What the doors of templates take and give."""

from marshmallow import fields, validate

from cobranding.templates.rules import TemplateKind, VersionState
from tcma.web.fields import DocumentField, Input, ListQuery, Output, StateField


class ListTemplates(ListQuery):
    """Ask for one page of templates."""

    kind = fields.Enum(TemplateKind, by_value=True, load_default=None)


class CreateTemplate(Input):
    """Start a template."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    summary = fields.String(validate=validate.Length(max=500))
    document = DocumentField(required=True, metadata={"description": "see GET /templates/schema"})


class StartVersion(Input):
    """Start the next version."""

    document = DocumentField(metadata={"description": "a copy of the newest version, unless it is given"})


class SaveDraft(Input):
    """Replace the document of a draft."""

    document = DocumentField(required=True)


class PublishVersion(Input):
    """Publish a draft."""


class WithdrawVersion(Input):
    """Take a published version back."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


class TemplateVersionOut(Output):
    """One edition of a template."""

    id = fields.Integer()
    template_id = fields.Integer()
    name = fields.String()
    kind = StateField(TemplateKind)
    number = fields.Integer()
    state = StateField(VersionState)
    document = fields.Dict()
    content_hash = fields.String()
    created_at = fields.DateTime()
    published_at = fields.DateTime(allow_none=True)
    withdrawn_at = fields.DateTime(allow_none=True)
    withdrawn_reason = fields.String()
    revision = fields.Integer()


class TemplateOut(Output):
    """A template, with the versions that matter now."""

    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    kind = StateField(TemplateKind)
    created_at = fields.DateTime()
    published_version_id = fields.Integer(allow_none=True)
    draft_version_id = fields.Integer(allow_none=True)
    version_count = fields.Integer()
