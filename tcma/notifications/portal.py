"""A person's inbox."""

from flask import url_for
from flask.typing import ResponseReturnValue

from tcma.infra.db import reading
from tcma.notifications import queries, service
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import portal_blueprint, query_id, render, submit

bp = portal_blueprint("notifications", __name__, "/notifications")


@bp.get("/")
def index() -> str:
    """Show what happened, newest first."""
    actor = current_actor()
    with reading(actor):
        page = queries.page_of(actor, limit=30, after=query_id("after"))
    return render("notifications/index.html", page=page)


@bp.post("/<int:notification_id>")
def follow(notification_id: int) -> ResponseReturnValue:
    """Go to what a notification is about; having been there means having read it."""
    return submit(
        Empty(), lambda actor, _: service.mark_read(actor, notification_id), then=lambda notice: _target(notice.link)
    )


def _target(link: str) -> str:
    return link if link.startswith("/") else url_for("notifications.index")


@bp.post("/read")
def read_all() -> ResponseReturnValue:
    """Remember everything as read."""
    return submit(Empty(), lambda actor, _: service.mark_all_read(actor), then=lambda _: url_for("notifications.index"))
