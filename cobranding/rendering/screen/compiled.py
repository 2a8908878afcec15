"""A screen image, compiled once and stamped per partner: the decoded base is kept, the rest is pasted and encoded."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import Color, Element, Format, LineElement, ShapeElement
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Mark, Modules, Setting, Shown, is_same_for_all, lay_out
from cobranding.rendering.pictures.pixels import for_screen, spot_of
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.typeset import SetText

OVERSAMPLED = 4
"""Edges of shapes are drawn this much larger and scaled down, which makes them smooth."""
QUARTERS = 4
"""Words stand on quarters of a pixel: finer than the eye sees, and the same word is drawn only a few times."""
PLAIN = ["-liga", "-clig", "-calt"]
WHITE: Color = (255, 255, 255)

_fonts: Kept[tuple[object, float], ImageFont.FreeTypeFont] = Kept(200, "screen_fonts")
_words: Kept[tuple[object, float, str, int], "_Inked"] = Kept(800, "screen_words")
_masks: Kept[Element, Image.Image] = Kept(60, "screen_shapes")


@dataclass(frozen=True)
class CompiledImage:
    """The pixels that are the same for every partner, and the elements that come on top of them."""

    fmt: Format
    base: Image.Image
    rest: tuple[Element, ...]

    def stamp(self, inputs: Inputs) -> Image.Image:
        """Return the picture for one partner.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        setting = Setting.of(inputs)
        image = self.base.copy()
        for element in self.rest:
            _draw(image, lay_out(element, setting, self.fmt))
        return image


def compile_image(inputs: Inputs, fmt: Format) -> CompiledImage:
    """Draw everything up to the first element that differs between partners."""
    setting = Setting.of(inputs)
    variables = {name for name, variable in inputs.document.variables.items() if variable.editable}
    image = Image.new("RGB", (round(fmt.width), round(fmt.height)), fmt.background or WHITE)
    elements = list(fmt.elements)
    while elements and is_same_for_all(elements[0], variables):
        _draw(image, lay_out(elements.pop(0), setting, fmt))
    return CompiledImage(fmt, image, tuple(elements))


def _draw(image: Image.Image, marks: list[Mark]) -> None:
    for mark in marks:
        if isinstance(mark, SetText):
            _text(image, mark)
        elif isinstance(mark, Shown):
            _picture(image, mark)
        elif isinstance(mark, Modules):
            _code(image, mark)
        else:
            _shape(image, mark)


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
    image.paste(text.color, (whole + inked.left, round(y) + inked.top), inked.mask)


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


def _picture(image: Image.Image, shown: Shown) -> None:
    picture = for_screen(shown)
    spot = spot_of(shown)
    at = (round(spot.x), round(spot.y))
    image.paste(picture, at, picture if picture.mode == "RGBA" else None)


def _code(image: Image.Image, code: Modules) -> None:
    """Draw a QR code with whole pixels a module, in the middle of its box: readers like sharp edges."""
    count = len(code.rows)
    side = max(1, int(code.box.width // count)) * count
    modules = Image.frombytes(
        "L", (count, count), b"".join(bytes(255 if module else 0 for module in row) for row in code.rows)
    )
    mask = modules.resize((side, side), Image.Resampling.NEAREST)
    x, y = (round(code.box.x + (code.box.width - side) / 2), round(code.box.y + (code.box.height - side) / 2))
    if code.background is not None:
        image.paste(code.background, (x, y, x + side, y + side))
    image.paste(code.color, (x, y), mask)


def _shape(image: Image.Image, shape: ShapeElement | LineElement) -> None:
    edge = round(shape.stroke_width) + 2
    left, top = int(shape.box.x) - edge, int(shape.box.y) - edge
    if isinstance(shape, LineElement):
        image.paste(shape.stroke, (left, top), _masks.get(shape, lambda: _line_mask(shape, left, top)))
        return
    if shape.fill is not None:
        image.paste(shape.fill, (left, top), _shape_mask(shape, left, top, fill=True))
    if shape.stroke is not None:
        image.paste(shape.stroke, (left, top), _shape_mask(shape, left, top, fill=False))


def _blank(shape: Element, left: int, top: int) -> tuple[Image.Image, list[float]]:
    """Return an empty oversampled mask around a shape, and the shape's box on it."""
    box, edge = shape.box, shape.box.x - left
    width, height = int(box.width + 2 * edge) + 2, int(box.height + 2 * (box.y - top)) + 2
    mask = Image.new("L", (width * OVERSAMPLED, height * OVERSAMPLED), 0)
    x, y = (box.x - left) * OVERSAMPLED, (box.y - top) * OVERSAMPLED
    return mask, [x, y, x + box.width * OVERSAMPLED - 1, y + box.height * OVERSAMPLED - 1]


def _reduced(mask: Image.Image, opacity: float) -> Image.Image:
    small = mask.reduce(OVERSAMPLED)
    return small if opacity >= 1 else small.point(lambda level: round(level * opacity))


def _line_mask(line: LineElement, left: int, top: int) -> Image.Image:
    mask, (x, y, _, _) = _blank(line, left, top)
    end = (x + line.box.width * OVERSAMPLED, y + line.box.height * OVERSAMPLED)
    ImageDraw.Draw(mask).line([(x, y), end], fill=255, width=max(1, round(line.stroke_width * OVERSAMPLED)))
    return _reduced(mask, line.opacity)


def _shape_mask(shape: ShapeElement, left: int, top: int, *, fill: bool) -> Image.Image:
    mask, box = _blank(shape, left, top)
    pen = ImageDraw.Draw(mask)
    level, width = (255, 0) if fill else (None, max(1, round(shape.stroke_width * OVERSAMPLED)))
    outline = None if fill else 255
    if shape.shape == "ellipse":
        pen.ellipse(box, fill=level, outline=outline, width=width)
    else:
        radius = min(shape.radius, shape.box.width / 2, shape.box.height / 2) * OVERSAMPLED
        pen.rounded_rectangle(box, radius=radius, fill=level, outline=outline, width=width)
    return _reduced(mask, shape.opacity)
