"""Pictures made ready to be put on a page: decoded once, cut, scaled and encoded once per size, then only pasted."""

import io
import struct
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from cobranding.rendering.cache import Kept
from cobranding.rendering.errors import PictureUnusable
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.layout import Shown

MOST_PIXELS = 60_000_000
LOGO_DPI = 450
PHOTO_DPI = 220
JPEG_QUALITY = 88


@dataclass(frozen=True)
class Encoded:
    """A picture as a PDF takes it, and the size of its pixels; `alpha` is a second picture for the transparency."""

    width: int
    height: int
    jpeg: bytes | None = None
    deflated: bytes | None = None
    alpha: bytes | None = None


@dataclass(frozen=True)
class Spot:
    """Where a picture comes to lie, in drawn units."""

    x: float
    y: float
    width: float
    height: float


_decoded: Kept[tuple[str, bool], Image.Image] = Kept(24)
_sizes: Kept[tuple[str, bool], tuple[int, int]] = Kept(20_000)
_luminances: Kept[str, float] = Kept(20_000)
_encoded: Kept[tuple[object, ...], Encoded] = Kept(400)
_scaled: Kept[tuple[object, ...], Image.Image] = Kept(400)


def decode(picture: PictureFile, *, trimmed: bool = False) -> Image.Image:
    """Return the pixels, as RGB or RGBA; trimmed of a transparent edge if asked.

    Raises PictureUnusable.
    """
    return _decoded.get((picture.sha256, trimmed), lambda: _decode(picture.read(), trimmed=trimmed))


def _decode(data: bytes, *, trimmed: bool) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureUnusable("The picture has too many pixels.")
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            image = opened.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureUnusable from error
    if trimmed and image.mode == "RGBA":
        ink = image.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox()
        image = image.crop(ink) if ink else image
    return image


def size_of(picture: PictureFile, *, trimmed: bool = False) -> tuple[int, int]:
    """Return how many pixels wide and high a picture is, without decoding it twice. Raises PictureUnusable."""
    return _sizes.get((picture.sha256, trimmed), lambda: decode(picture, trimmed=trimmed).size)


def luminance_of(picture: PictureFile) -> float:
    """Return how light a logo's ink is, from 0 to 1: the mean of its opaque pixels. Raises PictureUnusable."""
    return _luminances.get(picture.sha256, lambda: _luminance(decode(picture, trimmed=True)))


def _luminance(image: Image.Image) -> float:
    opaque = image.getchannel("A").point(lambda level: 255 if level > 128 else 0) if image.mode == "RGBA" else None
    histogram = image.convert("L").histogram(opaque)
    return sum(level * count for level, count in enumerate(histogram)) / 255 / max(1, sum(histogram))


def spot_of(shown: Shown) -> Spot:
    """Return where the picture lies: all of its box when it covers, else as large as fits, aligned by its focus."""
    box = shown.box
    if shown.cover:
        return Spot(*box)
    width, height = size_of(shown.picture, trimmed=shown.is_logo)
    scale = min(box.width / width, box.height / height)
    across, down = width * scale, height * scale
    return Spot(
        box.x + (box.width - across) * shown.focus[0], box.y + (box.height - down) * shown.focus[1], across, down
    )


def scaled(shown: Shown, pixels_a_unit: float, *, enlarge: bool) -> Image.Image:
    """Return the picture cut and scaled for its box, at most at so many pixels a drawn unit."""
    key = (
        shown.picture.sha256,
        shown.box.width,
        shown.box.height,
        shown.cover,
        shown.focus,
        shown.is_logo,
        pixels_a_unit,
        enlarge,
    )
    return _scaled.get(key, lambda: _scale(shown, pixels_a_unit, enlarge=enlarge))


def _scale(shown: Shown, pixels_a_unit: float, *, enlarge: bool) -> Image.Image:
    image = decode(shown.picture, trimmed=shown.is_logo)
    spot = spot_of(shown)
    if shown.cover:
        image = image.crop(_cut(image.size, spot.width / spot.height, shown.focus))
    width = max(1, round(spot.width * pixels_a_unit))
    height = max(1, round(spot.height * pixels_a_unit))
    if not enlarge and width > image.width:
        return image
    if (
        image.mode == "RGBA"
    ):  # scaled with its colour multiplied in, or a transparent edge would bleed its hidden colour
        return image.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA")
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _cut(size: tuple[int, int], ratio: float, focus: tuple[float, float]) -> tuple[int, int, int, int]:
    width, height = size
    across, down = min(width, height * ratio), min(height, width / ratio)
    left = min(max(width * focus[0] - across / 2, 0), width - across)
    top = min(max(height * focus[1] - down / 2, 0), height - down)
    return round(left), round(top), round(left + across), round(top + down)


def encoded(shown: Shown) -> Encoded:
    """Return a picture as a PDF takes it: photographs as JPEG, anything with transparency without loss."""
    key = (shown.picture.sha256, shown.box.width, shown.box.height, shown.cover, shown.focus, shown.is_logo)
    return _encoded.get(key, lambda: _encode(shown))


def _encode(shown: Shown) -> Encoded:
    image = scaled(shown, (LOGO_DPI if shown.is_logo else PHOTO_DPI) / 72, enlarge=False)
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


def to_jpeg(image: Image.Image) -> bytes:
    """Encode as JPEG with full colour resolution, so that coloured type stays sharp."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return written.getvalue()


def to_png(image: Image.Image) -> bytes:
    """Encode as PNG, quickly: the strongest compression takes a hundred times as long for a few percent."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=3)
    return written.getvalue()


MAIL_LOGO = (360, 120)
MAIL_WIDTH = 1200
"""Twice the width that mails are shown at, for fine screens."""
_mailed: Kept[tuple[str, bool, str], tuple[bytes, str]] = Kept(200)


def for_mail(picture: PictureFile, *, is_logo: bool, background: str) -> tuple[bytes, str]:
    """Return a picture for mails, and its media type. Raises PictureUnusable.

    Every logo has the same size, so that a mail's layout is the same for all; on white, unless it was made for dark
    ground: a transparent dark logo would vanish where a mail program turns the mail dark.
    """
    key = (picture.sha256, is_logo, background)
    return _mailed.get(key, lambda: _for_mail(picture, is_logo=is_logo, background=background))


def _for_mail(picture: PictureFile, *, is_logo: bool, background: str) -> tuple[bytes, str]:
    image = decode(picture, trimmed=is_logo)
    if is_logo:
        image = image.convert("RGBA")
        width, height = MAIL_LOGO
        scale = min(width / image.width, height / image.height)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        small = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        ground = Image.new("RGBA", MAIL_LOGO, (255, 255, 255, 0 if background == "dark" else 255))
        ground.alpha_composite(small, (0, (height - size[1]) // 2))
        return to_png(ground if background == "dark" else ground.convert("RGB")), "image/png"
    if image.width > MAIL_WIDTH:
        image = image.resize((MAIL_WIDTH, round(image.height * MAIL_WIDTH / image.width)), Image.Resampling.LANCZOS)
    return (to_png(image), "image/png") if image.mode == "RGBA" else (to_jpeg(image), "image/jpeg")
