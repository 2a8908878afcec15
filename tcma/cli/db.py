"""`tcma db upgrade`: bring the tables up to the present version."""

import click

from tcma.cli.environment import settings_of_service
from tcma.infra import schema


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Run the migrations that are missing, in one transaction."""
    revision = schema.upgrade(settings_of_service().database_url)
    click.echo(f"The database is at revision {revision}.")
