"""Parts a text into paragraphs, and these into units that stand in lines."""

import unicodedata
from collections.abc import Sequence

from cobranding.rendering.document.elements import Direction
from cobranding.rendering.typography.bidi import is_turned, levels_of
from cobranding.rendering.typography.breaking import SPACES
from cobranding.rendering.typography.chains import Chain, Unit
from cobranding.rendering.typography.fitting import Matter, Paragraph
from cobranding.rendering.typography.scripts import SOFT

UNSEEN = str.maketrans("", "", SOFT)


def cleaned(text: str) -> str:
    """Return a text in the one form that it is set in (NFC), without what no line shows."""
    return unicodedata.normalize("NFC", text.translate(UNSEEN))


def plain_matter(text: str, chain: Chain, direction: Direction) -> Matter:
    """Shape a text without marks of its own; each of its lines is a paragraph.

    Raises NoGlyphError.
    """
    text = cleaned(text)
    turned = direction == "rtl" or is_turned(text)
    paragraphs = [
        _turned(paragraph, chain, direction) if turned else Paragraph(_straight(paragraph, chain))
        for paragraph in text.split("\n")
    ]
    while paragraphs and not paragraphs[-1].units:
        paragraphs.pop()
    return Matter.of(paragraphs)


def _straight(paragraph: str, chain: Chain) -> list[Unit]:
    return [unit for word in SPACES.split(paragraph) if word for unit in chain.units(word)]


def _turned(paragraph: str, chain: Chain, direction: Direction) -> Paragraph:
    base, levels = levels_of(paragraph, direction, chain.language)
    units: list[Unit] = []
    for start, end in words_in(paragraph):
        gap = levels[start - 1] if start else base
        units.extend(chain.turned_units(paragraph[start:end], levels[start:end], gap))
    return Paragraph(units, turned=bool(base % 2))


def words_in(paragraph: str) -> Sequence[tuple[int, int]]:
    """Return where the words of a paragraph begin and end."""
    found, at = [], 0
    for space in SPACES.finditer(paragraph):
        if space.start() > at:
            found.append((at, space.start()))
        at = space.end()
    if at < len(paragraph):
        found.append((at, len(paragraph)))
    return found
