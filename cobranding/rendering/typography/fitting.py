"""Breaks paragraphs into lines, and finds the largest size at which these fit their box. Lengths are in em."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cobranding.rendering.document.elements import Box, Color
from cobranding.rendering.typography.chains import Run, Unit

if TYPE_CHECKING:
    from cobranding.rendering.typography.typeset import Type

STEP = 0.5
"""Sizes that are tried lie half a point or half a pixel apart."""
SLACK = 0.01


class Look(NamedTuple):
    """How a run looks and where it leads, where it differs from its text: `ratio` is its size against the base."""

    ratio: float
    color: Color
    url: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Units in reading order.

    `looks` has one look for each run of each unit, or nothing when all runs look like their text. `gap` is what is
    added above, in lines; `indent` is kept free where reading begins, and `bullet` stands in it.
    """

    units: Sequence[Unit]
    turned: bool = False
    looks: Sequence[tuple[Look, ...]] = ()
    gap: float = 0.0
    indent: float = 0.0
    bullet: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Matter:
    """All paragraphs of a text, and how far their tallest and deepest units reach."""

    paragraphs: Sequence[Paragraph]
    top: float
    bottom: float
    leading: float = 1.0
    """How much further lines stand apart because of larger type in them."""

    @classmethod
    def of(cls, paragraphs: Sequence[Paragraph], leading: float = 1.0) -> "Matter":
        """Measure paragraphs."""
        units = [unit for paragraph in paragraphs for unit in paragraph.units]
        top, bottom = max((unit.top for unit in units), default=0.0), max((unit.bottom for unit in units), default=0.0)
        return cls(paragraphs, top, bottom, leading)


class Row(NamedTuple):
    """A line: from which unit of a paragraph to which."""

    paragraph: Paragraph
    start: int
    end: int


@dataclass(frozen=True)
class Extent:
    """How much room rows take from top to bottom: above the first baseline, between baselines, below the last."""

    above: float
    below: float
    drops: list[float] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Return all of it."""
        return self.above + (self.drops[-1] if self.drops else 0.0) + self.below


def largest_fit(matter: Matter, kind: "Type", box: Box) -> tuple[float, list[Row]] | None:
    """Return the largest size at which a text fits, and its lines there."""
    largest, smallest = round(kind.size / STEP), round(kind.smallest / STEP)
    best: tuple[float, list[Row]] | None = None
    low, high, middle = smallest, largest, largest  # most texts fit at their largest size: that is tried first
    while low <= high:
        size = middle * STEP
        rows = _fits(matter, kind, box, size)
        if rows is None:
            high = middle - 1
        else:
            best, low = (size, rows), middle + 1
        middle = (low + high + 1) // 2
    return best


def _fits(matter: Matter, kind: "Type", box: Box, size: float) -> list[Row] | None:
    """Break into lines at one size; None when their ink would leave the box."""
    if size <= 0:
        return None
    width, height = (box.width + SLACK) / size, (box.height + SLACK) / size
    rows = _broken(matter.paragraphs, width, min(kind.max_lines, 1 + int(height / (kind.line_height * matter.leading))))
    return rows if rows is not None and extent_of(rows, matter, kind).height <= height else None


def _broken(paragraphs: Sequence[Paragraph], width: float, most: int) -> list[Row] | None:
    rows: list[Row] = []
    for paragraph in paragraphs:
        room = width - paragraph.indent
        start, length = 0, 0.0
        for at, (_, space, _, wide, before, after, _, _) in enumerate(paragraph.units):
            if before + wide + after > room:
                return None
            if at == start:
                length += before + wide
            elif length + space + wide + after > room:
                rows.append(Row(paragraph, start, at))
                start, length = at, before + wide
            else:
                length += space + wide
        rows.append(Row(paragraph, start, len(paragraph.units)))
        if len(rows) > most:
            return None
    return rows


def extent_of(rows: Sequence[Row], matter: Matter, kind: "Type") -> Extent:
    """Measure rows from top to bottom, so that no ink of any of them stands out."""
    face, leading = kind.face, kind.line_height * matter.leading
    above, below = face.ascent / face.units, face.descent / face.units
    drops, drop = [], 0.0
    for at, row in enumerate(rows):
        if at:
            drop += leading * (1 + (row.paragraph.gap if row.start == 0 else 0.0))
        drops.append(drop)
    last = drops[-1] if drops else 0.0
    for row, drop in zip(rows, drops, strict=True):
        if matter.top - drop > above:
            above = max([above, *(unit.top - drop for unit in row.paragraph.units[row.start : row.end])])
        if matter.bottom - (last - drop) > below:
            below = max([below, *(unit.bottom - (last - drop) for unit in row.paragraph.units[row.start : row.end])])
    return Extent(above, below, drops)
