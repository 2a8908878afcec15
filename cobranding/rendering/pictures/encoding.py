"""Pixels as files, and as streams of a PDF. The same pixels give the same bytes."""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from cobranding.rendering.cache import Kept
from cobranding.rendering.codes import MARK
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.placing import for_print, key_of

JPEG_QUALITY = 88
WEBP_QUALITY = 86
FULL_COLOR, HALF_COLOR = 0, 1
"""How JPEG keeps colour: a value for each pixel, or for each two side by side, which takes two thirds of the time."""
PALETTE = 256


@dataclass(frozen=True)
class Encoded:
    """A picture as a PDF takes it, and the size of its pixels; `alpha` is a second picture for the transparency."""

    width: int
    height: int
    jpeg: bytes | None = None
    deflated: bytes | None = None
    alpha: bytes | None = None


def _weight(picture: Encoded) -> int:
    return len(picture.jpeg or b"") + len(picture.deflated or b"") + len(picture.alpha or b"")


_encoded: Kept[tuple[object, ...], Encoded] = Kept(400, "pictures_encoded", most_bytes=48_000_000, weigh=_weight)


def encoded(shown: Shown) -> Encoded:
    """Return a picture as a PDF takes it: photographs as JPEG, anything with transparency without loss.

    Raises PictureUnusable.
    """
    return _encoded.get(key_of(shown), lambda: _encode(shown))


def _encode(shown: Shown) -> Encoded:
    image = for_print(shown)
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        return Encoded(*image.size, deflated=_png_data(image.convert("RGB")), alpha=_png_data(alpha))
    if shown.is_logo:
        return Encoded(*image.size, deflated=_png_data(image))
    return Encoded(*image.size, jpeg=to_jpeg(image))


def _png_data(image: Image.Image) -> bytes:
    """Return the compressed rows of a PNG, which a PDF takes as they are (FlateDecode with PNG predictors)."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=9)
    data, at, rows = written.getvalue(), 8, []
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"IDAT":
            rows.append(data[at + 8 : at + 8 + length])
        at += length + 12
    return b"".join(rows)


def encode(image: Image.Image, kind: str, code: str = "") -> bytes:
    """Encode a finished picture as `jpg`, `webp` or `png`, with the code that it is known by."""
    return {"jpg": to_screen_jpeg, "webp": to_webp, "png": to_screen_png}[kind](image, code)


def to_jpeg(image: Image.Image) -> bytes:
    """Encode as JPEG with full colour resolution, as print wants it."""
    return _jpeg(image, FULL_COLOR)


def to_screen_jpeg(image: Image.Image, code: str = "") -> bytes:
    """Encode as JPEG for screens, quickly; a code goes into the comment."""
    return _jpeg(image, HALF_COLOR, **({"comment": f"{MARK}:{code}"} if code else {}))


def _jpeg(image: Image.Image, subsampling: int, **told: str) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=JPEG_QUALITY, subsampling=subsampling, **told)
    return written.getvalue()


def to_webp(image: Image.Image, code: str = "") -> bytes:
    """Encode as WebP; a code goes into the XMP."""
    written = io.BytesIO()
    image.save(written, "WEBP", quality=WEBP_QUALITY, method=2, xmp=f"{MARK}:{code}".encode() if code else b"")
    return written.getvalue()


def to_png(image: Image.Image, code: str = "") -> bytes:
    """Encode as PNG, quickly: the strongest compression takes a hundred times as long for a few percent.

    A code goes into a text chunk.
    """
    written, told = io.BytesIO(), PngInfo()
    if code:
        told.add_text(MARK, code)
    image.save(written, "PNG", compress_level=3, pnginfo=told)
    return written.getvalue()


def to_screen_png(image: Image.Image, code: str = "") -> bytes:
    """Encode as PNG, with a palette where the colours are few and none is lost."""
    if image.mode != "RGB" or image.getcolors(PALETTE) is None:
        return to_png(image, code)
    few = image.quantize(PALETTE, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    exact = ImageChops.difference(few.convert("RGB"), image).getbbox() is None
    return to_png(few if exact else image, code)
