"""The typefaces made ready: cut down to the scripts a template declares, fixed at one weight, measured."""

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import uharfbuzz
from fontTools.ttLib import TTFont, TTLibError

from cobranding.rendering.cache import Kept
from cobranding.rendering.errors import FontUnusable
from cobranding.rendering.typography.packages import NAMES, program_of, slope_of
from cobranding.rendering.typography.scripts import SCRIPTS
from cobranding.rendering.typography.subsetting import subset

MOST_GLYPHS = 20_000
"""What one cut-down typeface may keep; none that is in use comes near."""
BROKEN = (AssertionError, AttributeError, KeyError, IndexError, OSError, RuntimeError, TypeError, ValueError)
"""How a damaged font file shows while it is read."""


@dataclass(frozen=True)
class FontKey:
    """What makes one font file: the family (or the hash of the brand's own file), weight, slope, and the scripts."""

    family: str
    weight: int
    italic: bool
    scripts: tuple[str, ...]


@dataclass(eq=False)
class Face:
    """A font ready to measure, to draw and to embed."""

    key: FontKey
    name: str
    data: bytes
    units: int
    ascent: int
    descent: int
    cap_height: int
    bounds: tuple[int, int, int, int]
    characters: Mapping[int, int]
    meanings: Mapping[int, str]
    """The character that a reader takes a glyph for."""
    widths: tuple[int, ...]
    inks: tuple[tuple[int, int, int, int], ...]
    space: int
    shaper: Any

    def has(self, character: str) -> bool:
        """Tell whether the font can write a character."""
        return ord(character) in self.characters

    def has_pictures(self, text: str) -> bool:
        """Tell whether a text needs what only the brand's own typefaces have: emoji made of several characters."""
        return any(ord(character) > 0x1F000 for character in text)


_faces: Kept[FontKey, Face] = Kept(64)


def face(family: str, weight: int, scripts: tuple[str, ...], *, italic: bool = False) -> Face:
    """Return a font of a family at one weight; made once per process."""
    key = FontKey(family, weight, slope_of(family, italic=italic), tuple(sorted(scripts)))
    return _faces.get(key, lambda: _made(key, program_of(family, italic=key.italic), NAMES[family]))


def own_face(
    sha256: str, read: Callable[[], bytes], weight: int, scripts: tuple[str, ...], *, italic: bool, name: str
) -> Face:
    """Return a font out of a file of the brand; `name` is what the document calls it.

    Raises FontUnusable.
    """
    key = FontKey(sha256, weight, italic, tuple(sorted(scripts)))

    def make() -> Face:
        try:
            return _made(key, read(), f"Brand{sha256[:8]}")
        except (*BROKEN, TTLibError, struct.error, uharfbuzz.HarfBuzzError) as problem:
            raise FontUnusable(
                f"The typeface “{name}” is damaged or of a kind that cannot be embedded.",
                errors={f"brand.fonts.{name}": ["cannot be used"]},
            ) from problem

    return _faces.get(key, make)


def known(key: FontKey) -> Face:
    """Return a font that has been made in this process."""
    if key.family in NAMES:
        return face(key.family, key.weight, key.scripts, italic=key.italic)

    def gone() -> Face:
        raise FontUnusable("A typeface of the brand has to be read again.")

    return _faces.get(key, gone)


def _made(key: FontKey, program: bytes, name: str) -> Face:
    own = key.family not in NAMES
    data = subset(program, key.scripts, key.weight, italic=key.italic, pictures=own)
    font = TTFont(io.BytesIO(data), lazy=True)
    order = font.getGlyphOrder()
    if len(order) > MOST_GLYPHS or ("glyf" not in font and "CFF " not in font):
        raise ValueError("not a typeface that can be embedded")
    shaper = uharfbuzz.Font(uharfbuzz.Face(data))
    characters = {code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
    head, hhea, metrics = font["head"], font["hhea"], font["hmtx"]
    widths = tuple(metrics[glyph][0] for glyph in order)
    return Face(
        key=key,
        name=f"{name}-{key.weight}{'Italic' if key.italic else ''}",
        data=data,
        units=head.unitsPerEm,
        ascent=hhea.ascent,
        descent=-hhea.descent,
        cap_height=getattr(font["OS/2"], "sCapHeight", 0) or hhea.ascent,
        bounds=(head.xMin, head.yMin, head.xMax, head.yMax),
        characters=characters,
        meanings=_meanings(characters, key.scripts),
        widths=widths,
        inks=tuple(_ink_of(shaper, gid) for gid in range(len(order))),
        space=widths[characters[0x20]] if 0x20 in characters else head.unitsPerEm // 4,
        shaper=shaper,
    )


def _meanings(characters: Mapping[int, int], scripts: tuple[str, ...]) -> dict[int, str]:
    """Give each glyph the character it is read as: one of a declared script, before a sign that looks the same."""
    letters = {code for script in scripts for block in SCRIPTS[script] for code in block}
    meanings: dict[int, str] = {}
    for code in sorted(characters, key=lambda code: (code not in letters, code)):
        meanings.setdefault(characters[code], chr(code))
    return meanings


def _ink_of(shaper: Any, gid: int) -> tuple[int, int, int, int]:
    extents = shaper.get_glyph_extents(gid)
    if extents is None:
        return 0, 0, 0, 0
    left, high = extents.x_bearing, extents.y_bearing
    return left, high + extents.height, left + extents.width, high
