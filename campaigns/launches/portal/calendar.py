"""The calendar: a month or a week of what leaves when, and a feed for calendar programs."""

from __future__ import annotations

import calendar as stdlib_calendar
from datetime import date, timedelta

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.launches import service
from tcma.accounts import feeds
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.guards import current_actor, public
from tcma.web.pages import NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "calendar",
    "campaigns.launches",
    "/calendar",
    nav=NavItem("Calendar", "calendar.index", Permission.CAMPAIGNS_LAUNCH_READ, section="Campaigns", position=25),
)

_WEEKS = stdlib_calendar.Calendar(firstweekday=0)


@bp.get("/")
def index() -> str:
    """Show a month, or a week."""
    actor = current_actor()
    on = _day(request.args.get("on", ""))
    by_week = request.args.get("view") == "week"
    monday = on - timedelta(days=on.weekday())
    weeks = (
        [[monday + timedelta(days=day) for day in range(7)]]
        if by_week
        else _WEEKS.monthdatescalendar(on.year, on.month)
    )
    with reading(actor):
        found = service.entries(actor, first=weeks[0][0], last=weeks[-1][-1])
        address = feeds.feed_address(actor)
    by_day: dict[date, list[service.Entry]] = {}
    for entry in found:
        by_day.setdefault(entry.due_at_local.date(), []).append(entry)
    return render(
        "calendar/calendar.html",
        weeks=weeks,
        by_day=by_day,
        on=on,
        by_week=by_week,
        before=monday - timedelta(days=7) if by_week else (on.replace(day=1) - timedelta(days=1)).replace(day=1),
        after=monday + timedelta(days=7) if by_week else (on.replace(day=28) + timedelta(days=4)).replace(day=1),
        today=clock.today(),
        address=address,
    )


@bp.post("/feed")
def renew() -> ResponseReturnValue:
    """Give the feed another address."""
    return submit(
        Empty(),
        lambda actor, _data: feeds.renew_feed(actor),
        then=lambda _address: url_for("calendar.index"),
        flash="The feed has another address. The one before leads nowhere any more.",
    )


@bp.get("/<token>.ics")
@public
def feed(token: str) -> Response:
    """Answer a calendar program."""
    reader = feeds.reader_of(token)
    with reading(reader):
        response = Response(service.feed(reader), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return clock.today()
    return day if 2000 <= day.year < 2200 else clock.today()
