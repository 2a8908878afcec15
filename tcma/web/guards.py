"""The first gate: every route needs a signed-in actor unless it says that it is public. Also CSRF and headers."""

import re
import secrets
from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Unauthorized

from tcma.kernel.actor import Actor
from tcma.logs import bind_contextvars, clear_contextvars

F = TypeVar("F", bound=Callable[..., Any])

csrf = CSRFProtect()
# The other fields of a form with a file, and what separates them.
ROOM_AROUND_A_FILE = 64 * 1024

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Doorkeeper(Protocol):
    """Know people by what they bring; `tcma.accounts` is the one that does."""

    def by_token(self, token: str) -> Actor | None:
        """Return the actor of an API token, or None."""

    def by_session(self) -> Actor | None:
        """Return the actor of the browser's session, or None."""


def public(view: F) -> F:
    """Let everybody in; a test lists every route that says so."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def public_upload(view: F) -> F:
    """Let everybody in with a file of the size that people who are signed in may send."""
    view.takes_file = True  # type: ignore[attr-defined]
    return public(view)


def large_upload(largest_bytes: int) -> Callable[[F], F]:
    """Let people who are signed in send a body that is larger than others may be."""

    def allow(view: F) -> F:
        view.largest_bytes = largest_bytes  # type: ignore[attr-defined]
        return view

    return allow


def current_actor() -> Actor:
    """Return who acts. Raises Unauthorized."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Unauthorized("Sign in first: POST /api/v1/tokens gives a token for the header Authorization: Bearer …")
    return actor


def actor_or_none() -> Actor | None:
    """Return who acts, on pages that also serve strangers."""
    actor: Actor | None = g.get("actor")
    return actor


def is_public(app: Flask, endpoint: str) -> bool:
    """Tell whether a route is open to everybody: static files and what says @public."""
    return endpoint.endswith("static") or bool(getattr(app.view_functions[endpoint], "is_public", False))


def install(app: Flask, doorkeeper: Doorkeeper, *, https: bool) -> None:
    """Stand at every route of the app."""

    @app.before_request
    def name_the_request() -> None:
        clear_contextvars()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        bind_contextvars(request_id=g.request_id)

    @app.before_request
    def let_in() -> ResponseReturnValue | None:
        g.actor = _who(doorkeeper)
        if g.actor is not None:
            bind_contextvars(actor_id=g.actor.user_id, partner_id=g.actor.partner_id)
            _make_room(app)
        if request.endpoint is None or is_public(app, request.endpoint) or g.actor is not None:
            return None
        if request.path.startswith("/api/"):
            current_actor()
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(f"/sign-in?next={quote(target, safe='')}")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if g.get("actor") is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    csrf.init_app(app)


def _make_room(app: Flask) -> None:
    """Let a person send a large file where one is expected, before anything reads the body."""
    largest_bytes = getattr(app.view_functions.get(request.endpoint or ""), "largest_bytes", 0)
    if largest_bytes and request.mimetype == "multipart/form-data":
        request.max_content_length = largest_bytes + ROOM_AROUND_A_FILE


def _who(doorkeeper: Doorkeeper) -> Actor | None:
    if request.endpoint is not None and request.endpoint.endswith("static"):
        return None
    if request.path.startswith("/api/"):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return doorkeeper.by_token(token.strip()) if scheme.lower() == "bearer" and token else None
    return doorkeeper.by_session()
