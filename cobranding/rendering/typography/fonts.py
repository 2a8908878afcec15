"""The typefaces: out of their packages, cut down to the scripts a template declares, fixed at one weight, measured."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fontpkg_inter
import fontpkg_noto_sans
import uharfbuzz
from fontTools.ttLib import TTFont

from cobranding.rendering.cache import Kept

FILES: Mapping[tuple[str, bool], Path] = {
    ("inter", False): fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf",
    ("inter", True): fontpkg_inter.ROOT / "files" / "Inter-Italic[opsz,wght].ttf",
    ("noto-sans", False): fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    ("noto-sans", True): fontpkg_noto_sans.ROOT / "files" / "NotoSans-Italic[wdth,wght].ttf",
}
AXES: Mapping[str, Mapping[str, float]] = {"inter": {"opsz": 14}, "noto-sans": {"wdth": 100}}
NAMES: Mapping[str, str] = {"inter": "Inter", "noto-sans": "NotoSans"}

SCRIPTS: Mapping[str, tuple[range, ...]] = {
    "latin": (range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C), range(0x1E80, 0x1E86), range(0x1E9E, 0x1E9F)),
    "greek": (range(0x384, 0x3CF),),
    "cyrillic": (range(0x400, 0x460), range(0x490, 0x492)),
}
ALWAYS = (
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    0x2020,
    0x2022,
    0x2026,
    0x2030,
    0x2032,
    0x2033,
    0x2039,
    0x203A,
)
SIGNS = (0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713)
MARKS = tuple(range(0x300, 0x30D))
"""Combining accents, for letters that no script has ready-made."""

FEATURES = {"kern": True, "liga": False, "clig": False, "calt": False}
"""Ligatures would make copied text differ from the values."""

INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
MOST_WORDS = 20_000


@dataclass(frozen=True)
class Glyph:
    """One shaped glyph; lengths in font units."""

    gid: int
    advance: int
    dx: int
    dy: int


@dataclass(frozen=True)
class Word:
    """A run of characters without a space, shaped.

    `exact` when every glyph stands for the next character; `operands` is the word as a PDF's TJ takes it, at any size.
    `top` and `bottom` are how far its ink reaches above and below the baseline, `before` and `after` how far it stands
    out to the left of the pen and to the right of the width.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    width: int
    exact: bool
    operands: str
    top: int
    bottom: int
    before: int
    after: int


@dataclass(frozen=True)
class FontKey:
    """What makes one font file: the family, its weight and slope, and the scripts it must write."""

    family: str
    weight: int
    italic: bool
    scripts: tuple[str, ...]


@dataclass
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
    widths: tuple[int, ...]
    inks: tuple[tuple[int, int, int, int], ...]
    space: int
    _hb: Any
    _words: dict[str, Word] = field(default_factory=dict)

    def word(self, text: str) -> Word:
        """Shape a word; the most used ones are remembered."""
        word = self._words.get(text)
        if word is None:
            word = self._shape(text)
            if len(self._words) >= MOST_WORDS:
                self._words.clear()
            self._words[text] = word
        return word

    def lacks(self, text: str) -> str:
        """Return the first character of a word that this font cannot write, or an empty text."""
        if text in self._words:
            return ""
        for character in text:
            if ord(character) not in self.characters and character not in INVISIBLE:
                return character
        return ""

    def _shape(self, text: str) -> Word:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._hb, buffer, FEATURES)
        glyphs = tuple(
            Glyph(info.codepoint, position.x_advance, position.x_offset, position.y_offset)
            for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        )
        exact = [glyph.gid for glyph in glyphs] == [self.characters.get(ord(character), 0) for character in text]
        return Word(
            text, glyphs, sum(glyph.advance for glyph in glyphs), exact, self.operands(glyphs), *self._ink(glyphs)
        )

    def _ink(self, glyphs: tuple[Glyph, ...]) -> tuple[int, int, int, int]:
        top = bottom = before = pen = reach = 0
        for glyph in glyphs:
            left, low, right, high = self.inks[glyph.gid]
            top, bottom = max(top, high + glyph.dy), max(bottom, -low - glyph.dy)
            before, reach = max(before, -(pen + glyph.dx + left)), max(reach, pen + glyph.dx + right)
            pen += glyph.advance
        return top, bottom, before, max(0, reach - pen)

    def operands(self, glyphs: tuple[Glyph, ...], spacing: float = 0) -> str:
        """Write glyphs as operands of TJ: their ids, and what moves the pen besides their width (in 1/1000 em)."""
        out = ["<"]
        for glyph in glyphs:
            if glyph.dx:
                out.append(f">{-glyph.dx * 1000 / self.units:.0f}<")
            out.append(f"{glyph.gid:04X}")
            extra = (glyph.advance - glyph.dx - self.widths[glyph.gid]) * 1000 / self.units + spacing * 1000
            if round(extra):
                out.append(f">{-extra:.0f}<")
        out.append(">")
        return "".join(out)


_faces: Kept[FontKey, Face] = Kept(24, "fonts")


def face(family: str, weight: int, scripts: tuple[str, ...], *, italic: bool = False) -> Face:
    """Return a font of a family at one weight; made once per process."""
    key = FontKey(family, weight, italic, tuple(sorted(scripts)))
    return _faces.get(key, lambda: _make(key))


def characters_of(scripts: tuple[str, ...]) -> set[int]:
    """Return the characters that a template of these scripts can write."""
    wanted = {*ALWAYS, *SIGNS, *MARKS}
    for script in ("latin", *scripts):
        for block in SCRIPTS[script]:
            wanted.update(block)
    return wanted


def _make(key: FontKey) -> Face:
    source = uharfbuzz.Face(FILES[key.family, key.italic].read_bytes())
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    _only(wanted.unicode_set, characters_of(key.scripts))
    _only(wanted.layout_feature_tag_set, map(_tag, ("kern", "mark", "mkmk", "ccmp")))
    _only(wanted.name_id_set, (1, 2))
    for table in ("STAT", "gasp"):
        wanted.drop_table_tag_set.add(_tag(table))
    for axis, place in {**AXES[key.family], "wght": float(key.weight)}.items():
        wanted.pin_axis_location(source, axis, place)
    return _measure(key, uharfbuzz.subset(source, wanted).blob.data)


def _only(chosen: Any, members: Iterable[int]) -> None:
    chosen.clear()
    for member in members:
        chosen.add(member)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _measure(key: FontKey, data: bytes) -> Face:
    font = TTFont(io.BytesIO(data), lazy=True)
    order = font.getGlyphOrder()
    characters = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    head, hhea, metrics = font["head"], font["hhea"], font["hmtx"]
    style = f"{key.weight}{'Italic' if key.italic else ''}"
    return Face(
        key=key,
        name=f"{NAMES[key.family]}-{style}",
        data=data,
        units=head.unitsPerEm,
        ascent=hhea.ascent,
        descent=-hhea.descent,
        cap_height=getattr(font["OS/2"], "sCapHeight", 0) or hhea.ascent,
        bounds=(head.xMin, head.yMin, head.xMax, head.yMax),
        characters=characters,
        widths=tuple(metrics[name][0] for name in order),
        inks=tuple(_ink_of(font["glyf"][name]) for name in order),
        space=metrics[order[characters[0x20]]][0],
        _hb=uharfbuzz.Font(uharfbuzz.Face(data)),
    )


def _ink_of(glyph: Any) -> tuple[int, int, int, int]:
    return (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) if glyph.numberOfContours else (0, 0, 0, 0)
