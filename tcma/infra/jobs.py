"""Jobs: plain functions with a name, asked for inside a transaction, sent after its commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

JobFunction = Callable[..., None]
F = TypeVar("F", bound=JobFunction)


class Urgency(Enum):
    """Which jobs a worker takes first: patient ones are long, and wait while a prompt one does."""

    PROMPT = "prompt"
    PATIENT = "patient"


_urgencies: dict[str, Urgency] = {}
_registry: dict[str, JobFunction] = {}


@dataclass(frozen=True, slots=True)
class Errand:
    """Name a job and the ids that it is about."""

    name: str
    ids: Mapping[str, int] = field(default_factory=dict)


def job(name: str, *, urgency: Urgency = Urgency.PROMPT) -> Callable[[F], F]:
    """Register a plain function under a name; it takes ids only, may run twice, and may be lost."""

    def register(function: F) -> F:
        if name in _registry:
            raise ValueError(f"two jobs are called {name}")
        _registry[name] = function
        _urgencies[name] = urgency
        return function

    return register


def registered_jobs() -> Mapping[str, JobFunction]:
    """Return every job by name."""
    return dict(_registry)


def urgency_of(name: str) -> Urgency:
    """Return how urgent a job is."""
    return _urgencies.get(name, Urgency.PROMPT)
