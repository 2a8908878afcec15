"""The database is what the models say, and row security stands on every table that belongs to partners."""

import pytest
from sqlalchemy import create_engine, text

from tcma.infra import schema
from tcma.infra.db import APPLICATION_ROLE, Base


@pytest.fixture
def connection(app, database_url):
    engine = create_engine(schema.sqlalchemy_url(database_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_there_is_one_migration_head():
    assert len(schema.heads()) == 1


def test_the_migrations_make_what_the_models_say(connection):
    assert schema.differences(connection, Base.metadata) == []


def test_every_table_with_a_partner_has_row_security_that_binds_its_owner_too(connection):
    rows = connection.execute(
        text(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'partner_id' AND NOT a.attisdropped"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
    ).all()
    assert len(rows) > 10
    assert [name for name, bound in rows if not bound] == []


def test_no_table_is_open_by_accident(connection):
    """Without row security a table may hold nothing of a partner's; each such table is listed here, with the reason."""
    open_tables = {
        name
        for (name,) in connection.execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relrowsecurity"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
    }
    assert open_tables == {"alembic_version"}


def test_the_application_role_is_bound_and_owns_nothing(connection):
    bypasses, is_super = connection.execute(
        text("SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname = :role"), {"role": APPLICATION_ROLE}
    ).one()
    assert (bypasses, is_super) == (False, False)
    owned = connection.execute(
        text("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = :role)"),
        {"role": APPLICATION_ROLE},
    ).scalar()
    assert owned == 0


def test_a_connection_that_does_not_say_who_acts_sees_nothing(connection, app):
    connection.execute(text(f"SET ROLE {APPLICATION_ROLE}"))
    tables = connection.execute(
        text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity"
            " AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT')"
        )
    ).scalars()
    for table in list(tables):
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
