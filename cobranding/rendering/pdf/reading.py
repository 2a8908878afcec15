"""What readers find in a line that runs from right to left: an invisible layer of characters, apart from the glyphs.

Glyphs stand in the order of the page, so a reader has to turn them back. PDFium does that by rules of its own, much
simpler than the Unicode Bidirectional Algorithm; most others take the order of the page too. So the layer has the
characters in that order from which PDFium finds the line as it was given, and that is the order of the page wherever
all of a line runs one way.
"""

import io
import unicodedata
from functools import cache
from itertools import groupby

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from cobranding.rendering.typography.bidi import mirrored
from cobranding.rendering.typography.fonts import FontKey

READING = FontKey("reading", 400, italic=False, scripts=())
"""Stands for the font of the layer: every code is a character (UTF-16) and draws nothing."""
WIDTH = 500
RIGHT = frozenset({"R", "AL"})
WEAK = frozenset({"AN", "EN", "ES", "ET", "CS", "NSM", "BN"})


def as_read(text: str) -> str:
    """Return the characters of a line in the order from which PDFium's `CPDF_TextPage::CloseTempLine` finds them."""
    segments = [(kind, "".join(group)) for kind, group in groupby(text, key=_kind)]
    rights, lefts = (sum(kind == wanted for kind, _ in segments) for wanted in ("right", "left"))
    turned = rights > lefts
    current = "right" if turned else "left"
    out = []
    for kind, characters in segments:
        if kind == "right" or (kind == "neutral" and current == "right"):
            current = "right"
            out.append(mirrored(characters[::-1]))
        else:
            current = current if kind == "weak" else "left"
            out.append(characters)
    return "".join(reversed(out) if turned else out)


def _kind(character: str) -> str:
    direction = unicodedata.bidirectional(character)
    if direction in RIGHT:
        return "right"
    if direction in WEAK:
        return "weak"
    return "left" if direction == "L" else "neutral"


@cache
def reading_program() -> bytes:
    """Return a font file with one glyph that draws nothing."""
    builder = FontBuilder(1000, isTTF=True)
    glyphs = [".notdef", "unseen"]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({0x20: "unseen"})
    builder.setupGlyf(dict.fromkeys(glyphs, TTGlyphPen(None).glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (WIDTH, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=-200)
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 0
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()
