"""The public addresses that mails carry, and the page of results. Strangers act as the partner that the token names."""

from __future__ import annotations

import base64
from typing import Final

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from campaigns.sending import service as sending
from campaigns.tracking import service
from campaigns.tracking.service import Each, Seen
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.web.files import streamed_text, text_response
from tcma.web.guards import csrf, current_actor, public
from tcma.web.pages import portal_blueprint, render

bp = portal_blueprint("tracking", __name__, "")
results = portal_blueprint("results", __name__, "/launches")
adoptions = portal_blueprint("adoptions", __name__, "/kits")

PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
# A mail as a page: no script, nothing framed, and whatever a link opens is free of these limits.
MAIL_POLICY: Final = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@bp.get("/t/c/<token>")
@public
def click(token: str) -> ResponseReturnValue:
    """Note the click and lead to the target, which is one that the touch names."""
    signed = sending.read_token("click", token)
    actor = service.scope_of(signed)
    with transaction(actor):
        url = service.follow(actor, signed, _seen())
    return _unseen(make_response(redirect(url, code=302)))


@bp.get("/t/o/<token>.gif")
@public
def pixel(token: str) -> ResponseReturnValue:
    """Note the open and answer with one transparent pixel."""
    signed = sending.read_token("open", token)
    actor = service.scope_of(signed)
    with transaction(actor):
        service.note_open(actor, signed, _seen())
    return _unseen(Response(PIXEL, mimetype="image/gif"))


@bp.get("/t/f/<token>")
@public
def flyer(token: str) -> ResponseReturnValue:
    """Answer with the co-branded file that a mail links to; it is rendered now, so a withdrawn one is gone."""
    signed = sending.read_token("flyer", token)
    actor = service.scope_of(signed)
    with reading(actor):
        draft = sending.flyer_draft(actor, signed.thing_id)
    file = sending.write_file(draft)
    response = Response(file.data, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "inline", filename=file.filename)
    return _unseen(response)


@bp.get("/t/v/<token>")
@public
def view(token: str) -> ResponseReturnValue:
    """Show a mail as a page to whoever got it."""
    signed = sending.read_token("view", token)
    actor = service.scope_of(signed)
    with reading(actor):
        draft, parcel = sending.page_draft(actor, signed.delivery_id or 0)
    written = draft.write()
    with reading(actor):
        links = sending.registered_links(actor, draft.plan.touch_id, written.urls)
    response = Response(sending.page(written.letters(links), parcel), mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return _unseen(response)


@bp.get("/u/<token>")
@public
def way_out(token: str) -> ResponseReturnValue:
    """Ask whether to unsubscribe. Looking, by whoever or whatever, changes nothing."""
    signed = sending.read_token("unsubscribe", token)
    actor = service.scope_of(signed)
    with reading(actor):
        page = render("tracking/unsubscribe.html", way_out=service.way_out(actor, signed), token=token)
    return _unseen(make_response(page))


@bp.post("/u/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF has no type information
def unsubscribe(token: str) -> ResponseReturnValue:
    """Unsubscribe at once (RFC 8058): no question, no cookie, no sign-in; the signed address is the permission."""
    signed = sending.read_token("unsubscribe", token)
    actor = service.scope_of(signed)
    with transaction(actor):
        service.unsubscribe(actor, signed)
    with reading(actor):
        page = render("tracking/unsubscribed.html", way_out=service.way_out(actor, signed), token=token, from_all=False)
    return _unseen(make_response(page))


@bp.post("/u/<token>/all")
@public
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF has no type information
def unsubscribe_from_all(token: str) -> ResponseReturnValue:
    """Unsubscribe from this partner and from all others of the brand."""
    signed = sending.read_token("unsubscribe", token)
    actor = service.scope_of(signed)
    with transaction(actor):
        address_hash = service.unsubscribe_from_all(actor, signed)
    if address_hash is not None:
        # What binds every partner is for the service to write; asked for twice, it is written once.
        with transaction(SYSTEM):
            service.stop_all_partners(SYSTEM, address_hash)
    with reading(actor):
        page = render("tracking/unsubscribed.html", way_out=service.way_out(actor, signed), token=token, from_all=True)
    return _unseen(make_response(page))


@results.get("/<int:launch_id>/results")
def show(launch_id: int) -> ResponseReturnValue:
    """Show what came of a launch."""
    actor = current_actor()
    with reading(actor):
        return render(
            "results/results.html",
            results=service.results(actor, launch_id),
            days=service.series(actor, launch_id, each=Each.DAY),
        )


@adoptions.get("/<int:kit_id>/adoption")
def adoption(kit_id: int) -> ResponseReturnValue:
    """Show who has seen, launched and finished a kit."""
    actor = current_actor()
    with reading(actor):
        return render("adoptions/adoption.html", adoption=service.adoption(actor, kit_id))


@results.get("/<int:launch_id>/results.csv")
def counts(launch_id: int) -> Response:
    """Download the counts of a launch."""
    with reading(current_actor()):
        return text_response(
            service.counts_csv(current_actor(), launch_id), "text/csv", f"launch-{launch_id}-results.csv"
        )


@results.get("/<int:launch_id>/recipients.csv")
def recipients(launch_id: int) -> Response:
    """Download the recipients of a launch."""
    rows = service.recipients_csv(current_actor(), launch_id)
    return streamed_text(rows, "text/csv", f"launch-{launch_id}-recipients.csv")


def _seen() -> Seen:
    purpose = (
        request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or request.headers.get("X-Purpose", "")
    )
    return Seen(
        method=request.method,
        user_agent=request.user_agent.string,
        purpose=purpose,
        address=request.remote_addr or "",
    )


def _unseen(response: Response) -> Response:
    """Keep an address with a token out of caches, search engines and referrers."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
