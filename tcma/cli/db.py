"""`tcma db upgrade`: bring the tables up to the present version."""

from importlib.resources import files

import click
from flask_migrate import upgrade as run_migrations

from tcma.cli.service import service


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Run the migrations that are missing."""
    with service():
        run_migrations(directory=str(files("migrations")))
    click.echo("The database is up to date.")
