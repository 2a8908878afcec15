"""The one table from kinds of errors to statuses: a problem document (RFC 9457) for the API, a page for people."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, json, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from tcma.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    StaleEdit,
    Unavailable,
)
from tcma.logs import get_logger

log = get_logger(__name__)

MOST_ERRORS = 50
API_ROOT = "/api/v1"

# The first kind that an error is of decides; 412 is what RFC 9110 asks for when If-Match does not hold.
STATUS_OF_KIND: tuple[tuple[type[DomainError], int], ...] = (
    (StaleEdit, 412),
    (NotFound, 404),
    (Forbidden, 403),
    (Gone, 410),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
)


def status_of(error: DomainError) -> int:
    """Return the HTTP status of an error's kind."""
    return next((status for kind, status in STATUS_OF_KIND if isinstance(error, kind)), 500)


def flatten(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Turn marshmallow's nested messages into {"lines.0.amount": ["…"]}."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for key, inner in messages.items():
            name = path if key == "_schema" else f"{path}.{key}".lstrip(".")
            for field, sentences in flatten(inner, name).items():
                found.setdefault(field, []).extend(sentences)
        return found
    if isinstance(messages, list):
        return {path: [str(sentence) for sentence in messages]}
    return {path: [str(messages)]}


def without_location(messages: Any) -> Any:
    """Drop webargs' outer level (json, query, form, files), which names our plumbing and not the field."""
    if isinstance(messages, Mapping) and messages.keys() <= {"json", "query", "multipart", "headers"}:
        merged: dict[str, Any] = {}
        for inner in messages.values():
            merged |= inner if isinstance(inner, Mapping) else {"_schema": inner}
        return merged
    return messages


def bounded(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the first errors: nobody reads more, and what came in is not sent back whole."""
    return {field[:200]: sentences[:5] for field, sentences in list(errors.items())[:MOST_ERRORS]}


def problem(
    status: int, code: str, detail: str, errors: Mapping[str, list[str]] | None = None, **members: Any
) -> Response:
    """Return a problem document; `members` are those of this problem alone."""
    body = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": bounded(errors or {}),
        "request_id": g.get("request_id", ""),
        **members,
    }
    response = Response(json.dumps(body), status=status, mimetype="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="tcma"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "2"
    return response


def _page(status: int, code: str, detail: str, **shown: Any) -> ResponseReturnValue:
    page = render_template(
        "error.html", status=status, code=code, message=detail, request_id=g.get("request_id", ""), **shown
    )
    return page, status


def _answer(status: int, code: str, detail: str, errors: Mapping[str, list[str]] | None = None) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        return problem(status, code, detail, errors)
    return _page(status, code, detail, errors=errors or {})


def _answer_gone(error: Gone) -> ResponseReturnValue:
    """Lead to what stands in the place of a thing: in the problem and as a link (RFC 5829), or by a button."""
    found, status = error.successor, status_of(error)
    if not request.path.startswith("/api/"):
        return _page(status, error.code, error.detail, successor=found)
    href = f"{API_ROOT}{found.resource}" if found else ""
    response = problem(
        status, error.code, error.detail, error.errors, successor={"id": found.id, "href": href} if found else None
    )
    if found:
        response.headers["Link"] = f'<{href}>; rel="successor-version"'
    return response


def on_domain_error(error: DomainError) -> ResponseReturnValue:
    """Answer something that can go wrong with its sentence."""
    status = status_of(error)
    log.info("refused", code=error.code, status=status, route=str(request.url_rule))
    if isinstance(error, Gone):
        return _answer_gone(error)
    return _answer(status, error.code, error.detail, error.errors)


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Werkzeug or the schema check refused."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    data = getattr(error, "data", None)
    if isinstance(data, Mapping) and "messages" in data:
        errors = flatten(without_location(data["messages"]))
        return _answer(status, "invalid", Invalid.message, errors)
    code = (error.name or "error").lower().replace(" ", "_")
    return _answer(status, code, error.description or HTTPStatus(status).phrase)


def on_refused_values(error: ValidationError) -> ResponseReturnValue:
    """Answer what a schema refused in the address of a page."""
    return _answer(422, "invalid", Invalid.message, flatten(error.messages))


def on_crash(error: Exception) -> ResponseReturnValue:
    """Answer a crash with its request id, and log the rest: its text is never shown."""
    log.error("crashed", route=str(request.url_rule), exc_info=error)
    sentence = "Something broke on our side, and nothing was changed. Tell us the request id if it stays."
    return _answer(500, "internal", sentence)


def install(app: Flask) -> None:
    """Answer every error of the app in these ways."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(ValidationError, on_refused_values)
    app.register_error_handler(Exception, on_crash)
