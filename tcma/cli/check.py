"""`tcma check`: prove that what must hold does hold; ends with code 1 when something does not."""

from collections.abc import Sequence
from dataclasses import fields
from urllib.parse import urlsplit, urlunsplit

import click

from campaigns.posting import service as posting
from campaigns.sending import service as sending
from mdf.claims import service as claims
from mdf.ledger import service as ledger
from mdf.payments import service as payments
from mdf.requests import service as requests
from tcma.cli.service import service
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM
from tcma.web import health

# Shown by no more than that they are there.
SECRETS = frozenset({"secret_key", "social_apps"})


@click.group()
def check() -> None:
    """Prove that what must hold does hold."""


@check.command("ledger")
def check_ledger() -> None:
    """Check every sum, every balance, the hash chain of every fund, and that cases agree with their postings."""
    with service(), reading(SYSTEM):
        faults = [*ledger.check(), *requests.check(SYSTEM), *claims.check(SYSTEM), *payments.check(SYSTEM)]
    report(faults, "The ledger is true: every transaction, balance and chain was checked.")


@check.command("deliveries")
def check_deliveries() -> None:
    """Check that every recipient of every touch is in exactly one state, and that nothing owed is forgotten."""
    with service(), reading(SYSTEM):
        findings = sending.check(SYSTEM)
    report([finding.sentence for finding in findings], "Deliveries add up, and nothing owed is forgotten.")


@check.command("posts")
def check_posts() -> None:
    """Check that no post is stuck, late, or waits for somebody to say what became of it."""
    with service(), reading(SYSTEM):
        findings = posting.check(SYSTEM)
    report([finding.sentence for finding in findings], "Every post is accounted for.")


@check.command("config")
def check_config() -> None:
    """Show every setting without its secrets, and whether what it points to answers."""
    with service() as settings:
        for item in fields(settings):
            value = str(getattr(settings, item.name) or "")
            shown = "(set)" if item.name in SECRETS and value else without_password(value)
            click.echo(f"TCMA_{item.name.upper()} {shown}")
        parts = health.examine()
    for name, answer in parts.items():
        click.echo(f"{name}: {answer}")
    report([name for name, answer in parts.items() if answer != "ok"], "Everything answers.")


def without_password(address: str) -> str:
    """Return an address with its password replaced by stars."""
    parts = urlsplit(address)
    if not parts.password:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@", 1)))


def report(faults: Sequence[object], all_is_well: str) -> None:
    """Print the faults and end with code 1, or say that all is well."""
    for fault in faults:
        click.echo(str(fault))
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(all_is_well)
