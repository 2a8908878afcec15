"""`tcma demo`: load the demo program and run the main job through the service's own HTTP API."""

import os

import click

from tcma import demo as program
from tcma.cli.service import service
from tcma.demo import story


@click.command()
@click.option("--at", "base_url", help="The address of the running service (TCMA_BASE_URL).")
def demo(base_url: str | None) -> None:
    """Load the demo program (once) and run the main job; needs a running `tcma up`."""
    password = os.environ.get("TCMA_DEMO_PASSWORD", "")
    if not password:
        raise click.ClickException(
            "Set TCMA_DEMO_PASSWORD, or use `tcma up --demo`, which makes a password and keeps it."
        )
    with service() as settings:
        program.load(password)
        address = base_url or settings.base_url
    for line in story.run(address, password):
        click.echo(line)
