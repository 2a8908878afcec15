"""Puts the words of broken lines in their places on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cobranding.rendering.document.elements import Box
from cobranding.rendering.typography.bidi import order_of
from cobranding.rendering.typography.chains import Run, Unit
from cobranding.rendering.typography.fitting import Fit, Look, Matter, Row
from cobranding.rendering.typography.shaping import Word

if TYPE_CHECKING:
    from cobranding.rendering.typography.typeset import Type

Placed = tuple[float, Word]
Area = tuple[Box, str]


class Line(NamedTuple):
    """One set line: where its baseline begins, and its words from left to right with their distance from there.

    `looks` has one for each word when they differ from their text's; `said` is then what the line says in reading
    order. `turned` tells that some of it runs from right to left.
    """

    x: float
    y: float
    width: float
    words: tuple[Placed, ...]
    looks: tuple[Look, ...] = ()
    said: str = ""
    turned: bool = False

    @property
    def text(self) -> str:
        """Return what the line says, in reading order."""
        return self.said or " ".join([word.text for _, word in self.words])


@dataclass(frozen=True)
class _Piece:
    """A run or a space on its way into a line."""

    word: Word | None
    level: int
    width: float
    look: Look | None


def place(fit: Fit, matter: Matter, kind: "Type", box: Box) -> tuple[tuple[Line, ...], list[Area]]:
    """Return set lines, and the areas of their links."""
    size, rows, extent = fit
    spare = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[kind.valign] * (box.height - extent.height * size)
    top = box.y + spare + extent.above * size
    if matter.plain:
        placed = zip(rows, extent.drops, strict=True)
        return tuple([_plain(row, kind, box, size, top + drop * size) for row, drop in placed]), []
    lines: list[Line] = []
    areas: list[Area] = []
    for row, drop in zip(rows, extent.drops, strict=True):
        if row.start == 0 and row.paragraph.bullet:
            lines.append(_bullet(row, kind, box, size, top + drop * size))
        line = _mixed(row, kind, box, size, top + drop * size)
        lines.append(line)
        areas.extend(_areas(line, kind, size))
    return tuple(lines), areas


def _plain(row: Row, kind: "Type", box: Box, size: float, y: float) -> Line:
    """Place a line whose words all stand in one typeface, from left to right, with a space between them."""
    units = row.paragraph.units[row.start : row.end]
    if not units:
        return Line(box.x, y, 0.0, ())
    space = kind.chain.space
    words: list[Placed] = []
    at = 0.0
    for unit in units:
        words.append((at * size, unit.plain))  # type: ignore[arg-type]  # the matter is plain: each unit has one
        at += unit.width + space
    length = (at - space) * size
    x = box.x + _shift(row, kind, box.width, units[0].before * size, length, units[-1].after * size)
    return Line(x, y, length, tuple(words))


def _shift(row: Row, kind: "Type", room: float, before: float, length: float, after: float) -> float:  # noqa: PLR0917
    """Return how far a line's pen begins from the left edge of its box."""
    turned = row.paragraph.turned
    align = {"start": "right" if turned else "left", "end": "left" if turned else "right"}.get(kind.align, kind.align)
    spare = room - before - length - after
    return before + {"left": 0.0, "center": spare / 2, "right": spare}[align]


def _mixed(row: Row, kind: "Type", box: Box, size: float, y: float) -> Line:
    """Place a line whose runs differ in their face, look or direction."""
    pieces = list(_pieces(row, kind))
    order = order_of([piece.level for piece in pieces])
    words: list[Placed] = []
    looks: list[Look] = []
    at = 0.0
    for piece in (pieces[index] for index in order):
        if piece.word is not None:
            words.append((at, piece.word))
            looks.append(piece.look or Look(1.0, kind.color))
        at += piece.width * size
    before, after = _overhang(words, looks, at, size)
    indent = row.paragraph.indent * size
    x = box.x + _shift(row, kind, box.width - indent, before, at, after) + (0.0 if row.paragraph.turned else indent)
    text = "".join(" " if piece.word is None else piece.word.text for piece in pieces)
    turned = any(piece.level for piece in pieces)
    return Line(x, y, at, tuple(words), tuple(looks), text, turned)


def _pieces(row: Row, kind: "Type") -> Iterator[_Piece]:
    """Yield the runs of a line and the spaces between them, in reading order."""
    paragraph, start, end = row
    for index in range(start, end):
        unit: Unit = paragraph.units[index]
        if index > start and unit.space:
            yield _Piece(None, unit.gap, unit.space, None)
        looks = paragraph.looks[index] if paragraph.looks else (Look(1.0, kind.color),) * len(unit.runs)
        for (word, level), look in zip(unit.runs, looks, strict=True):
            yield _Piece(word, level, word.width / word.face.units * look.ratio, look)


def _overhang(words: Sequence[Placed], looks: Sequence[Look], length: float, size: float) -> tuple[float, float]:
    """Return how far ink stands out on either side of a line."""
    before = after = 0.0
    for (at, word), look in zip(words, looks, strict=True):
        em = look.ratio * size / word.face.units
        before = max(before, word.before * em - at)
        after = max(after, at + (word.width + word.after) * em - length)
    return before, after


def _areas(line: Line, kind: "Type", size: float) -> Iterator[Area]:
    """Yield where a line leads: one area for words beside each other that lead to the same address."""
    above, below = (edge * size / kind.face.units for edge in (kind.face.ascent, kind.face.descent))
    url, left, right = "", 0.0, 0.0
    for (at, word), look in zip(line.words, line.looks, strict=True):
        end = at + word.width * look.ratio * size / word.face.units
        if look.url == url:
            right = end
            continue
        if url:
            yield Box(line.x + left, line.y - above, right - left, above + below), url
        url, left, right = look.url, at, end
    if url:
        yield Box(line.x + left, line.y - above, right - left, above + below), url


def _bullet(row: Row, kind: "Type", box: Box, size: float, y: float) -> Line:
    """Place the bullet of a paragraph in its indent, where reading begins."""
    runs: tuple[Run, ...] = row.paragraph.bullet
    words: list[Placed] = []
    at = 0.0
    for word, _ in runs:
        words.append((at, word))
        at += word.width * size / word.face.units
    indent = row.paragraph.indent * size
    gap = runs[0].word.face.space * size / runs[0].word.face.units
    before = max((word.before * size / word.face.units for word, _ in runs), default=0.0)
    from_edge = indent - gap - at
    x = box.x + box.width - from_edge - at if row.paragraph.turned else box.x + max(from_edge, before)
    text = "".join(word.text for word, _ in runs)
    return Line(x, y, at, tuple(words), (Look(1.0, kind.color),) * len(words), text)
