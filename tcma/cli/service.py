"""What every command but `up` needs: the application, made from the environment or from a running `tcma up`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tcma.app import create_app
from tcma.cli.home import running_environment
from tcma.infra.db import db
from tcma.kernel.errors import DomainError
from tcma.settings import Settings, SettingsError


def settings_of_service() -> Settings:
    """Return the settings of the service that the command is about; a fault in them is said in a sentence."""
    try:
        return Settings.from_environment(running_environment(os.environ))
    except SettingsError as error:
        raise click.ClickException(f"{error}\nOr start `tcma up` first: its addresses are then used.") from error


@contextmanager
def service() -> Iterator[Settings]:
    """Make the application and enter its context; what goes wrong inside is said in a sentence."""
    settings = settings_of_service()
    with create_app(settings).app_context():
        try:
            yield settings
        except DomainError as error:
            raise click.ClickException(in_words(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def in_words(error: DomainError) -> str:
    """Return the sentence of an error with the fields that it is about."""
    details = [f"  {name}: {' '.join(sentences)}" for name, sentences in error.errors.items()]
    return "\n".join([error.detail, *details])
