"""Real engines for every test: PostgreSQL and Valkey, started here unless TCMA_TEST_… name servers to use."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from werkzeug.test import TestResponse

from tcma.accounts.model import User
from tcma.accounts.service import actor_of, issue_token
from tcma.app import create_app
from tcma.infra import broker, cache
from tcma.infra.db import db, transaction
from tcma.infra.embedded import start_throwaway_postgres, start_valkey
from tcma.infra.jobs import Errand
from tcma.infra.schema import upgrade
from tcma.kernel.actor import Actor
from tcma.settings import Settings

SECRET = "a secret for tests only, 32 characters or more"


@pytest.fixture(scope="session")
def engines_dir() -> Iterator[Path]:
    """A short path: unix sockets do not fit into long ones. Open to the engines' own user, closed to nobody else's harm."""
    folder = Path(tempfile.mkdtemp(prefix="tcma-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(engines_dir: Path, worker_id: str) -> Iterator[str]:
    """The address of this worker's own database, brought to the newest migration."""
    if given := os.environ.get("TCMA_TEST_DATABASE_URL"):
        url = _own_database(given, worker_id)
        upgrade(url)
        yield url
        return
    engine = start_throwaway_postgres(engines_dir / "postgres")
    upgrade(engine.url)
    yield engine.url
    engine.stop()


def _own_database(given: str, worker_id: str) -> str:
    name = f"tcma_test_{worker_id}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(given)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def redis_url(engines_dir: Path, worker_id: str) -> Iterator[str]:
    if given := os.environ.get("TCMA_TEST_REDIS_URL"):
        number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
        yield urlunsplit(urlsplit(given)._replace(path=f"/{number}"))
        return
    engine = start_valkey(engines_dir / "valkey")
    yield engine.url
    engine.stop()


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str, engines_dir: Path) -> Settings:
    mail = engines_dir / "mail"
    mail.mkdir(exist_ok=True)
    return Settings.from_environment(
        {
            "TCMA_SECRET_KEY": SECRET,
            "TCMA_DATABASE_URL": database_url,
            "TCMA_REDIS_URL": redis_url,
            "TCMA_STORAGE_URL": f"file://{engines_dir}/files",
            "TCMA_SMTP_URL": "smtp://127.0.0.1:9",
            "TCMA_BASE_URL": "http://portal.brand.example",
            "TCMA_DATA_DIR": str(engines_dir),
            "TCMA_SANDBOX_MAIL_DIR": str(mail),
            "TCMA_LOG_LEVEL": "error",
        }
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def world(app: Flask, database_url: str) -> Iterator[None]:
    """An empty database, an empty Redis, and the app's context to work in."""
    cache.redis().flushdb()
    with app.app_context():
        yield
        db.session.remove()
    _empty(database_url)


def _empty(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
        ]
        probe = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in names
        )
        used = [name for (name,) in connection.execute(probe).fetchall()]
        if used:
            tables = sql.SQL(", ").join(sql.Identifier(name) for name in used)
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> list[Errand]:
    """What left for the broker after commits, in order; nothing is run."""
    sent: list[Errand] = []
    monkeypatch.setattr(broker, "send", sent.extend)
    return sent


@dataclass
class ApiClient:
    """Ask the API as a person; `key` is the Idempotency-Key."""

    client: FlaskClient
    token: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, verb: str, path: str, *, key: str | None = None, headers: dict[str, str] | None = None, **request) -> TestResponse:
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


@pytest.fixture
def api(app: Flask, world: None) -> Callable[..., ApiClient]:
    """`api(user)` asks as that person, `api()` as a stranger."""

    def connect(person: User | Actor | None = None) -> ApiClient:
        if person is None:
            return ApiClient(app.test_client(), None)
        actor = person if isinstance(person, Actor) else actor_of(person)
        with transaction(actor):
            token, _ = issue_token(actor, name="test")
        return ApiClient(app.test_client(), token)

    return connect


@pytest.fixture
def portal(app: Flask, world: None) -> Callable[..., FlaskClient]:
    """`portal(user)` is that person's signed-in browser (without scripts), `portal()` a stranger's."""

    def open_browser(person: User | None = None) -> FlaskClient:
        client = app.test_client()
        if person is not None:
            with client.session_transaction() as browser:
                browser["user_id"] = person.id
                browser["epoch"] = person.session_epoch
        return client

    return open_browser
