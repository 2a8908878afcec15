"""Small typefaces, drawn on the spot."""

import io

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


def drawn(*, glyphs: int = 30, flavor: str | None = None, **os2) -> bytes:
    """A typeface of squares that writes the capital letters."""
    names = [".notdef", *(f"g{number}" for number in range(glyphs))]
    pen = TTGlyphPen(None)
    for step, at in enumerate(((100, 0), (100, 600), (500, 600), (500, 0))):
        (pen.lineTo if step else pen.moveTo)(at)
    pen.closePath()
    square = pen.glyph()
    built = FontBuilder(1000)
    built.setupGlyphOrder(names)
    built.setupCharacterMap({0x41 + number: names[number + 1] for number in range(min(glyphs, 26))})
    built.setupGlyf(dict.fromkeys(names, square))
    built.setupHorizontalMetrics(dict.fromkeys(names, (600, 100)))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Squares\x07", "styleName": "Bold Italic"})
    built.setupOS2(**{"usWeightClass": 700, "fsSelection": 0x21, **os2})
    built.setupPost()
    return written(built.font, flavor)


def written(font: TTFont, flavor: str | None = None) -> bytes:
    font.flavor = flavor
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
