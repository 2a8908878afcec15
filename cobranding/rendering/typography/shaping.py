"""Turns a run of characters into glyphs: one face, one script, one direction, one language at a time (HarfBuzz)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uharfbuzz

from cobranding.rendering.typography.bidi import mirrored
from cobranding.rendering.typography.scripts import COMPLEX, JOINED, JOINERS, MARKS, TAGS

if TYPE_CHECKING:
    from cobranding.rendering.typography.fonts import Face

PLAIN: Mapping[str, bool] = {"kern": True, "liga": False, "clig": False, "calt": False}
"""Ligatures of taste would make copied text differ from the values."""
NEEDED: Mapping[str, bool] = {"kern": True}
UNMARKED: Mapping[str, bool] = {**PLAIN, "mark": False, "mkmk": False}
FLAGS = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES | uharfbuzz.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
UNDRAWN = str.maketrans("", "", JOINERS)


class NoGlyphError(Exception):
    """Say that no face can write some characters."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Glyph:
    """One shaped glyph; lengths in font units."""

    gid: int
    advance: int
    dx: int
    dy: int


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A run of characters without a space, shaped; its glyphs stand from left to right.

    `exact` when every glyph stands for the next character, read the way the run goes; `operands` is the word as a
    PDF's TJ takes it, at any size. Lengths in font units: `top` and `bottom` are how far its ink reaches above and
    below the baseline, `before` and `after` how far it stands out to the left of the pen and to the right of the width.
    """

    text: str
    face: "Face"
    glyphs: tuple[Glyph, ...]
    width: int
    exact: bool
    operands: str
    top: int
    bottom: int
    before: int
    after: int
    raised: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run is shaped, besides its face."""

    script: str
    language: str
    right_to_left: bool = False
    spacing: float = 0.0
    """What stands between letters, in em."""


def shape(face: "Face", text: str, manner: Manner) -> Word:
    """Shape a run.

    Raises NoGlyphError.
    """
    features = NEEDED if manner.script in COMPLEX or face.has_pictures(text) else PLAIN
    buffer = _buffer(face, text, manner, features)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    for info in infos:
        if info.codepoint == 0:
            raise NoGlyphError(text[info.cluster])
    if any(ord(character) in MARKS for character in text):
        _check_marks(face, text, manner, positions)
    extra = 0 if manner.script in JOINED else round(manner.spacing * face.units)
    glyphs = []
    for at, (info, position) in enumerate(zip(infos, positions, strict=True)):
        last = at + 1 == len(infos) or infos[at + 1].cluster != info.cluster
        advance = position.x_advance + (extra if last else 0)
        glyphs.append(Glyph(info.codepoint, advance, position.x_offset, position.y_offset))
    return _word(face, text, tuple(glyphs), manner, spaced_out=bool(extra))


def _buffer(face: "Face", text: str, manner: Manner, features: Mapping[str, bool]) -> uharfbuzz.Buffer:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.flags = FLAGS
    buffer.direction = "rtl" if manner.right_to_left else "ltr"
    buffer.script = TAGS[manner.script or "latin"]
    buffer.language = manner.language
    uharfbuzz.shape(face.shaper, buffer, dict(features))
    return buffer


def _check_marks(face: "Face", text: str, manner: Manner, positions: list[uharfbuzz.GlyphPosition]) -> None:
    """Refuse accents that the face has but cannot put in their place."""
    plain = _buffer(face, text, manner, UNMARKED).glyph_positions
    placed = [(each.x_offset, each.y_offset, each.x_advance) for each in positions]
    if placed == [(each.x_offset, each.y_offset, each.x_advance) for each in plain]:
        raise NoGlyphError(next(character for character in text if ord(character) in MARKS))


def _word(face: "Face", text: str, glyphs: tuple[Glyph, ...], manner: Manner, *, spaced_out: bool) -> Word:
    read = mirrored(text)[::-1] if manner.right_to_left else text
    exact = not spaced_out and "".join(face.meanings.get(glyph.gid, "") for glyph in glyphs) == read
    top = bottom = before = pen = reach = 0
    for glyph in glyphs:
        left, low, right, high = face.inks[glyph.gid]
        if right > left:
            top, bottom = max(top, high + glyph.dy), max(bottom, -low - glyph.dy)
            before, reach = max(before, -(pen + glyph.dx + left)), max(reach, pen + glyph.dx + right)
        pen += glyph.advance
    return Word(
        text=text.translate(UNDRAWN) if manner.script not in COMPLEX and not face.has_pictures(text) else text,
        face=face,
        glyphs=glyphs,
        width=pen,
        exact=exact,
        operands=operands(face, glyphs),
        top=top,
        bottom=bottom,
        before=before,
        after=max(0, reach - pen),
        raised=any(glyph.dy for glyph in glyphs),
    )


def operands(face: "Face", glyphs: tuple[Glyph, ...]) -> str:
    """Write glyphs as operands of TJ: their ids, and what moves the pen besides their width (in 1/1000 em)."""
    out = ["<"]
    for glyph in glyphs:
        if glyph.dx:
            out.append(f">{-glyph.dx * 1000 / face.units:.0f}<")
        out.append(f"{glyph.gid:04X}")
        extra = (glyph.advance - glyph.dx - face.widths[glyph.gid]) * 1000 / face.units
        if round(extra):
            out.append(f">{-extra:.0f}<")
    out.append(">")
    return "".join(out)
