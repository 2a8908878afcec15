"""Breaks paragraphs into lines, and finds the largest size at which these fit their box. Lengths are in em."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    plain: bool
    """Whether every word of it can be placed without a look at anything but its width."""
    leading: float = 1.0
    """How much further lines stand apart because of larger type in them."""

    @classmethod
    def of(cls, paragraphs: Sequence[Paragraph], leading: float = 1.0) -> "Matter":
        """Measure paragraphs."""
        units = [unit for paragraph in paragraphs for unit in paragraph.units]
        top, bottom = max([unit.top for unit in units], default=0.0), max([unit.bottom for unit in units], default=0.0)
        plain = all(unit.plain is not None for unit in units)
        plain = plain and not any(paragraph.turned or paragraph.looks for paragraph in paragraphs)
        return cls(paragraphs, top, bottom, plain, leading)


class Row(NamedTuple):
    """A line: from which unit of a paragraph to which."""

    paragraph: Paragraph
    start: int
    end: int


class Extent(NamedTuple):
    """How much room rows take from top to bottom: above the first baseline, between baselines, below the last."""

    above: float
    below: float
    drops: list[float]

    @property
    def height(self) -> float:
        """Return all of it."""
        return self.above + (self.drops[-1] if self.drops else 0.0) + self.below


class Fit(NamedTuple):
    """How a text fits: its size, and its lines there."""

    size: float
    rows: list[Row]
    extent: Extent


def largest_fit(matter: Matter, kind: "Type", box: Box) -> Fit | None:
    """Return the largest size at which a text fits, and its lines there."""
    largest, smallest = round(kind.size / STEP), round(kind.smallest / STEP)
    best: Fit | None = None
    low, high, middle = smallest, largest, largest  # most texts fit at their largest size: that is tried first
    while low <= high:
        fit = _fits(matter, kind, box, middle * STEP)
        if fit is None:
            high = middle - 1
        else:
            best, low = fit, middle + 1
        middle = (low + high + 1) // 2
    return best


def _fits(matter: Matter, kind: "Type", box: Box, size: float) -> Fit | None:
    """Break into lines at one size; None when their ink would leave the box."""
    if size <= 0:
        return None
    width, height = (box.width + SLACK) / size, (box.height + SLACK) / size
    rows = _broken(matter.paragraphs, width, min(kind.max_lines, 1 + int(height / (kind.line_height * matter.leading))))
    if rows is None:
        return None
    extent = _extent_of(rows, matter, kind)
    return Fit(size, rows, extent) if extent.height <= height else None


def _broken(paragraphs: Sequence[Paragraph], width: float, most: int) -> list[Row] | None:
    rows: list[Row] = []
    for paragraph in paragraphs:
        room = width - paragraph.indent
        start, length = 0, 0.0
        for at, (_, space, _, wide, before, after, _, _, _) in enumerate(paragraph.units):
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


def _extent_of(rows: Sequence[Row], matter: Matter, kind: "Type") -> Extent:
    """Measure rows from top to bottom, so that no ink of any of them stands out."""
    face, leading = kind.face, kind.line_height * matter.leading
    above, below = face.ascent / face.units, face.descent / face.units
    drops = _drops(rows, leading)
    last = drops[-1] if drops else 0.0
    for (paragraph, start, end), drop in zip(rows, drops, strict=True):
        if matter.top - drop > above:
            above = max([above, *[unit.top - drop for unit in paragraph.units[start:end]]])
        if matter.bottom - (last - drop) > below:
            below = max([below, *[unit.bottom - (last - drop) for unit in paragraph.units[start:end]]])
    return Extent(above, below, drops)


def _drops(rows: Sequence[Row], leading: float) -> list[float]:
    """Return how far the baseline of each row is below the first one."""
    drops, drop = [], -leading
    for at, (paragraph, start, _) in enumerate(rows):
        drop += leading if start or not at or not paragraph.gap else leading * (1 + paragraph.gap)
        drops.append(drop)
    return drops
