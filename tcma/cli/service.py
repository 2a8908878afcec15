"""What the commands that do business need: the application, made from the settings of the service."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tcma.app import create_app
from tcma.cli.environment import settings_of_service
from tcma.infra.db import db
from tcma.kernel.errors import DomainError
from tcma.settings import Settings


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
