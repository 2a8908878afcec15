"""A database whose owner is no superuser, as in most places that run PostgreSQL for others."""

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tcma.infra.schema import upgrade


@pytest.fixture
def plain_owner(app, database_url: str, worker_id: str):
    name = f"plain_owner_{worker_id}"
    names = {"owner": sql.Identifier(name), "password": sql.Literal("no secret, a test")}
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {owner} LOGIN NOSUPERUSER PASSWORD {password}").format(**names))
        connection.execute(sql.SQL("GRANT tcma_app TO {owner}").format(**names))
        connection.execute(sql.SQL("CREATE DATABASE {owner} OWNER {owner}").format(**names))
        yield address(database_url, name)
        connection.execute(sql.SQL("DROP DATABASE {owner} WITH (FORCE)").format(**names))
        connection.execute(sql.SQL("DROP ROLE {owner}").format(**names))


def address(database_url: str, name: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(database_url)
    host, port = parts["host"], parts.get("port", 5432)
    place = f"/{name}?host={host}&port={port}" if str(host).startswith("/") else f"{host}:{port}/{name}"

    return f"postgresql://{name}:no%20secret%2C%20a%20test@{place}"


def test_an_ordinary_owner_migrates_and_is_bound_by_row_security(plain_owner):
    upgrade(plain_owner)
    with psycopg.connect(make_conninfo(plain_owner), autocommit=True) as connection:
        connection.execute("SELECT set_config('tcma.scope', 'system', false)")
        connection.execute(
            "INSERT INTO users (email, name, roles, is_active, session_epoch, created_at, updated_at)"
            " VALUES ('f@brand.example', 'F', '[\"finance\"]', true, 1, now(), now())"
        )
        connection.execute(
            "SELECT set_config('tcma.scope', 'partner', false), set_config('tcma.partner_id', '1', false)"
        )
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM tcma_people_with_role('finance')").fetchone() == (1,)
        assert connection.execute("SELECT tcma_address_is_taken('f@brand.example')").fetchone() == (True,)
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
