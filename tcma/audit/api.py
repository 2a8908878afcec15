"""The audit trail's API door: read only."""

from typing import Any

from flask import Response

from tcma.audit import queries
from tcma.audit.schemas import AuditEntryOut, AuditQuery
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.api import api_blueprint, show_page
from tcma.web.fields import page_of

bp = api_blueprint("audit", __name__, "/audit")


@bp.route("/", methods=["GET"])
@bp.arguments(AuditQuery, location="query")
@bp.response(200, page_of(AuditEntryOut))
def index(query: dict[str, Any]) -> Response:
    """List what was done, newest first."""

    def read(actor: Actor) -> Page[Any]:
        authorize(actor, Permission.AUDIT_ENTRY_READ)
        return queries.page_of(actor, **query)

    return show_page(read, AuditEntryOut)
