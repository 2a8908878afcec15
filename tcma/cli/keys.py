"""`tcma keys`: the keys that sign what partners download."""

from datetime import UTC, datetime

import click

from cobranding.manifests import service as manifests
from tcma.cli.service import service
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM


@click.group()
def keys() -> None:
    """Look after the keys that sign what partners download."""


@keys.command()
def rotate() -> None:
    """Let a new key sign from now on; what the one before signed stays genuine."""
    with service():
        with transaction(SYSTEM):
            made = manifests.rotate(SYSTEM)
        click.echo(f"Key {made.id} signs from now on.")


@keys.command()
@click.argument("key_id", type=int)
@click.option("--since", type=click.DateTime(), help="Since when (UTC) it may be in wrong hands; else now.")
def revoke(key_id: int, since: datetime | None) -> None:
    """Trust nothing that a key signed since a time; another one signs from now on."""
    with service():
        at = since.replace(tzinfo=UTC) if since else None
        with transaction(SYSTEM):
            revoked = manifests.revoke(SYSTEM, key_id, since=at)
        click.echo(f"Nothing that key {revoked.id} signed since {revoked.revoked_since:%Y-%m-%d %H:%M} UTC is genuine.")
