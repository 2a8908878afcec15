"""The audit trail's page."""

from flask import request

from tcma.audit import queries
from tcma.audit.schemas import AuditQuery
from tcma.infra.db import reading
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import NavItem, portal_blueprint, render

bp = portal_blueprint(
    "audit",
    __name__,
    "/audit",
    nav=NavItem("Audit trail", "audit.index", Permission.AUDIT_ENTRY_READ, section="Organization", position=90),
)


@bp.get("/")
def index() -> str:
    """Show what was done, newest first."""
    actor = current_actor()
    query = AuditQuery().load({key: value for key, value in request.args.items() if value})
    with reading(actor):
        authorize(actor, Permission.AUDIT_ENTRY_READ)
        return render("audit/index.html", page=queries.page_of(actor, **query), query=query)
