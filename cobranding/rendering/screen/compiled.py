"""A screen image, compiled once and stamped per partner: the decoded base is kept, the rest is pasted and encoded."""

from dataclasses import dataclass

from PIL import Image

from cobranding.rendering.arranging import arrange, with_what_they_follow
from cobranding.rendering.document.elements import Box, Color, Element, LineElement, ShapeElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting, is_same_for_all, lay_out
from cobranding.rendering.marks import Mark, scaled
from cobranding.rendering.pictures.decoding import bytes_of
from cobranding.rendering.pictures.painting import draw
from cobranding.rendering.screen.lettering import draw_text
from cobranding.rendering.typography.typeset import SetText

SMOOTH_EDGE = 2
"""How far a smooth edge may reach beyond what it is the edge of."""
WHITE = Color(255, 255, 255)


@dataclass(frozen=True)
class CompiledImage:
    """The pixels that are the same for every partner, and the elements that come on top of them."""

    fmt: Format
    scale: int
    base: Image.Image
    rest: tuple[Element, ...]
    """The elements that differ, and those that they follow."""
    drawn: frozenset[str]
    """The ids of those that stand in the base already."""

    def stamp(self, inputs: Inputs) -> Image.Image:
        """Return the picture for one partner.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        setting = Setting.of(inputs)
        image = self.base.copy()
        for element, marks in arrange(self.rest, setting, self.fmt):
            if element.id not in self.drawn:
                _draw(image, marks, self.scale)
        return image


def compile_image(inputs: Inputs, fmt: Format, scale: int = 1, number: int = 1) -> CompiledImage:
    """Draw a page of a format, at so many pixels for one, as far as it is the same for every partner.

    An element above one that differs is drawn too, unless their places touch: then their order would be seen.
    """
    setting = Setting.of(inputs)
    variables = {name for name, variable in inputs.document.variables.items() if variable.editable}
    page = fmt.pages[number - 1]
    image = Image.new("RGB", (round(fmt.width * scale), round(fmt.height * scale)), (page.background or WHITE).rgb)
    rest: list[Element] = []
    for element in page.elements:
        if is_same_for_all(element, variables) and not any(_touch(element, other) for other in rest):
            _draw(image, lay_out(element, setting, fmt), scale)
        else:
            rest.append(element)
    needed = with_what_they_follow({element.id for element in rest}, page.elements)
    return CompiledImage(fmt, scale, image, needed, frozenset(each.id for each in needed if each not in rest))


def bytes_of_compiled(compiled: CompiledImage) -> int:
    """Return how much memory a compiled image takes."""
    return bytes_of(compiled.base)


def _touch(one: Element, other: Element) -> bool:
    """Tell whether two elements may leave ink on the same pixel, wherever they are moved to."""
    if one.anchor or other.anchor:
        return True
    a, b = _reach(one), _reach(other)
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def _reach(element: Element) -> Box:
    box = element.open.within or element.box
    edge = SMOOTH_EDGE + (element.stroke_width if isinstance(element, ShapeElement | LineElement) else 0)
    return Box(box.x - edge, box.y - edge, box.width + 2 * edge, box.height + 2 * edge)


def _draw(image: Image.Image, marks: list[Mark], scale: int) -> None:
    for mark in marks:
        at_scale = mark if scale == 1 else scaled(mark, scale)
        if isinstance(at_scale, SetText):
            draw_text(image, at_scale)
        else:
            draw(image, at_scale)
