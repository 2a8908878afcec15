"""Draws set texts into images, glyph by glyph where shaping put them: no library of the machine has a say in it."""

import io
from dataclasses import dataclass

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from PIL import Image, ImageDraw, ImageFont

from cobranding.rendering.cache import Kept
from cobranding.rendering.pictures.painting import paint
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.shaping import Word
from cobranding.rendering.typography.typeset import SetText

QUARTERS = 4
"""Words stand on quarters of a pixel: finer than the eye sees, and the same word is drawn only a few times."""
GLYPHS = 0xF0000
"""Where glyph ids begin among the characters for private use: Pillow asks for characters, not for glyphs."""

_programs: Kept[Face, bytes] = Kept(64, "screen_programs")
_fonts: Kept[tuple[Face, float], ImageFont.FreeTypeFont] = Kept(200, "screen_fonts")
_words: Kept[tuple[Word, float, int], "_Inked"] = Kept(800, "screen_words")


@dataclass(frozen=True)
class _Inked:
    """A drawn word, and where its ink begins from the pen."""

    mask: Image.Image
    left: int
    top: int


def draw_text(image: Image.Image, text: SetText) -> None:
    """Draw a set text."""
    for line in text.lines:
        for index, (at, word) in enumerate(line.words):
            look = line.looks[index] if line.looks else None
            size = text.size * look.ratio if look else text.size
            color = look.color if look else text.color
            whole, quarter = divmod(round((line.x + at) * QUARTERS), QUARTERS)
            inked = _inked(word, size, quarter)
            paint(image, color, (whole + inked.left, round(line.y) + inked.top), inked.mask)


def _inked(word: Word, size: float, quarter: int) -> _Inked:
    return _words.get((word, size, quarter), lambda: _ink(word, size, quarter))


def _ink(word: Word, size: float, quarter: int) -> _Inked:
    """Draw a word whose pen stands at some quarters of a pixel."""
    em = size / word.face.units
    left, top = int(word.before * em) + 2, int(word.top * em) + 2
    width = left + int((word.width + word.after) * em) + 3
    mask = Image.new("L", (max(1, width), max(1, top + int(word.bottom * em) + 2)), 0)
    pen, font, x = ImageDraw.Draw(mask), _font(word.face, size), left + quarter / QUARTERS
    for glyph in word.glyphs:
        at = (x + glyph.dx * em, top - glyph.dy * em)
        pen.text(at, chr(GLYPHS + glyph.gid), fill=255, font=font, anchor="ls")
        x += glyph.advance * em
    return _Inked(mask, -left, -top)


def _font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    def make() -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(io.BytesIO(_program(face)), size, layout_engine=ImageFont.Layout.BASIC)

    return _fonts.get((face, size), make)


def _program(face: Face) -> bytes:
    return _programs.get(face, lambda: _by_glyph(face))


def _by_glyph(face: Face) -> bytes:
    """Return a font whose characters are its glyph ids."""
    font = TTFont(io.BytesIO(face.data), recalcTimestamp=False)
    order = font.getGlyphOrder()
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.format, table.reserved, table.length, table.nGroups = 12, 0, 0, 0
    table.cmap = {GLYPHS + gid: name for gid, name in enumerate(order)}
    font["cmap"].tables = [table]
    for unused in ("GSUB", "GPOS", "GDEF", "kern"):
        if unused in font:
            del font[unused]
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
