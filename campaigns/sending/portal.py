"""The partner's pages of deliveries and of sharing by hand."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.launches import service as launches
from campaigns.launches.service import PreviewDraft
from campaigns.sending import service
from campaigns.sending.rules import DeliveryState, Reason
from campaigns.sending.schemas import DeliveryQuery, MarkShared, SettleDelivery
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Invalid, Unavailable
from tcma.kernel.permissions import Permission
from tcma.web import health
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, say, submit

bp = portal_blueprint(
    "deliveries",
    __name__,
    "/deliveries",
    nav=NavItem("Deliveries", "deliveries.index", Permission.CAMPAIGNS_DELIVERY_SETTLE, "Campaigns", 40),
)
shares = portal_blueprint("shares", __name__, "/launches")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the deliveries, newest first."""
    actor = current_actor()
    if not actor.is_partner:
        # The brand reads counts, launch by launch.
        return redirect("/launches")
    query = DeliveryQuery().load({key: value for key, value in request.args.items() if value})
    with reading(actor):
        page = service.deliveries(actor, **query)
        return render(
            "deliveries/index.html",
            page=page,
            query=query,
            states=list(DeliveryState),
            reasons=[reason for reason in Reason if reason],
        )


@bp.get("/<int:delivery_id>")
def show(delivery_id: int) -> ResponseReturnValue:
    """Show one delivery."""
    actor = current_actor()
    with reading(actor):
        return render("deliveries/show.html", delivery=service.delivery_view(actor, delivery_id))


@bp.post("/<int:delivery_id>/settle")
def settle(delivery_id: int) -> ResponseReturnValue:
    """Say what became of an unknown delivery."""
    return submit(
        SettleDelivery(),
        lambda actor, data: service.resolve(actor, delivery_id, **data),
        then=lambda delivery: url_for("deliveries.show", delivery_id=delivery.id),
        flash="Noted.",
    )


@shares.post("/previews/<int:version_id>/<string:mark>/<string:key>/test")
def draft_to_oneself(version_id: int, mark: str, key: str) -> ResponseReturnValue:
    """Send a mail of the desk to oneself, and come back to the desk as it was."""
    _send_to_oneself(lambda actor: launches.kept_draft(actor, version_id, mark), key)
    return redirect(url_for("launches.new", kit_version_id=version_id, mark=mark), code=303)


@shares.post("/<int:launch_id>/touches/<string:key>/test")
def touch_to_oneself(launch_id: int, key: str) -> ResponseReturnValue:
    """Send a mail of a launch to oneself."""
    _send_to_oneself(lambda actor: launches.preview_of(actor, launch_id), key)
    return redirect(url_for("launches.show", launch_id=launch_id), code=303)


def _send_to_oneself(gather: Callable[[Actor], PreviewDraft], key: str) -> None:
    actor = current_actor()
    with reading(actor):
        test = service.mail_to_oneself(actor, gather(actor), key)
    try:
        say(f"Sent to {test.send()}.")
    except (Invalid, Unavailable) as trouble:
        say(trouble.detail, "warning")


@shares.post("/<int:launch_id>/retry")
def retry(launch_id: int) -> ResponseReturnValue:
    """Send again what failed for a reason that may be over."""
    return submit(
        Empty(),
        lambda actor, _data: service.retry_failed(actor, launch_id),
        then=lambda _number: url_for("results.show", launch_id=launch_id),
        flash="They are queued again.",
    )


@shares.get("/<int:launch_id>/touches/<int:touch_id>/share")
def show_share(launch_id: int, touch_id: int) -> ResponseReturnValue:
    """Show the words to copy and the pictures to download."""
    return _share_page(launch_id, touch_id, FormState())


@shares.get("/<int:launch_id>/touches/<int:touch_id>/share/<format_key>")
def download(launch_id: int, touch_id: int, format_key: str) -> ResponseReturnValue:
    """Download the picture in one format."""
    actor = current_actor()
    with reading(actor):
        draft = service.share_draft(actor, launch_id, touch_id, format_key=format_key)
    file = service.write_file(draft)
    response = Response(file.data, mimetype=file.media_type)
    how = "inline" if request.args.get("inline") else "attachment"
    response.headers.set("Content-Disposition", how, filename=file.filename)
    return response


@shares.post("/<int:launch_id>/touches/<int:touch_id>/shared")
def mark(launch_id: int, touch_id: int) -> ResponseReturnValue:
    """Say that it is shared."""
    return submit(
        MarkShared(),
        lambda actor, data: service.mark_shared(actor, launch_id, touch_id, **data),
        then=lambda kit: url_for("results.show", launch_id=kit.launch_id),
        again=lambda form: _share_page(launch_id, touch_id, form),
        flash="Thank you: it counts as shared.",
    )


def _share_page(launch_id: int, touch_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        return render("shares/share.html", kit=service.share_kit(actor, launch_id, touch_id), form=form)


def _oldest_owed_s() -> float:
    with reading(SYSTEM):
        since = service.oldest_owed_since(SYSTEM)
    return (clock.now() - since).total_seconds() if since else 0.0


health.watch("deliveries", _oldest_owed_s)
