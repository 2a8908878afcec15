"""What a start page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """Name where a line leads: a noun's list, one of its things, or another of its pages."""

    noun: str
    id: int | None = None
    page: str = ""


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

    text: str
    tiles: Sequence[Tile] = ()
    needs: Sequence[Line] = ()
    sections: Sequence[Section] = ()
