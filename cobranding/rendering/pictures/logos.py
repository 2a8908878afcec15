"""Logos: trimmed, measured, and put on a plate where their ground would swallow them."""

from collections.abc import Mapping

from PIL import Image, ImageChops, ImageDraw

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Background, Color
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.pictures.contrast import EVEN, Ground, Ink, contrast, ground_of, luminance
from cobranding.rendering.pictures.decoding import bytes_of, colors_of, decode

VANISHING = 1.35
"""A logo of which half does not reach this contrast can hardly be seen. WCAG asks for 3, but exempts logos."""
VANISHING_IN_UNREST = 2.0
"""The same, where the ground is no even colour but a picture."""
UNREST = 0.15
"""A ground whose luminance varies by more than this is no even colour."""
NEARLY_ALL = 0.8
"""So much of the ink should stand out from a plate, which is chosen, while a ground is not."""
NIGHT, WHITE = Color(17, 24, 39), Color(255, 255, 255)
PLATES: Mapping[Background, Color] = {"light": NIGHT, "dark": WHITE}
"""What a logo that would vanish on a ground is put on."""
PAPERS: Mapping[Background, Color] = {"light": WHITE, "dark": NIGHT}
"""The ground that a logo is held against where none was measured."""
GROUNDS: Mapping[Background, Ground] = {name: ground_of([color.rgb]) for name, color in PAPERS.items()}
PLATE_MARGIN = 0.22
"""The plate's margin and the radius of its corners, as a share of the logo's shorter side."""
SMOOTHED = 4
"""A plate's corners are drawn this much larger and reduced."""
VISIBLE = 8
"""Of 255: what is fainter is the haze of an export, not ink."""
SAME = 12
"""Of 255: what JPEG does to an even colour."""
SAMPLE_PX = 96
WHITE_EDGE = 245
MOST_OF_EDGE = 0.5
"""A mark that was trimmed touches its edges, but lies along no more than half of them."""
ALMOST = 250
"""Of 255: as good as opaque."""

_trimmed: Kept[str, Image.Image] = Kept(200, "pictures_trimmed", most_bytes=48_000_000, weigh=bytes_of)
_sizes: Kept[tuple[str, Color | None], tuple[int, int]] = Kept(20_000, "pictures_logos_sizes")
_inks: Kept[tuple[str, bool], Ink] = Kept(20_000, "pictures_inks")
_edges: Kept[str, "Color | None"] = Kept(20_000, "pictures_edges")
_contrasts: Kept[tuple[str, bool, Ground], float] = Kept(20_000, "pictures_contrasts")


def decode_logo(picture: PictureFile, plate: Color | None = None) -> Image.Image:
    """Return a logo trimmed of its margin; on a plate, if one is named. Raises PictureUnusable."""
    logo = _trimmed.get(picture.sha256, lambda: trimmed(decode(picture)))
    return logo if plate is None else on_plate(logo, plate)


def size_of_logo(picture: PictureFile, plate: Color | None = None) -> tuple[int, int]:
    """Return how many pixels wide and high a logo is as it is drawn. Raises PictureUnusable."""
    return _sizes.get((picture.sha256, plate), lambda: _size(picture, plate))


def _size(picture: PictureFile, plate: Color | None) -> tuple[int, int]:
    width, height = decode_logo(picture).size
    margin = 0 if plate is None else margin_of(width, height)
    return width + 2 * margin, height + 2 * margin


def trimmed(image: Image.Image) -> Image.Image:
    """Cut off a transparent margin, or an even-coloured one; what is nothing but margin stays as it is."""
    ink = _ink_box(image)
    return image if ink is None or ink == (0, 0, *image.size) else image.crop(ink)


def _ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    if image.mode == "RGBA" and not _is_opaque(image):
        return image.getchannel("A").point(lambda level: 255 if level > VISIBLE else 0).getbbox()
    edge = _edge(image.convert("RGB"))
    if edge is None:
        return None
    far = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, edge.rgb))
    return _strongest(far).point(lambda level: 255 if level > SAME else 0).getbbox()


def _strongest(difference: Image.Image) -> Image.Image:
    red, green, blue = difference.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _edge(image: Image.Image) -> Color | None:
    """Return the colour that a picture has in its corners and along most of its edge, if there is one."""
    width, height = image.size
    strips = [image.crop(box) for box in ((0, 0, width, 1), (0, height - 1, width, height))]
    strips += [image.crop(box) for box in ((0, 0, 1, height), (width - 1, 0, width, height))]
    pixels = [pixel for strip in strips for pixel in colors_of(strip)]
    color = Color(*pixels[0])
    corners = [image.getpixel((x, y)) for x in (0, width - 1) for y in (0, height - 1)]
    if any(_differs(corner, color) for corner in corners):  # type: ignore[arg-type]
        return None
    near = sum(1 for pixel in pixels if not _differs(pixel, color))
    return color if near >= MOST_OF_EDGE * len(pixels) else None


def _is_opaque(image: Image.Image) -> bool:
    return image.mode != "RGBA" or bool(image.getchannel("A").getextrema()[0] >= ALMOST)  # type: ignore[operator]


def box_color(picture: PictureFile) -> Color | None:
    """Return the colour of the box that an opaque logo stands in, if it stands in one. Raises PictureUnusable."""
    return WHITE if picture.white_box else _edges.get(picture.sha256, lambda: _box_color(decode(picture)))


def _box_color(image: Image.Image) -> Color | None:
    return _edge(image.convert("RGB")) if _is_opaque(image) else None


def has_white_box(picture: PictureFile) -> bool:
    """Tell whether a logo stands on white all around. Raises PictureUnusable."""
    edge = box_color(picture)
    return edge is not None and min(edge.rgb) >= WHITE_EDGE


def ink_of(picture: PictureFile) -> Ink:
    """Return what a logo is drawn with; the box around it is no ink, unless there is nothing else.

    Raises PictureUnusable.
    """
    return _inks.get((picture.sha256, picture.white_box), lambda: _ink(decode_logo(picture), box_color(picture)))


def _ink(logo: Image.Image, edge: Color | None) -> Ink:
    small = logo.convert("RGBA")
    small.thumbnail((SAMPLE_PX, SAMPLE_PX), Image.Resampling.NEAREST)
    counted: dict[float, float] = {}
    pixels = [pixel for pixel in colors_of(small) if pixel[3] > 128]
    inked = [pixel for pixel in pixels if edge is None or _differs(pixel, edge)] or pixels
    for pixel in inked:
        light = round(luminance(pixel), 3)
        counted[light] = counted.get(light, 0) + 1 / len(inked)
    return tuple(sorted(counted.items()))


def _differs(pixel: tuple[int, ...], edge: Color) -> bool:
    red, green, blue = edge.rgb
    return max(abs(pixel[0] - red), abs(pixel[1] - green), abs(pixel[2] - blue)) > 2 * SAME


def contrast_on(picture: PictureFile, ground: Ground) -> float:
    """Return the contrast that half of a logo's ink reaches: on its own box if it brings one, else on the ground.

    Raises PictureUnusable.
    """
    return _contrasts.get((picture.sha256, picture.white_box, ground), lambda: _contrast_on(picture, ground))


def _contrast_on(picture: PictureFile, ground: Ground) -> float:
    own = _own_contrast(picture)
    return own if own >= VANISHING else contrast(ink_of(picture), ground)


def _own_contrast(picture: PictureFile) -> float:
    """Return how far a logo stands out from the box that it brings, if it brings one."""
    edge = box_color(picture)
    return 1.0 if edge is None else contrast(ink_of(picture), ground_of([edge.rgb]))


def plate_for(picture: PictureFile, ground: Ground) -> Color | None:
    """Return the plate that a logo needs on a ground: none, unless it could hardly be seen. Raises PictureUnusable."""
    needed = VANISHING_IN_UNREST if ground.spread > UNREST else VANISHING
    if contrast_on(picture, ground) >= needed or _own_contrast(picture) >= VANISHING:
        return None
    return max((WHITE, NIGHT), key=lambda plate: contrast(ink_of(picture), ground_of([plate.rgb]), NEARLY_ALL))


def vanishes(picture: PictureFile, background: Background) -> bool:
    """Tell whether a logo can hardly be seen on paper, or on night. Raises PictureUnusable."""
    return contrast_on(picture, GROUNDS[background]) < VANISHING


def shows_its_box(picture: PictureFile, ground: Ground) -> bool:
    """Tell whether the white box of a logo stands out from its ground. Raises PictureUnusable."""
    return has_white_box(picture) and (ground.luminance < 1 - 2 * EVEN or ground.spread > EVEN)


def margin_of(width: int, height: int) -> int:
    """Return the margin that a plate has around a logo of a size."""
    return max(2, round(min(width, height) * PLATE_MARGIN))


def on_plate(logo: Image.Image, color: Color) -> Image.Image:
    """Put a logo on a plate of its own, with a margin around it and round corners."""
    margin = margin_of(*logo.size)
    width, height = logo.width + 2 * margin, logo.height + 2 * margin
    mask = Image.new("L", (width * SMOOTHED, height * SMOOTHED), 0)
    corner = margin * SMOOTHED
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=corner, fill=255)
    plate = Image.new("RGBA", (width, height), (*color.rgb, 255))
    plate.alpha_composite(logo.convert("RGBA"), (margin, margin))
    plate.putalpha(mask.reduce(SMOOTHED))
    return plate
