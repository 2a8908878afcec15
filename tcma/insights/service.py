"""What stands on the start page of each of the three people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tcma.accounts import service as accounts
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """Name a noun's list, or one of its things: where a line leads."""

    noun: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """Hold one number that somebody looks at every day."""

    label: str
    value: Money | int | str
    hint: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one thing that waits, runs or can be started."""

    title: str
    hint: str = ""
    state: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Hold some lines under a heading; `nothing` is said when there are none."""

    title: str
    lines: Sequence[Line]
    nothing: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Hold a start page: what somebody has, what needs them, and what else goes on."""

    greeting: str
    text: str
    tiles: Sequence[Tile] = ()
    needs: Section | None = None
    sections: Sequence[Section] = field(default_factory=tuple)


def home(actor: Actor) -> Home:
    """Return the start page of whoever looks."""
    return Home(greeting=f"Hello {actor.name}", text=f"{accounts.brand_name()} partner marketing")


def samples() -> dict[str, Any]:
    """Return made-up content for the page of building blocks."""
    now = clock.now()
    return {
        "sample": SimpleNamespace(
            amount=Money(1234550, "EUR"),
            small=Money(5, "EUR"),
            negative=Money(-100, "EUR"),
            at=now,
            day=now.date(),
            events=[
                SimpleNamespace(at=now, title="Approved", actor="Ada", text="In part", href="#history"),
                SimpleNamespace(at=now - timedelta(days=2), title="Submitted", actor="Bo", text="", href=""),
            ],
        ),
        "form": SimpleNamespace(
            values={"title": "Spring", "amount.amount": "12"},
            errors={"amount": ["The least is EUR 50.00."], "kind": ["Choose one."]},
        ),
    }
