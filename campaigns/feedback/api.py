"""What came back, through the API."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.feedback import service
from campaigns.feedback.schemas import ReportOut, ReportQuery
from tcma.web.api import api_blueprint, show_page
from tcma.web.fields import page_of

bp = api_blueprint("feedback", __name__, "/feedback")


@bp.route("", methods=["GET"])
@bp.arguments(ReportQuery, location="query")
@bp.response(200, page_of(ReportOut))
def index(query: dict[str, Any]) -> Response:
    """List delivery reports, complaints and automatic answers, newest first; a partner sees those of its own mails."""
    return show_page(lambda actor: service.reports(actor, **query), ReportOut)
