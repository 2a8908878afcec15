"""The pages of posts."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from campaigns.posting import service
from campaigns.posting.rules import PostState
from campaigns.posting.schemas import PostQuery, SettlePost
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Permission
from tcma.web import health
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "posts",
    __name__,
    "/posts",
    nav=NavItem("Posts", "posts.index", Permission.CAMPAIGNS_POST_READ, section="Campaigns", position=45),
)
touches = portal_blueprint("touch_posts", __name__, "/launches")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the posts, newest first."""
    actor = current_actor()
    query = PostQuery().load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        return render("posts/index.html", page=service.posts(actor, **query), query=query, states=list(PostState))


@bp.get("/<int:post_id>")
def show(post_id: int) -> ResponseReturnValue:
    """Show one post."""
    return _page(post_id, FormState())


@bp.post("/<int:post_id>/settle")
def settle(post_id: int) -> ResponseReturnValue:
    """Say what became of an unconfirmed post."""
    return submit(
        SettlePost(),
        lambda actor, data: service.resolve(actor, post_id, **data),
        then=lambda post: url_for("posts.show", post_id=post.id),
        again=lambda form: _page(post_id, form),
        flash="Noted.",
    )


@bp.post("/<int:post_id>/again")
def again(post_id: int) -> ResponseReturnValue:
    """Post once more what failed."""
    return submit(
        Empty(),
        lambda actor, data: service.post_again(actor, post_id),  # noqa: ARG005 - takes nothing
        then=lambda post: url_for("posts.show", post_id=post.id),
        again=lambda form: _page(post_id, form),
        flash="It is posted once more.",
    )


@touches.post("/<int:launch_id>/touches/<int:touch_id>/post")
def post_now(launch_id: int, touch_id: int) -> ResponseReturnValue:
    """Post what waits to be shared by hand."""
    return submit(
        Empty(),
        lambda actor, data: service.post_now(actor, launch_id, touch_id),  # noqa: ARG005 - takes nothing
        then=lambda nothing: url_for("posts.index", launch_id=launch_id),  # noqa: ARG005 - the same place
        flash="It is being posted.",
    )


def _page(post_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        return render("posts/show.html", post=service.post(actor, post_id), form=form)


def _oldest_due_s() -> float:
    with reading(SYSTEM):
        since = service.oldest_due_since(SYSTEM)
    return (clock.now() - since).total_seconds() if since else 0.0


health.watch("posts", _oldest_due_s)
