"""What the doors of templates take and give."""

from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from cobranding.templates.rules import TemplateKind, VersionState
from tcma.web.fields import DocumentField, IdField, Input, ListQuery, Output, StateField


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


class DiffQuery(Input):
    """Say which version to hold against; the one before, unless it is named."""

    against = IdField(load_default=None)


class ImportForm(Input):
    """A zip of a template, and what it becomes: a new template, or the next draft of one."""

    file: Any = UploadField(required=True, error_messages={"required": "Choose a file."})
    name = fields.String(load_default="", validate=validate.Length(max=120))
    template_id = IdField(load_default=None)


class ChangeOut(Output):
    """One difference between two versions; `lock` says whether it opens or closes something to partners."""

    path = fields.String()
    kind = fields.String(validate=validate.OneOf(["added", "removed", "changed", "moved"]))
    lock = fields.String(validate=validate.OneOf(["", "opened", "closed"]))
    sentence = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class ComparisonOut(Output):
    """What a version changes against another one."""

    version_id = fields.Integer()
    against_id = fields.Integer()
    changes = fields.List(fields.Nested(ChangeOut))


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
