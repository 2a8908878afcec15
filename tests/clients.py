"""What tests ask the service with: an API client, a browser without scripts; and how its database is emptied again."""

from dataclasses import dataclass, field
from io import BufferedRandom

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from werkzeug.test import TestResponse

from tcma.accounts.model import User
from tcma.accounts.service import actor_of, issue_token
from tcma.infra.db import transaction
from tcma.kernel.actor import Actor


class TidyClient(FlaskClient):
    """A client that closes the file which a large form was written into; werkzeug's own leaves that to chance."""

    def open(self, *arguments, **named) -> TestResponse:
        response = super().open(*arguments, **named)
        sent = response.request.environ.get("wsgi.input")
        if isinstance(sent, BufferedRandom):
            sent.close()
        return response


@dataclass
class ApiClient:
    """Ask the API as a person; `key` is the Idempotency-Key."""

    client: FlaskClient
    token: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, verb: str, path: str, *, key: str | None = None, headers: dict[str, str] | None = None, **request
    ) -> TestResponse:
        sent = {**self.headers, **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if key:
            sent["Idempotency-Key"] = key
        return self.client.open(f"/api/v1{path}", method=verb, headers=sent, **request)

    def get(self, path: str, **request) -> TestResponse:
        return self.call("GET", path, **request)

    def post(self, path: str, **request) -> TestResponse:
        return self.call("POST", path, **request)

    def patch(self, path: str, **request) -> TestResponse:
        return self.call("PATCH", path, **request)

    def put(self, path: str, **request) -> TestResponse:
        return self.call("PUT", path, **request)

    def delete(self, path: str, **request) -> TestResponse:
        return self.call("DELETE", path, **request)


def api_client(app: Flask, person: User | Actor | None = None) -> ApiClient:
    if person is None:
        return ApiClient(app.test_client(), None)
    actor = person if isinstance(person, Actor) else actor_of(person)
    with transaction(actor):
        token, _ = issue_token(actor, name="test")
    return ApiClient(app.test_client(), token)


def browser(app: Flask, person: User | None = None) -> FlaskClient:
    client = app.test_client()
    if person is not None:
        with client.session_transaction() as cookie:
            cookie["user_id"] = person.id
            cookie["epoch"] = person.session_epoch
    return client


def empty(database_url: str) -> None:
    """Empty every table. A superuser deletes the few rows, past triggers and row security; another owner truncates."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"
        ).fetchall()
        names = [sql.Identifier(name) for (name,) in tables]
        if not names:
            return
        if connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,):
            deletions = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in names)
            connection.execute(sql.SQL("SET session_replication_role = replica; {}").format(deletions))
        else:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))
