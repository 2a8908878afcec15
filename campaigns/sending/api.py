"""Deliveries and shares through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify

from campaigns.launches import service as launches
from campaigns.launches.service import PreviewDraft
from campaigns.sending import service
from campaigns.sending.schemas import (
    DeliveryOut,
    DeliveryQuery,
    DraftToOneself,
    MarkShared,
    RetriedOut,
    SentToOneselfOut,
    SettleDelivery,
    ShareKitOut,
    TouchToOneself,
)
from tcma.infra.db import reading
from tcma.kernel.actor import Actor
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import Empty, page_of
from tcma.web.guards import current_actor

bp = api_blueprint("deliveries", __name__, "/deliveries")
shares = api_blueprint("shares", __name__, "/launches")


@bp.route("/", methods=["GET"])
@bp.arguments(DeliveryQuery, location="query")
@bp.response(200, page_of(DeliveryOut))
def index(query: dict[str, Any]) -> Response:
    """List the partner's deliveries, newest first; the brand reads counts in the results of a launch."""
    return show_page(lambda actor: service.deliveries(actor, **query), DeliveryOut)


@bp.route("/<int:delivery_id>", methods=["GET"])
@bp.response(200, DeliveryOut)
def one(delivery_id: int) -> Response:
    """Show one delivery."""
    return show(lambda actor: service.delivery_view(actor, delivery_id), DeliveryOut)


@bp.route("/<int:delivery_id>/settle", methods=["POST"])
@bp.arguments(SettleDelivery)
@bp.response(200, DeliveryOut)
def settle(payload: dict[str, Any], delivery_id: int) -> Response:
    """Say what became of a delivery that nobody knows about."""
    return perform(lambda actor: service.resolve(actor, delivery_id, **payload), DeliveryOut)


@shares.route("/preview/test", methods=["POST"])
@shares.arguments(DraftToOneself)
@shares.response(200, SentToOneselfOut)
def draft_to_oneself(payload: dict[str, Any]) -> Response:
    """Send a mail of a launch to oneself before it is launched."""
    touch, locale = payload.pop("touch"), payload.pop("locale")
    return _sent_to_oneself(lambda actor: launches.preview(actor, **payload), touch, locale)


@shares.route("/<int:launch_id>/touches/<string:key>/test", methods=["POST"])
@shares.arguments(TouchToOneself)
@shares.response(200, SentToOneselfOut)
def touch_to_oneself(payload: dict[str, Any], launch_id: int, key: str) -> Response:
    """Send a mail of a launch to oneself."""
    return _sent_to_oneself(lambda actor: launches.preview_of(actor, launch_id), key, payload["locale"])


def _sent_to_oneself(gather: Callable[[Actor], PreviewDraft], touch: str, locale: str) -> Response:
    actor = current_actor()
    with reading(actor):
        test = service.mail_to_oneself(actor, gather(actor), touch, locale=locale)
    # Outside of the transaction: it is written, and handed to the mail server.
    return jsonify(SentToOneselfOut().dump({"sent_to": test.send()}))


@shares.route("/<int:launch_id>/retry", methods=["POST"])
@shares.arguments(Empty)
@shares.response(200, RetriedOut)
def retry(_payload: dict[str, Any], launch_id: int) -> Response:
    """Send again what failed for a reason that may be over."""
    return perform(lambda actor: {"deliveries": service.retry_failed(actor, launch_id)}, RetriedOut)


@shares.route("/<int:launch_id>/touches/<int:touch_id>/share", methods=["GET"])
@shares.response(200, ShareKitOut)
def share_kit(launch_id: int, touch_id: int) -> Response:
    """Show the text to copy and the formats of the picture for a touch that is shared by hand."""
    return show(lambda actor: service.share_kit(actor, launch_id, touch_id), ShareKitOut)


@shares.route("/<int:launch_id>/touches/<int:touch_id>/share/<format_key>", methods=["GET"])
def share_file(launch_id: int, touch_id: int, format_key: str) -> Response:
    """Download the picture in one format."""
    actor = current_actor()
    with reading(actor):
        draft = service.share_draft(actor, launch_id, touch_id, format_key=format_key)
    file = service.write_file(draft)
    response = Response(file.data, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return response


@shares.route("/<int:launch_id>/touches/<int:touch_id>/shared", methods=["POST"])
@shares.arguments(MarkShared)
@shares.response(200, ShareKitOut)
def mark_shared(payload: dict[str, Any], launch_id: int, touch_id: int) -> Response:
    """Say that it is shared, and where."""
    return perform(lambda actor: service.mark_shared(actor, launch_id, touch_id, **payload), ShareKitOut)
