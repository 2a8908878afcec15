"""Trim, fit and shrink pictures."""

from typing import Any

from PIL import Image, ImageChops

_VISIBLE_ALPHA = 8  # of 255: fainter than this is the haze of an export, not ink
_STRIP_PX = 256
_BORDER_TOLERANCE = 12  # of 255: what JPEG does to a flat white


def trim(picture: Image.Image) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Cut off a transparent margin, or an even-coloured one; a picture that is nothing but margin stays as it is.

    The box says what is left of the picture: left, top, right and bottom in pixels.
    """
    whole = (0, 0, *picture.size)
    box = _ink_box(picture) or whole
    return (picture if box == whole else picture.crop(box)), box


def _ink_box(picture: Image.Image) -> tuple[int, int, int, int] | None:
    if picture.mode == "RGBA":
        return picture.getchannel("A").point(lambda level: 255 if level >= _VISIBLE_ALPHA else 0).getbbox()
    corner = picture.getpixel((0, 0))
    corners = [picture.getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, picture.height - 1)]
    if not all(_near(other, corner) for other in corners):
        return None
    boxes = [_differing_box(picture, top, corner) for top in range(0, picture.height, _STRIP_PX)]
    found = [box for box in boxes if box is not None]
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _differing_box(picture: Image.Image, top: int, corner: Any) -> tuple[int, int, int, int] | None:
    """Give the box of what is not like the corner, in one strip: comparing a whole picture takes its memory thrice."""
    strip = picture.crop((0, top, picture.width, min(top + _STRIP_PX, picture.height)))
    difference = ImageChops.difference(strip, Image.new("RGB", strip.size, corner)).convert("L")
    box = difference.point(lambda level: 255 if level > _BORDER_TOLERANCE else 0).getbbox()
    return None if box is None else (box[0], box[1] + top, box[2], box[3] + top)


def _near(one: object, other: object) -> bool:
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return False
    return all(abs(a - b) <= _BORDER_TOLERANCE for a, b in zip(one, other, strict=True))


def contained(width_px: int, height_px: int, max_width_px: int, max_height_px: int) -> tuple[int, int]:
    """Give the size that fits into a box with the same proportions, never larger than it was."""
    scale = min(1.0, max_width_px / width_px, max_height_px / height_px)
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def contain(
    picture: Image.Image,
    max_width_px: int,
    max_height_px: int,
    resampling: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """Shrink a picture into a box; alpha is weighted, so that transparent pixels leave no coloured fringe."""
    size = contained(*picture.size, max_width_px, max_height_px)
    if size == picture.size:
        return picture
    if picture.mode == "RGBA":
        return picture.convert("RGBa").resize(size, resampling).convert("RGBA")
    return picture.resize(size, resampling, reducing_gap=3.0)
