"""Pictures as pixels: decoded once, and kept within a bound of bytes."""

import io
from typing import Any

from PIL import Image, UnidentifiedImageError

from cobranding.rendering.cache import Kept
from cobranding.rendering.errors import PictureUnusable
from cobranding.rendering.inputs import PictureFile

MOST_PIXELS = 60_000_000
KINDS = ("PNG", "JPEG", "WEBP")


def bytes_of(image: Image.Image) -> int:
    """Return how much memory an image takes: four bytes a pixel, one where it is grey."""
    return image.width * image.height * (1 if image.mode in ("L", "P", "1") else 4)


def colors_of(image: Image.Image) -> list[Any]:
    """Return the pixels, row by row: a tuple of channels for each."""
    return list(image.get_flattened_data())


_decoded: Kept[str, Image.Image] = Kept(24, "pictures_decoded", most_bytes=96_000_000, weigh=bytes_of)
_sizes: Kept[str, tuple[int, int]] = Kept(20_000, "pictures_sizes")


def decode(picture: PictureFile) -> Image.Image:
    """Return the pixels, as RGB or RGBA. Raises PictureUnusable."""
    return _decoded.get(picture.sha256, lambda: _decode(picture.read()))


def size_of(picture: PictureFile) -> tuple[int, int]:
    """Return how many pixels wide and high a picture is, without decoding it. Raises PictureUnusable."""
    return _sizes.get(picture.sha256, lambda: _size(picture.read()))


def _decode(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            _bounded(opened)
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            return opened.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureUnusable from error


def _size(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            _bounded(opened)
            return opened.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureUnusable from error


def _bounded(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise PictureUnusable("The picture has too many pixels.")
