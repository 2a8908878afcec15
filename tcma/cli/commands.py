"""The table of commands; each is imported when it is asked for."""

from importlib import import_module

import click

COMMANDS = {
    "check": "tcma.cli.check:check",
    "db": "tcma.cli.db:database",
    "demo": "tcma.cli.demo:demo",
    "keys": "tcma.cli.keys:keys",
    "token": "tcma.cli.token:token",
    "up": "tcma.cli.up:up",
    "user": "tcma.cli.user:user",
}


class LaterGroup(click.Group):
    """A group whose commands are imported by name when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """Return the names in the table."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command, or return None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.command(cls=LaterGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tcma")
def main() -> None:
    """Through-channel marketing and market development funds, on one ledger."""
