"""Posts through the API."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.posting import service
from campaigns.posting.schemas import PostOut, PostQuery, SettlePost
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import page_of

bp = api_blueprint("posts", __name__, "/posts")
touches = api_blueprint("touch_posts", __name__, "/launches")


@bp.route("/", methods=["GET"])
@bp.arguments(PostQuery, location="query")
@bp.response(200, page_of(PostOut))
def index(query: dict[str, Any]) -> Response:
    """List posts, newest first: a partner its own, the brand all."""
    return show_page(lambda actor: service.posts(actor, **query), PostOut)


@bp.route("/<int:post_id>", methods=["GET"])
@bp.response(200, PostOut)
def one(post_id: int) -> Response:
    """Show one post."""
    return show(lambda actor: service.post(actor, post_id), PostOut)


@bp.route("/<int:post_id>/settle", methods=["POST"])
@bp.arguments(SettlePost)
@bp.response(200, PostOut)
def settle(payload: dict[str, Any], post_id: int) -> Response:
    """Say what became of an unconfirmed post."""
    return perform(lambda actor: service.post_view(service.resolve(actor, post_id, **payload)), PostOut)


@bp.route("/<int:post_id>/again", methods=["POST"])
@bp.response(200, PostOut)
def again(post_id: int) -> Response:
    """Post once more what failed."""
    return perform(lambda actor: service.post_view(service.post_again(actor, post_id)), PostOut)


@touches.route("/<int:launch_id>/touches/<int:touch_id>/post", methods=["POST"])
@touches.response(204)
def post_now(launch_id: int, touch_id: int) -> Response:
    """Post what waits to be shared by hand, now that an account is connected."""
    return perform(lambda actor: service.post_now(actor, launch_id, touch_id), None)
