"""The JSON door of launches. What came of a launch is at /launches/<id>/results, in the room of tracking."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from campaigns.launches import queries, service
from campaigns.launches.schemas import (
    CancelLaunch,
    LaunchKit,
    LaunchOut,
    LaunchPreviewOut,
    LaunchQuery,
    PreviewKit,
    RejectLaunch,
    SenderHoldsOut,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import Empty, page_of
from tcma.web.guards import current_actor

bp = api_blueprint("launches", __name__, "/launches")


@bp.route("", methods=["GET"])
@bp.arguments(LaunchQuery, location="query")
@bp.response(200, page_of(LaunchOut))
def index(query: dict[str, Any]) -> Response:
    """List launches, newest first: a partner's own, to the brand all."""
    return show_page(lambda actor: queries.page_of(actor, **query), LaunchOut)


@bp.route("", methods=["POST"])
@bp.arguments(LaunchKit)
@bp.response(201, LaunchOut)
def launch(payload: dict[str, Any]) -> Response:
    """Launch a kit in the partner's name, now or at a time of its own zone."""
    actor = current_actor()
    with reading(actor):
        draft = service.preview(actor, **payload)
    # Outside of the transaction: everything is produced once, so that nothing fails when its hour has come.
    draft.rehearse()
    return perform(lambda actor: service.launch(actor, **payload), LaunchOut, status=201)


@bp.route("/holds", methods=["GET"])
@bp.response(200, SenderHoldsOut)
def holds() -> Response:
    """List the partners that may send nothing because their mails were reported as spam."""
    return show(lambda actor: {"items": service.held_senders(actor)}, SenderHoldsOut)


@bp.route("/holds/<int:partner_id>/release", methods=["POST"])
@bp.arguments(Empty)
@bp.response(204)
def release(payload: dict[str, Any], partner_id: int) -> Response:
    """Let a partner send again, after somebody has looked at why people complained."""
    _ = payload
    return perform(lambda actor: service.release_sender(actor, partner_id), None, status=204)


@bp.route("/preview", methods=["POST"])
@bp.arguments(PreviewKit)
@bp.response(200, LaunchPreviewOut)
def preview(payload: dict[str, Any]) -> Response:
    """Show exactly what a launch with these words would send, to whom, and when. Nothing is kept."""
    actor = current_actor()
    contact_id = payload.pop("contact_id")
    with reading(actor):
        draft = service.preview(actor, **payload)
        reader = service.reader_of(actor, contact_id)
    return jsonify(LaunchPreviewOut().dump(draft.write(reader)))


@bp.route("/<int:launch_id>", methods=["GET"])
@bp.response(200, LaunchOut)
def one(launch_id: int) -> Response:
    """Show a launch with its touches."""
    return show(lambda actor: queries.one(actor, launch_id), LaunchOut)


@bp.route("/<int:launch_id>/preview", methods=["GET"])
@bp.response(200, LaunchPreviewOut)
def preview_of(launch_id: int) -> Response:
    """Show exactly what a launch sends."""
    actor = current_actor()
    with reading(actor):
        draft = service.preview_of(actor, launch_id)
    return jsonify(LaunchPreviewOut().dump(draft.write()))


@bp.route("/<int:launch_id>/approve", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, LaunchOut)
def approve(payload: dict[str, Any], launch_id: int) -> Response:
    """Let a launch go whose kit asks for the brand's approval."""
    _ = payload
    return perform(lambda actor: service.approve(actor, launch_id), LaunchOut)


@bp.route("/<int:launch_id>/reject", methods=["POST"])
@bp.arguments(RejectLaunch)
@bp.response(200, LaunchOut)
def reject(payload: dict[str, Any], launch_id: int) -> Response:
    """End a launch that may not leave like this, and say why."""
    return perform(lambda actor: service.reject(actor, launch_id, **payload), LaunchOut)


@bp.route("/<int:launch_id>/pause", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, LaunchOut)
def pause(payload: dict[str, Any], launch_id: int) -> Response:
    """Let nothing more leave until it is resumed."""
    _ = payload
    return perform(lambda actor: service.pause(actor, launch_id), LaunchOut)


@bp.route("/<int:launch_id>/resume", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, LaunchOut)
def resume(payload: dict[str, Any], launch_id: int) -> Response:
    """Let a paused launch go on."""
    _ = payload
    return perform(lambda actor: service.resume(actor, launch_id), LaunchOut)


@bp.route("/<int:launch_id>/confirm", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, LaunchOut)
def confirm(payload: dict[str, Any], launch_id: int) -> Response:
    """Let a launch that was found late go out after all."""
    _ = payload
    return perform(lambda actor: service.confirm(actor, launch_id), LaunchOut)


@bp.route("/<int:launch_id>/cancel", methods=["POST"])
@bp.arguments(CancelLaunch)
@bp.response(200, LaunchOut)
def cancel(payload: dict[str, Any], launch_id: int) -> Response:
    """End a launch; what has not left will not leave."""
    return perform(lambda actor: service.cancel(actor, launch_id, **payload), LaunchOut)
