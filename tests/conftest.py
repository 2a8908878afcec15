"""Real engines for every test: PostgreSQL and Valkey, started here unless TCMA_TEST_… name servers to use."""

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

from tcma.app import create_app
from tcma.infra import broker, cache
from tcma.infra.db import db
from tcma.infra.embedded import start_throwaway_postgres, start_valkey
from tcma.infra.jobs import Errand
from tcma.infra.schema import upgrade
from tcma.settings import Settings
from tests.clients import ApiClient, TidyClient, api_client, browser, empty

SECRET = "a secret for tests only, 32 characters or more"


@pytest.fixture(scope="session")
def engines_dir() -> Iterator[Path]:
    """A short path, since unix sockets do not fit into long ones; the engines' own user has to pass through it."""
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
    app.test_client_class = TidyClient
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def world(app: Flask, database_url: str) -> Iterator[None]:
    """An empty database, an empty Redis, and the app's context to work in."""
    with cache.redis() as client:
        client.flushdb()
    with app.app_context():
        yield
        db.session.remove()
    empty(database_url)


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> list[Errand]:
    """What left for the broker after commits, in order; nothing is run."""
    sent: list[Errand] = []
    monkeypatch.setattr(broker, "send", sent.extend)
    return sent


@pytest.fixture
def api(app: Flask, world: None) -> Callable[..., ApiClient]:
    """`api(user)` asks as that person, `api()` as a stranger."""

    return functools.partial(api_client, app)


@pytest.fixture
def portal(app: Flask, world: None) -> Callable[..., FlaskClient]:
    """`portal(user)` is that person's signed-in browser (without scripts), `portal()` a stranger's."""

    return functools.partial(browser, app)
