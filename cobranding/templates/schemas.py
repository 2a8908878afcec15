"""What the doors of templates take and give."""

from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from cobranding.templates.rules import ApprovalPolicy, TemplateKind, VersionState
from tcma.web.fields import DocumentField, IdField, Input, ListQuery, Output, StateField


class ListTemplates(ListQuery):
    """Ask for one page of templates."""

    kind = fields.Enum(TemplateKind, by_value=True, load_default=None)


class CreateTemplate(Input):
    """Start a template."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    summary = fields.String(validate=validate.Length(max=500))
    document = DocumentField(required=True, metadata={"description": "see GET /templates/schema"})


class EditTemplate(Input):
    """Say when the brand looks at what partners make of a template before it may be used."""

    approval = fields.Enum(ApprovalPolicy, by_value=True, required=True)


class StartVersion(Input):
    """Start the next version."""

    document = DocumentField(metadata={"description": "a copy of the newest version, unless it is given"})


class SaveDraft(Input):
    """Replace the document of a draft."""

    document = DocumentField(required=True)


class PublishVersion(Input):
    """Publish a draft."""


class WithdrawVersion(Input):
    """Take a published version back; `successor_version_id` is what partners use instead."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))
    successor_version_id = IdField(load_default=None, allow_none=True)


class UsesQuery(Input):
    """Ask where a version is in use: by kind, or a page of one kind."""

    kind = fields.String(load_default="", validate=validate.Length(max=40))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=200))
    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**63 - 1))


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
    successor_version_id = fields.Integer(allow_none=True)
    revision = fields.Integer()


class TemplateOut(Output):
    """A template, with the versions that matter now."""

    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    kind = StateField(TemplateKind)
    approval = StateField(ApprovalPolicy)
    created_at = fields.DateTime()
    published_version_id = fields.Integer(allow_none=True)
    draft_version_id = fields.Integer(allow_none=True)
    version_count = fields.Integer()
    revision = fields.Integer()


class UseOut(Output):
    """One thing made of a version; `number` counts what stands behind a sum."""

    id = fields.Integer()
    partner_id = fields.Integer(allow_none=True)
    label = fields.String()
    state = fields.String()
    number = fields.Integer()


class KindOfUseOut(Output):
    """The uses of one kind, and a part of them."""

    kind = fields.String()
    label = fields.String()
    count = fields.Integer()
    items = fields.List(fields.Nested(UseOut))
    next = fields.Integer(allow_none=True)


class RecallOut(Output):
    """How far a recall has come: kind of use -> what became of them -> how many."""

    started_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)
    outcomes = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()))


class UsesOut(Output):
    """Where a version is in use, and how far its recall has come if it was withdrawn."""

    kinds = fields.List(fields.Nested(KindOfUseOut))
    recall = fields.Nested(RecallOut, allow_none=True)
