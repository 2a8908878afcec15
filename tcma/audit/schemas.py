"""The audit trail's shapes."""

from marshmallow import fields, validate

from tcma.web.fields import ListQuery, Output


class AuditQuery(ListQuery):
    """Load which part of the trail to read."""

    noun = fields.String(load_default="", validate=validate.Length(max=60))
    action = fields.String(load_default="", validate=validate.Length(max=60))


class AuditEntryOut(Output):
    """Dump an entry."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    actor = fields.String(attribute="actor_name", required=True)
    user_id = fields.Integer(allow_none=True)
    partner_id = fields.Integer(allow_none=True)
    action = fields.String(required=True)
    noun = fields.String(required=True)
    noun_id = fields.Integer(allow_none=True)
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)
    details = fields.Dict(required=True)
