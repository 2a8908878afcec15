"""Draws marks into pixels: pictures, codes and shapes, with smooth edges. Type is drawn elsewhere."""

from PIL import Image, ImageChops, ImageDraw

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Color, Element, LineElement, ShapeElement
from cobranding.rendering.marks import FinishedPage, Graphic, Modules, Shown
from cobranding.rendering.pictures.decoding import bytes_of
from cobranding.rendering.pictures.placing import for_screen, spot_of
from cobranding.rendering.preview import page_pixels

OVERSAMPLED = 4
"""Edges of shapes are drawn this much larger and scaled down, which makes them smooth."""

_masks: Kept[tuple[Element, bool], Image.Image] = Kept(120, "pictures_masks", most_bytes=16_000_000, weigh=bytes_of)
_even: Kept[tuple[tuple[int, int, int], tuple[int, int]], Image.Image] = Kept(
    800, "pictures_even", most_bytes=24_000_000, weigh=bytes_of
)
_pages: Kept[tuple[str, int, int, int], Image.Image] = Kept(8, "pictures_pages", most_bytes=32_000_000, weigh=bytes_of)


def paint(image: Image.Image, color: Color, at: tuple[int, int], mask: Image.Image) -> None:
    """Put a colour on through a mask, out of an even picture: that takes half as long as filling."""
    even = _even.get((color.rgb, mask.size), lambda: Image.new("RGB", mask.size, color.rgb))
    image.paste(even, at, mask)


def draw(image: Image.Image, graphic: Graphic) -> None:
    """Draw one mark. Raises PictureUnusable."""
    if isinstance(graphic, Shown):
        _picture(image, graphic)
    elif isinstance(graphic, Modules):
        _code(image, graphic)
    elif isinstance(graphic, FinishedPage):
        _page(image, graphic)
    else:
        _shape(image, graphic)


def _picture(image: Image.Image, shown: Shown) -> None:
    picture = for_screen(shown)
    spot = spot_of(shown)
    at = (round(spot.x), round(spot.y))
    image.paste(picture, at, picture if picture.mode == "RGBA" else None)


def _page(image: Image.Image, page: FinishedPage) -> None:
    width, height = max(1, round(page.box.width)), max(1, round(page.box.height))
    key = (page.file.sha256, page.page, width, height)
    picture = _pages.get(key, lambda: page_pixels(page.file.read(), page.page, width, height))
    left, top = page.box.x + (width - picture.width) / 2, page.box.y + (height - picture.height) / 2
    image.paste(picture, (round(left), round(top)), picture if picture.mode == "RGBA" else None)


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
    paint(image, code.color, (x, y), mask)


def _shape(image: Image.Image, shape: ShapeElement | LineElement) -> None:
    edge = round(shape.stroke_width) + 2
    left, top = int(shape.box.x) - edge, int(shape.box.y) - edge
    if isinstance(shape, LineElement):
        mask = _masks.get((shape, False), lambda: _line_mask(shape, left, top))
        paint(image, shape.stroke, (left, top), mask)
        return
    if shape.fill is not None:
        mask = _masks.get((shape, True), lambda: _shape_mask(shape, left, top, fill=True))
        paint(image, shape.fill, (left, top), mask)
    if shape.stroke is not None:
        mask = _masks.get((shape, False), lambda: _shape_mask(shape, left, top, fill=False))
        paint(image, shape.stroke, (left, top), mask)


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


def _rectangle_mask(shape: ShapeElement, left: int, top: int) -> Image.Image:
    """Return the mask of a plain rectangle: how much of each column and row it covers, multiplied."""
    box = shape.box
    across, down = _covered(box.x - left, box.width), _covered(box.y - top, box.height)
    size = len(across), len(down)
    columns = Image.frombytes("L", (size[0], 1), across).resize(size, Image.Resampling.NEAREST)
    rows = Image.frombytes("L", (1, size[1]), down).resize(size, Image.Resampling.NEAREST)
    mask = ImageChops.multiply(columns, rows)
    return mask if shape.opacity >= 1 else mask.point(lambda level: round(level * shape.opacity))


def _covered(start: float, length: float) -> bytes:
    """Return how much of each pixel in a row lies between two places, of 255."""
    end = start + length
    return bytes(round(255 * max(0.0, min(end, at + 1) - max(start, at))) for at in range(int(end) + 2))


def _shape_mask(shape: ShapeElement, left: int, top: int, *, fill: bool) -> Image.Image:
    if fill and shape.shape == "rectangle" and not shape.radius:
        return _rectangle_mask(shape, left, top)
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
