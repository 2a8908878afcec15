"""What came back, as the API shows it."""

from __future__ import annotations

from marshmallow import fields

from campaigns.feedback.rules import Kind
from tcma.web.fields import ListQuery, Output, StateField


class ReportOut(Output):
    """Show what one report said about one delivery."""

    id = fields.Integer()
    delivery_id = fields.Integer()
    partner_id = fields.Integer()
    kind = StateField(Kind)
    status = fields.String(metadata={"description": "the RFC 3463 code, such as 5.1.1; empty where there is none"})
    words = fields.String(metadata={"description": "the reporting server's words, without addresses"})
    received_at = fields.AwareDateTime()


class ReportQuery(ListQuery):
    """Load the question for a list of reports."""

    kind = StateField(Kind, load_default=None)
