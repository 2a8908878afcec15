"""Sets text in a box: the largest size between the style's two at which it fits, in lines that never leave the box."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Align, Box, Color, Direction, Valign
from cobranding.rendering.errors import MissingGlyph, TextOverflow
from cobranding.rendering.typography.chains import Chain
from cobranding.rendering.typography.fitting import Matter, largest_fit
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.paragraphs import plain_matter
from cobranding.rendering.typography.placing import Line, place
from cobranding.rendering.typography.shaping import NoGlyphError

__all__ = ["Line", "SetText", "Type", "set_matter", "set_text"]


@dataclass(frozen=True)
class Type:
    """How a text is set: the typefaces, their sizes and the rest of its style."""

    chain: Chain
    size: float
    smallest: float
    line_height: float
    color: Color
    align: Align
    valign: Valign = "top"
    max_lines: int = 200
    direction: Direction = "auto"

    @property
    def face(self) -> Face:
        """Return the typeface that is asked first."""
        return self.chain.faces[0]


class Link(NamedTuple):
    """Where on the page a text leads to an address."""

    box: Box
    url: str


@dataclass(frozen=True)
class SetText:
    """A text that has been set: its lines, and the size that was found."""

    face: Face
    size: float
    color: Color
    lines: tuple[Line, ...]
    links: tuple[Link, ...] = ()

    @property
    def height(self) -> float:
        """Return the distance from the first baseline to the last one."""
        return self.lines[-1].y - self.lines[0].y if self.lines else 0.0

    def box_of(self, line: Line) -> Box:
        """Return the room that a line takes: as wide as its words, as high as its typeface."""
        above, below = (edge * self.size / self.face.units for edge in (self.face.ascent, self.face.descent))
        return Box(line.x, line.y - above, line.width, above + below)

    def moved(self, down: float) -> "SetText":
        """Return the text further down."""
        lines = tuple(line._replace(y=line.y + down) for line in self.lines)
        links = tuple(Link(link.box._replace(y=link.box.y + down), link.url) for link in self.links)
        return replace(self, lines=lines, links=links)


_set: Kept[tuple[str, Type, Box], SetText] = Kept(1000, "typography_typeset_set")
"""Texts that many documents say in the same place."""


def set_text(text: str, kind: Type, box: Box, where: str) -> SetText:
    """Set a text in a box; `where` names the box in errors.

    Raises TextOverflow, MissingGlyph.
    """
    return _set.get((text, kind, box), lambda: _set_plain(text, kind, box, where))


def _set_plain(text: str, kind: Type, box: Box, where: str) -> SetText:
    try:
        matter = plain_matter(text, kind.chain, kind.direction)
    except NoGlyphError as lacking:
        raise missing(lacking.characters, text, where) from None
    return set_matter(matter, text, kind, box, where)


def set_matter(matter: Matter, text: str, kind: Type, box: Box, where: str) -> SetText:
    """Set paragraphs that have been shaped; `text` is what they say.

    Raises TextOverflow.
    """
    fit = largest_fit(matter, kind, box)
    if fit is None:
        sentence = f"The text “{short(text)}” does not fit into its box, even at its smallest size ({kind.smallest:g})."
        raise TextOverflow(sentence, errors={where: [sentence]})
    lines, links = place(fit, matter, kind, box)
    return SetText(kind.face, fit.size, kind.color, lines, tuple([Link(area, url) for area, url in links]))


def missing(characters: str, text: str, where: str) -> MissingGlyph:
    """Return the error that names what cannot be written."""
    codes = " ".join(f"U+{ord(character):04X}" for character in characters)
    sentence = f"The typeface has no character “{characters}” ({codes}), which is in “{short(text)}”."
    return MissingGlyph(sentence, errors={where: [sentence]})


def short(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= 60 else text[:57] + "…"
