"""The settings of the service that a command is about: the environment's, or those of a running `tcma up`."""

import os

import click

from tcma.cli.home import running_environment
from tcma.settings import Settings, SettingsError


def settings_of_service() -> Settings:
    """Return the settings; a fault in them is said in a sentence."""
    try:
        return Settings.from_environment(running_environment(os.environ))
    except SettingsError as error:
        raise click.ClickException(f"{error}\nOr start `tcma up` first: its addresses are then used.") from error
