"""The door to the schema: bring a database to the newest migration, and say which one it is at."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

import migrations

# Any number that is ours: two processes that migrate at once take turns under this advisory lock.
_TURN = 7_402_318


def sqlalchemy_url(database_url: str) -> str:
    """Return the address with the driver that we use (psycopg 3)."""
    _, _, rest = database_url.partition("://")
    return f"postgresql+psycopg://{rest}"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    config.attributes["connection"] = connection
    return config


def upgrade(database_url: str) -> str:
    """Bring the database to the newest revision and return its name; two at once take turns."""
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()
    return head()


def head() -> str:
    """Return the newest revision that this code has."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def heads() -> tuple[str, ...]:
    """Return every head; more than one is a mistake."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection, metadata: Any) -> list[Any]:
    """Return what the models say that the database does not."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))
