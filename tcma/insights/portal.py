"""The start page: what somebody has, and what needs them."""

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from tcma.infra.db import reading
from tcma.insights import service
from tcma.insights.home import Place
from tcma.insights.samples import samples
from tcma.web.guards import current_actor
from tcma.web.pages import NavItem, portal_blueprint, render

bp = portal_blueprint("insights", __name__, "", nav=NavItem("Home", "insights.index", position=0))


def href(place: Place | None) -> str | None:
    """Return the address of a place, or None when it has no page."""
    if place is None:
        return None
    endpoint = f"{place.noun}.{place.page or ('index' if place.id is None else 'show')}"
    if endpoint not in current_app.view_functions:
        return None
    rule = next(current_app.url_map.iter_rules(endpoint))
    return url_for(endpoint, **dict.fromkeys(rule.arguments, place.id))


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the home of whoever looks; whoever came by a link of a mail is led to what it was about."""
    actor = current_actor()
    if actor.is_narrowed:
        return redirect("/launches/", code=302)
    with reading(actor):
        home = service.home(actor)
    return render("insights/home.html", home=home, href=href)


@bp.get("/design")
def design() -> str:
    """Show every building block of the pages."""
    return render("design.html", **samples())
