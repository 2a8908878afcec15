"""`tcma user add`: the first person of a fresh service, and any other."""

import sys

import click

from tcma.accounts import rules, signin
from tcma.accounts import service as accounts
from tcma.cli.service import service
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role


@click.group()
def user() -> None:
    """Look after people."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role]))
@click.option("--partner", "partner_id", type=int, help="The partner's id; without it the person is of the brand.")
@click.option("--invite", "by_mail", is_flag=True, help="Let the person choose the password by a link sent by mail.")
def add(email: str, name: str, roles: tuple[str, ...], partner_id: int | None, by_mail: bool) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    with service():
        password = None if by_mail else ask_password()
        if password is not None:
            rules.check_password(password)
        join = accounts.invite if by_mail else accounts.add_user
        with transaction(SYSTEM):
            added = join(SYSTEM, email=email, name=name, roles=[Role(role) for role in roles], partner_id=partner_id)
        if password is not None:
            signin.set_password(added.id, password)
    click.echo(f"{added.name} <{added.email}> is person {added.id}.")


def ask_password() -> str:
    """Return the password that is typed twice, or the first line of a pipe."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
