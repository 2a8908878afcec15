"""Prove that each request's state agrees with where its money stands."""

from mdf.requests import queries
from tcma.kernel.actor import Actor


def check(actor: Actor) -> list[str]:
    """Name every request whose state and postings differ; an empty list is the proof that there is none."""
    return queries.out_of_step(actor)
