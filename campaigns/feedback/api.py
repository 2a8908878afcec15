"""What came back, through the API."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from campaigns.feedback import service
from campaigns.feedback.errors import NoticeNotBelieved, NotOurReturnPath
from campaigns.feedback.rules import LARGEST_NOTICE_BYTES, NoticeType, Report, read_event
from campaigns.feedback.schemas import ReportOut, ReportQuery
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.web.api import api_blueprint, show_page
from tcma.web.fields import page_of
from tcma.web.guards import public_upload

bp = api_blueprint("feedback", __name__, "/feedback")


@bp.route("/sns", methods=["POST"])
@public_upload
def amazon() -> Response:
    """Take in what Amazon SNS says of mails that left by SES: bounces, complaints, deliveries."""
    raw = request.get_data()
    if len(raw) > LARGEST_NOTICE_BYTES:
        raise NoticeNotBelieved
    notice = service.believed(raw)
    if notice.type is NoticeType.SUBSCRIPTION:
        service.subscribe(notice)
    event = read_event(notice) if notice.type is NoticeType.NOTIFICATION else None
    if event is not None:
        _hear(*event, fingerprint=hashlib.sha256(raw).digest())
    return Response(status=204)


def _hear(local: str, report: Report, *, fingerprint: bytes) -> None:
    try:
        with reading(SYSTEM):
            partner_id, delivery_id = service.partner_behind(SYSTEM, local)
    except NotOurReturnPath:
        # Of another service that shares the topic.
        return
    actor = Actor.partner_job(partner_id)
    with transaction(actor):
        dead = service.take_in(actor, delivery_id, report=report, fingerprint=fingerprint)
    if dead is not None:
        with transaction(SYSTEM):
            service.bury(SYSTEM, dead)


@bp.route("", methods=["GET"])
@bp.arguments(ReportQuery, location="query")
@bp.response(200, page_of(ReportOut))
def index(query: dict[str, Any]) -> Response:
    """List delivery reports, complaints and automatic answers, newest first; a partner sees those of its own mails."""
    return show_page(lambda actor: service.reports(actor, **query), ReportOut)
