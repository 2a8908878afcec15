"""The shapes of lists; the API and the portal load the same ones."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields, post_load, validate

from campaigns.audiences.rules import ConsentScope
from campaigns.imports.rules import ListState
from campaigns.kits.schemas import line, words
from tcma.web.fields import Input, Output, StateField

MOST_COLUMNS = 200
LEFT_OUT = "-"


class GiveList(Input):
    """Load a file of contacts: CSV or XLSX."""

    file = Upload(required=True, error_messages={"required": "Choose a CSV or XLSX file."})


class StartList(Input):
    """Load what the columns of a list mean, and what its people agreed to."""

    columns = fields.List(
        fields.String(validate=validate.Length(max=60)),
        required=True,
        validate=validate.Length(min=1, max=MOST_COLUMNS),
        metadata={
            "description": "for each column of the file: email, first_name, last_name, company, locale, consent, "
            "consent_source, consent_on, attributes.<a field of your own>, or empty to leave it out"
        },
    )
    consent_source = line(200, required=True)
    consent_text = words(2000, load_default="")
    consent_scope = fields.String(
        load_default=ConsentScope.PARTNER.value, validate=validate.OneOf([scope.value for scope in ConsentScope])
    )


class StartListForm(StartList):
    """Load a start with the confirmation that the page asks for."""

    agreed = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error="Confirm it: without consent nobody may be written to."),
        error_messages={"required": "Confirm it: without consent nobody may be written to."},
    )

    @post_load
    def leave_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Read the dash by which a page says that a column is left out: an empty field of a form is not sent."""
        return {**data, "columns": ["" if column == LEFT_OUT else column for column in data["columns"]]}


class ListOut(Output):
    """Dump a list, and how far it is; what came of it is the report at /contacts/imports/<import_id>."""

    id = fields.Integer(required=True)
    filename = fields.String(required=True)
    state = StateField(ListState, required=True)
    header = fields.List(fields.String(), required=True)
    columns = fields.List(fields.String(), required=True, metadata={"description": "what each column seems to mean"})
    percent = fields.Integer(required=True)
    done_rows = fields.Integer(required=True, metadata={"description": "rows read, the header too"})
    problems = fields.Integer(required=True)
    import_id = fields.Integer(allow_none=True)
    trouble = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(allow_none=True)
