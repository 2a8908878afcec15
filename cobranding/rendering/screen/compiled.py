"""A screen image, compiled once and stamped per partner: the decoded base is kept, the rest is pasted and encoded."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Color, Element, LineElement, ShapeElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Mark, Modules, Setting, Shown, is_same_for_all, lay_out
from cobranding.rendering.pictures.pixels import for_screen, spot_of
from cobranding.rendering.screen.lettering import draw_text
from cobranding.rendering.typography.typeset import SetText

OVERSAMPLED = 4
"""Edges of shapes are drawn this much larger and scaled down, which makes them smooth."""
WHITE = Color(255, 255, 255)

_masks: Kept[Element, Image.Image] = Kept(60)


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
    image = Image.new("RGB", (round(fmt.width), round(fmt.height)), (fmt.pages[0].background or WHITE).rgb)
    elements = list(fmt.elements)
    while elements and is_same_for_all(elements[0], variables):
        _draw(image, lay_out(elements.pop(0), setting, fmt))
    return CompiledImage(fmt, image, tuple(elements))


def _draw(image: Image.Image, marks: list[Mark]) -> None:
    for mark in marks:
        if isinstance(mark, SetText):
            draw_text(image, mark)
        elif isinstance(mark, Shown):
            _picture(image, mark)
        elif isinstance(mark, Modules):
            _code(image, mark)
        else:
            _shape(image, mark)


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
        image.paste(code.background.rgb, (x, y, x + side, y + side))
    image.paste(code.color.rgb, (x, y), mask)


def _shape(image: Image.Image, shape: ShapeElement | LineElement) -> None:
    edge = round(shape.stroke_width) + 2
    left, top = int(shape.box.x) - edge, int(shape.box.y) - edge
    if isinstance(shape, LineElement):
        image.paste(shape.stroke.rgb, (left, top), _masks.get(shape, lambda: _line_mask(shape, left, top)))
        return
    if shape.fill is not None:
        image.paste(shape.fill.rgb, (left, top), _shape_mask(shape, left, top, fill=True))
    if shape.stroke is not None:
        image.paste(shape.stroke.rgb, (left, top), _shape_mask(shape, left, top, fill=False))


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
