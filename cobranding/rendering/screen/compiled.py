"""A screen image, compiled once and stamped per partner: the decoded base is kept, the rest is pasted and encoded."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil, floor

from PIL import Image, ImageDraw, ImageFont

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Box, Color, Element, LineElement, ShapeElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting, is_same_for_all, lay_out
from cobranding.rendering.marks import Mark, scaled
from cobranding.rendering.pictures.decoding import bytes_of
from cobranding.rendering.screen.drawing import draw
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.typeset import SetText

SMOOTH_EDGE = 2
"""How far a smooth edge may reach beyond what it is the edge of."""
QUARTERS = 4
"""Words stand on quarters of a pixel: finer than the eye sees, and the same word is drawn only a few times."""
PLAIN = ["-liga", "-clig", "-calt"]
WHITE = Color(255, 255, 255)

_fonts: Kept[tuple[object, float], ImageFont.FreeTypeFont] = Kept(200)
_words: Kept[tuple[object, float, str, int], "_Inked"] = Kept(800)


@dataclass(frozen=True)
class CompiledImage:
    """The pixels that are the same for every partner, and the elements that come on top of them.

    A sheet that was drawn on is cleaned for the next partner, which takes less than copying all of it anew.
    """

    fmt: Format
    scale: int
    base: Image.Image
    rest: tuple[Element, ...]
    spare: list[Image.Image] = field(default_factory=list)

    @contextmanager
    def stamped(self, inputs: Inputs) -> Iterator[Image.Image]:
        """Give the picture for one partner, until it has been encoded.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        setting = Setting.of(inputs)
        laid = [lay_out(element, setting, self.fmt) for element in self.rest]
        image = self._sheet()
        for marks in laid:
            _draw(image, marks, self.scale)
        yield image
        if not self.spare:
            self._clean(image)
            self.spare.append(image)

    def _sheet(self) -> Image.Image:
        try:
            return self.spare.pop()  # of two threads one gets it, and the other makes another
        except IndexError:
            return self.base.copy()

    def _clean(self, image: Image.Image) -> None:
        for element in self.rest:
            box = self._drawn_by(element)
            image.paste(self.base.crop(box), box)

    def _drawn_by(self, element: Element) -> tuple[int, int, int, int]:
        if element.anchor:
            return (0, 0, *self.base.size)
        reach, scale = _reach(element), self.scale
        right, bottom = (reach.x + reach.width) * scale, (reach.y + reach.height) * scale
        return (
            max(0, floor(reach.x * scale)),
            max(0, floor(reach.y * scale)),
            min(self.base.width, ceil(right)),
            min(self.base.height, ceil(bottom)),
        )


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
    return CompiledImage(fmt, scale, image, tuple(rest))


def bytes_of_compiled(compiled: CompiledImage) -> int:
    """Return how much memory a compiled image takes, with the sheet that is kept to be drawn on."""
    return 2 * bytes_of(compiled.base)


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
            _text(image, at_scale)
        else:
            draw(image, at_scale)


def _font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    return _fonts.get((face.key, size), lambda: ImageFont.truetype(io.BytesIO(face.data), size))


@dataclass(frozen=True)
class _Inked:
    """A drawn word, and where its ink begins from the pen."""

    mask: Image.Image
    left: int
    top: int


def _ink(face: Face, size: float, word: str, quarter: int) -> _Inked:
    """Draw a word whose pen stands at some quarters of a pixel."""
    font = _font(face, size)
    left, top, right, bottom = font.getbbox(word, anchor="ls", features=PLAIN)
    mask = Image.new("L", (round(right - left) + 3, round(bottom - top) + 3), 0)
    at = (1 - left + quarter / QUARTERS, 1 - top)
    ImageDraw.Draw(mask).text(at, word, fill=255, font=font, anchor="ls", features=PLAIN)
    return _Inked(mask, round(left) - 1, round(top) - 1)


def _write(image: Image.Image, text: SetText, x: float, y: float, word: str) -> None:
    whole, quarter = divmod(round(x * QUARTERS), QUARTERS)
    key = (text.face.key, text.size, word, quarter)
    inked = _words.get(key, lambda: _ink(text.face, text.size, word, quarter))
    image.paste(text.color.rgb, (whole + inked.left, round(y) + inked.top), inked.mask)


def _text(image: Image.Image, text: SetText) -> None:
    for line in text.lines:
        for at, word in line.words:
            if not text.letter_spacing:
                _write(image, text, line.x + at, line.y, word.text)
                continue
            x = line.x + at
            for character in word.text:
                _write(image, text, x, line.y, character)
                x += text.face.word(character).width * text.size / text.face.units + text.letter_spacing * text.size
