"""Sets text in a box: the largest size between the style's two at which it fits, in lines that never leave the box."""

import re
from dataclasses import dataclass

from cobranding.rendering.document.elements import Align, Box, Color, Valign
from cobranding.rendering.errors import MissingGlyph, TextOverflow
from cobranding.rendering.typography.fonts import INVISIBLE, Face, Word

STEP = 0.5
"""Sizes that are tried lie half a point or half a pixel apart."""
SLACK = 0.01
SPACES = re.compile(r"[ \t\u2000-\u2006\u2008-\u200a\u3000]+")
"""Where a line may break. A no-break space stays inside its word."""
UNSEEN = str.maketrans("", "", "".join(INVISIBLE))


@dataclass(frozen=True)
class Type:
    """How a text is set: the font, its sizes and the rest of its style."""

    face: Face
    size: float
    smallest: float
    line_height: float
    letter_spacing: float
    color: Color
    align: Align
    valign: Valign = "top"
    max_lines: int = 200


@dataclass(frozen=True)
class Line:
    """One set line: where its baseline begins, and its words with their distance from there."""

    x: float
    y: float
    words: tuple[tuple[float, Word], ...]

    @property
    def text(self) -> str:
        """Return the words with a space between them."""
        return " ".join(word.text for _, word in self.words)


@dataclass(frozen=True)
class SetText:
    """A text that has been set: its lines, and the size that was found."""

    face: Face
    size: float
    color: Color
    letter_spacing: float
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """Return the distance from the first baseline to the last one."""
        return self.lines[-1].y - self.lines[0].y if self.lines else 0.0


Paragraphs = list[list[Word]]


def set_text(text: str, kind: Type, box: Box, where: str) -> SetText:
    """Set a text in a box; `where` names the box in errors.

    Raises TextOverflow, MissingGlyph.
    """
    paragraphs = _words(text, kind.face, where)
    largest, smallest = _steps(kind.size), _steps(kind.smallest)
    best: list[list[Word]] | None = None
    found = smallest
    low, high, middle = smallest, largest, largest  # most texts fit at their largest size: that is tried first
    while low <= high:
        lines = _fits(paragraphs, kind, box, middle * STEP)
        if lines is None:
            high = middle - 1
        else:
            best, found, low = lines, middle, middle + 1
        middle = (low + high + 1) // 2
    if best is None:
        sentence = (
            f"The text “{_short(text)}” does not fit into its box, even at its smallest size ({kind.smallest:g})."
        )
        raise TextOverflow(sentence, errors={where: [sentence]})
    return _place(best, kind, box, found * STEP)


def _steps(size: float) -> int:
    return round(size / STEP)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _words(text: str, face: Face, where: str) -> Paragraphs:
    paragraphs: Paragraphs = []
    for paragraph in text.translate(UNSEEN).split("\n"):
        words = [word for word in SPACES.split(paragraph) if word]
        for word in words:
            lacking = face.lacks(word)
            if lacking:
                sentence = (
                    f"The typeface has no character “{lacking}” (U+{ord(lacking):04X}), which is in “{_short(text)}”."
                )
                raise MissingGlyph(sentence, errors={where: [sentence]})
        paragraphs.append([face.word(word) for word in words])
    while paragraphs and not paragraphs[-1]:
        paragraphs.pop()
    return paragraphs


def width_of(word: Word, kind: Type, size: float) -> float:
    """Return how wide a word is, with its letter spacing."""
    return word.width * size / kind.face.units + kind.letter_spacing * size * len(word.glyphs)


def _fits(paragraphs: Paragraphs, kind: Type, box: Box, size: float) -> list[list[Word]] | None:
    """Break into lines at one size; None when their ink would leave the box."""
    lines: list[list[Word]] = []
    space = _space(kind, size)
    most = min(kind.max_lines, 1 + int((box.height + SLACK) / (kind.line_height * size)))
    unit, spacing = size / kind.face.units, kind.letter_spacing * size
    for words in paragraphs:
        line: list[Word] = []
        length = 0.0
        for word in words:
            width = word.width * unit + spacing * len(word.glyphs)
            if width + (word.before + word.after) * unit > box.width + SLACK:
                return None
            stands_out = word.after * unit
            if line and length + space + width + stands_out > box.width + SLACK:
                lines.append(line)
                line, length = [word], width + word.before * unit
            else:
                length += width + (space if line else word.before * unit)
                line.append(word)
        lines.append(line)
        if len(lines) > most:
            return None
    return lines if _height(lines, kind, size) <= box.height + SLACK else None


def _space(kind: Type, size: float) -> float:
    return (kind.face.space / kind.face.units + kind.letter_spacing) * size


def _ink(lines: list[list[Word]], kind: Type, size: float) -> tuple[float, float]:
    """Return what the first line needs above its baseline, and the last one below."""
    first, last = (lines[0], lines[-1]) if lines else ([], [])
    above = max([kind.face.ascent, *(word.top for word in first)])
    below = max([kind.face.descent, *(word.bottom for word in last)])
    return above * size / kind.face.units, below * size / kind.face.units


def _height(lines: list[list[Word]], kind: Type, size: float) -> float:
    above, below = _ink(lines, kind, size)
    return above + below + kind.line_height * size * max(0, len(lines) - 1)


def _place(lines: list[list[Word]], kind: Type, box: Box, size: float) -> SetText:
    above, _ = _ink(lines, kind, size)
    leading = kind.line_height * size
    height = _height(lines, kind, size)
    spare = {"top": 0.0, "middle": (box.height - height) / 2, "bottom": box.height - height}[kind.valign]
    space = _space(kind, size)
    placed: list[Line] = []
    y = box.y + spare + above
    for words in lines:
        at = 0.0
        positions: list[tuple[float, Word]] = []
        for word in words:
            positions.append((at, word))
            at += width_of(word, kind, size) + space
        before, after = (
            (words[0].before * size / kind.face.units, words[-1].after * size / kind.face.units) if words else (0, 0)
        )
        length = (at - space if words else 0.0) + before + after
        shift = (
            before
            + {
                "start": 0.0,
                "left": 0.0,
                "center": (box.width - length) / 2,
                "right": box.width - length,
                "end": box.width - length,
            }[kind.align]
        )
        placed.append(Line(box.x + shift, y, tuple(positions)))
        y += leading
    return SetText(kind.face, size, kind.color, kind.letter_spacing, tuple(placed))
