"""What every command but `up` needs: the application, made from the environment or from a running `tcma up`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tcma.app import create_app
from tcma.cli.home import running_environment
from tcma.kernel.errors import DomainError
from tcma.settings import Settings, SettingsError


@contextmanager
def service() -> Iterator[Settings]:
    """Make the application and enter its context; what goes wrong inside is said in a sentence."""
    try:
        settings = Settings.from_environment(running_environment(os.environ))
    except SettingsError as error:
        raise click.ClickException(f"{error}\nOr start `tcma up` first: its addresses are then used.") from error
    with create_app(settings).app_context():
        try:
            yield settings
        except DomainError as error:
            details = [f"  {name}: {' '.join(sentences)}" for name, sentences in error.errors.items()]
            raise click.ClickException("\n".join([error.message, *details])) from error
