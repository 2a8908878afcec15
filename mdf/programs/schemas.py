"""What programs take and show. The rules of a document are read by `mdf.programs.rules`."""

from typing import Any

from marshmallow import fields, post_load, validate

from mdf.programs.rules import VersionState
from tcma.web.fields import DocumentField, Input, Output, StateField

_NAME = validate.Length(min=1, max=200)


class CreateProgram(Input):
    """Begin a program."""

    name = fields.String(required=True, validate=_NAME)
    summary = fields.String(load_default="", validate=validate.Length(max=2000))
    document = fields.Dict(keys=fields.String(), required=True)


class SaveDraft(Input):
    """Change the draft of the next version."""

    document = fields.Dict(keys=fields.String(), required=True)


class PublishDraft(Input):
    """Put the draft in force, today unless a day is given."""

    valid_from_on = fields.Date(load_default=None, allow_none=True)


class CreateProgramForm(Input):
    """Begin a program from the portal."""

    name = fields.String(required=True, validate=_NAME)
    summary = fields.String(load_default="", validate=validate.Length(max=2000))
    document = DocumentField(required=True)


class SaveDraftForm(Input):
    """Change the draft from the portal; `revision` is what the form was opened on."""

    document = DocumentField(required=True)
    revision = fields.Integer(load_default=None)

    @post_load
    def name_the_revision(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Call it what the service calls it."""
        return {"document": data["document"], "expected_revision": data["revision"]}


class VersionOut(Output):
    """Show a version of the rules."""

    id = fields.Integer(required=True)
    program_id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    state = StateField(VersionState, required=True)
    valid_from_on = fields.Date(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    document = fields.Dict(required=True)
    revision = fields.Integer(required=True)


class ProgramOut(Output):
    """Show a program and the versions of its rules, newest first."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    summary = fields.String(required=True)
    versions = fields.List(fields.Nested(VersionOut), required=True)
