"""What every API door does the same: one transaction a command, replays answered again, ETags, keyset pages."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, json, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from tcma.infra import replays
from tcma.infra.db import reading, transaction
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Invalid
from tcma.web import guards, problems
from tcma.web.fields import described_money
from tcma.web.incoming import StrictParser

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

SchemaLike = type[Schema] | Schema

PREFIX = "/api/v1"
_ETAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


class KeyRequired(Invalid):
    """Report a money command without an Idempotency-Key."""

    code = "idempotency_key_required"
    message = "Commands that move money need the header Idempotency-Key: any text that is new for each new command."


class BadIfMatch(Invalid):
    """Report an If-Match that is not one of our ETags."""

    code = "bad_if_match"
    message = "If-Match takes the ETag that this resource was last answered with."


class ProblemApi(Api):  # type: ignore[misc] # flask-smorest has no types
    """Describe the API in OpenAPI 3.1, and leave errors to `tcma.web.problems`."""

    def _register_error_handlers(self) -> None:
        """Leave errors to the one table."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Answer with a problem document."""
        return problems.on_http_error(error)


class IdConverter(IntegerConverter):
    """Match the ids that PostgreSQL can hold; anything larger is simply not there."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


class Arguments(StrictParser):
    """Read arguments, also from a form with files."""

    def load_multipart(self, req: Any, schema: Schema) -> Any:
        """Return the fields and the files of a form as one."""
        return MultiDictProxy(MultiDict([*req.form.items(multi=True), *req.files.items(multi=True)]), schema)


Arguments.__location_map__ = {**StrictParser.__location_map__, "multipart": "load_multipart"}


class ApiBlueprint(Blueprint):  # type: ignore[misc] # flask-smorest has no types; the methods below give them
    """Put the root of a noun at /api/v1/claims, without a slash at the end; forms with files are "multipart"."""

    ARGUMENTS_PARSER = Arguments()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {"json": "application/json", "multipart": "multipart/form-data"}

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a route."""
        return cast("Callable[[F], F]", super().route("" if rule == "/" else rule, **options))

    def arguments(self, schema: SchemaLike, **options: Any) -> Callable[[F], F]:
        """Load the body (or the query, the form, the files) through a schema, as the first argument."""
        return cast("Callable[[F], F]", super().arguments(schema, **options))

    def response(self, status: int, schema: SchemaLike | None = None, **options: Any) -> Callable[[F], F]:
        """Describe what is answered."""
        return cast("Callable[[F], F]", super().response(status, schema, **options))


def api_blueprint(noun: str, import_name: str, path: str) -> ApiBlueprint:
    """Return the API door of a noun, under /api/v1; CSRF does not concern it, since only tokens open it."""
    words = noun.replace("_", " ")
    blueprint = ApiBlueprint(f"api_{noun}", import_name, url_prefix=f"{PREFIX}{path}", description=words)
    guards.csrf.exempt(blueprint)
    return blueprint


def perform(operation: Callable[[Actor], Any], out: type[Schema] | None, *, status: int = 200) -> Response:
    """Run a command in one transaction and answer with what it returns; a repeated key gets the first answer."""
    return _perform(operation, out, status, request.headers.get("Idempotency-Key"))


def perform_once(operation: Callable[[Actor], Any], out: type[Schema] | None, *, status: int = 200) -> Response:
    """Run a command that moves money: like `perform`, and the key is required. Raises KeyRequired."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise KeyRequired
    return _perform(operation, out, status, key)


def _perform(operation: Callable[[Actor], Any], out: type[Schema] | None, status: int, key: str | None) -> Response:
    actor = guards.current_actor()
    fingerprint = request_hash() if key is not None else b""
    with transaction(actor):
        if key is not None and (answer := replays.first_answer(actor, key, fingerprint)):
            return _respond(answer.body, answer.status, replayed=True)
        result = operation(actor)
        body = {"body": out().dump(result) if out else None, "revision": getattr(result, "revision", None)}
        body = json.loads(json.dumps(body))
        if key is not None:
            replays.keep_answer(actor, key, replays.Answer(status, body))
    return _respond(body, status, replayed=False)


def _respond(kept: dict[str, Any], status: int, *, replayed: bool) -> Response:
    if kept["body"] is None:
        response = Response(status=204)
    else:
        response = Response(json.dumps(kept["body"]), status=status, mimetype="application/json")
    if kept["revision"] is not None:
        response.set_etag(str(kept["revision"]))
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def request_hash() -> bytes:
    """Return the SHA-256 of who asks the present request for what: method, path, and the content of its body.

    A form is hashed by its fields and files, since the boundary between them differs at each try.
    """
    asker = guards.current_actor().user_id
    digest = hashlib.sha256(f"{asker} {request.method} {request.path}\n".encode())
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        for name, value in sorted(request.form.items(multi=True)):
            if name not in {"csrf_token", "_key"}:
                digest.update(json.dumps([name, value]).encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
            content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type] # a binary stream
            digest.update(json.dumps([name, file.filename, content]).encode())
            file.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.digest()


def expected_revision() -> int | None:
    """Return the revision that If-Match names, or None when there is no such header. Raises BadIfMatch."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise BadIfMatch
    return int(match.group(1))


def show(question: Callable[[Actor], Any], out: type[Schema]) -> Response:
    """Answer with one noun, and its ETag if it can be edited."""
    actor = guards.current_actor()
    with reading(actor):
        found = question(actor)
        body = json.dumps(out().dump(found))
    response = Response(body, mimetype="application/json")
    if (revision := getattr(found, "revision", None)) is not None:
        response.set_etag(str(revision))
        response.make_conditional(request)
    return response


def show_page(question: Callable[[Actor], Page[T]], out: type[Schema]) -> Response:
    """Answer with one page of a list: {items, next}."""
    actor = guards.current_actor()
    with reading(actor):
        found = question(actor)
        body = json.dumps({"items": out(many=True).dump(found.items), "next": found.next})
    return Response(body, mimetype="application/json")


def name_of_schema(schema: SchemaLike) -> str:
    """Return the name under which a schema is described: its noun and its own, such as `claims.ClaimOut`."""
    cls = schema if isinstance(schema, type) else type(schema)
    noun = cls.__module__.removesuffix(".schemas").rpartition(".")[2]
    return f"{noun}.{cls.__name__}"


def _described_to_all(view: Callable[..., Any]) -> Callable[..., Any]:
    # A method cannot carry the mark of a public view, and the CSRF check wants a view that has a name.
    @wraps(view)
    def openapi_json(*arguments: Any, **keywords: Any) -> Any:
        return view(*arguments, **keywords)

    return guards.public(openapi_json)


def make_api(app: Flask) -> ProblemApi:
    """Prepare the app for API doors: its description at /api/openapi.json, errors as problem documents."""
    app.config.update(
        API_TITLE="TCMA",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    plugin = MarshmallowPlugin(schema_name_resolver=name_of_schema)
    api = ProblemApi(app, spec_kwargs={"marshmallow_plugin": plugin})
    app.view_functions["api-docs.openapi_json"] = _described_to_all(app.view_functions["api-docs.openapi_json"])
    if plugin.converter:
        plugin.converter.add_attribute_function(described_money)  # type: ignore[no-untyped-call] # apispec
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.options["security"] = [{"token": []}]
    return api
