"""Jobs: plain functions with a name, asked for inside a transaction, sent after its commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

JobFunction = Callable[..., None]
F = TypeVar("F", bound=JobFunction)

_registry: dict[str, JobFunction] = {}


@dataclass(frozen=True, slots=True)
class Errand:
    """Name a job and the ids that it is about."""

    name: str
    ids: Mapping[str, int] = field(default_factory=dict)


def job(name: str) -> Callable[[F], F]:
    """Register a plain function under a name; it takes ids only, may run twice, and may be lost."""

    def register(function: F) -> F:
        if name in _registry:
            raise ValueError(f"two jobs are called {name}")
        _registry[name] = function
        return function

    return register


def registered_jobs() -> Mapping[str, JobFunction]:
    """Return every job by name."""
    return dict(_registry)
