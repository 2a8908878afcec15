"""`tcma token new`: an API token for a program that acts as a person."""

from datetime import timedelta

import click

from tcma.accounts import queries
from tcma.accounts import service as accounts
from tcma.cli.service import service
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Permission


@click.group()
def token() -> None:
    """Look after API tokens."""


@token.command()
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([item.value for item in Permission]), metavar="NAME"
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="How long it lives.")
def new(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Print a new token of a person, this once; --scope (repeatable) narrows what it may do."""
    with service():
        with reading(SYSTEM):
            person = queries.user_by_email(email.strip().lower())
            actor = accounts.actor_of(person) if person is not None and person.is_active else None
        if actor is None:
            raise click.ClickException(f"Nobody active has the address {email}.")
        only = [Permission(scope) for scope in scopes] or None
        with transaction(actor):
            secret, _ = accounts.issue_token(actor, name=name, scopes=only, lives=timedelta(days=days))
    click.echo(secret)
