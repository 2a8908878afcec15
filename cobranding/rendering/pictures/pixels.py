"""Pictures made ready to be put on a page: decoded once, cut, scaled and encoded once per size, then only pasted."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from cobranding.rendering.cache import Kept
from cobranding.rendering.codes import MARK
from cobranding.rendering.document.model import Background, Color
from cobranding.rendering.errors import PictureUnusable
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.layout import Shown

MOST_PIXELS = 60_000_000
LOGO_DPI = 450
PHOTO_DPI = 220
JPEG_QUALITY = 88
LIGHTEST, DARKEST = 0.9, 0.1
"""How light the ink of a logo may be on light ground, and how dark on dark ground, before it vanishes."""
OWN_CONTRAST = 100
"""An opaque logo whose greys (of 255) lie further apart than this can be seen on any ground."""
PLATES: Mapping[Background, Color] = {"light": (17, 24, 39), "dark": (255, 255, 255)}
"""What a logo that would vanish on a ground is put on."""
PLATE_MARGIN = 0.22
"""The plate's margin and the radius of its corners, as a share of the logo's shorter side."""
SMOOTHED = 4
"""A plate's corners are drawn this much larger and reduced."""


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


Key = tuple[str, Background | None]
"""A picture by its hash, and the ground that it stands on if it is a logo."""

_decoded: Kept[Key, Image.Image] = Kept(24, "pictures")
_sizes: Kept[Key, tuple[int, int]] = Kept(20_000, "picture_sizes")
_vanishing: Kept[Key, bool] = Kept(20_000, "logo_contrasts")
_encoded: Kept[tuple[object, ...], Encoded] = Kept(400, "encoded_pictures")
_scaled: Kept[tuple[object, ...], Image.Image] = Kept(400, "scaled_pictures")


def decode(picture: PictureFile) -> Image.Image:
    """Return the pixels, as RGB or RGBA. Raises PictureUnusable."""
    return _decoded.get((picture.sha256, None), lambda: _decode(picture.read()))


def decode_logo(picture: PictureFile, ground: Background) -> Image.Image:
    """Return a logo trimmed of its transparent edge; on a plate, where it could not be seen on its ground.

    Raises PictureUnusable.
    """
    return _decoded.get((picture.sha256, ground), lambda: _decode_logo(picture, ground))


def _decode(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureUnusable("The picture has too many pixels.")
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            return opened.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureUnusable from error


def _decode_logo(picture: PictureFile, ground: Background) -> Image.Image:
    logo = _trimmed(decode(picture))
    return on_plate(logo, PLATES[ground]) if vanishes(picture, ground) else logo


def _trimmed(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ink = image.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox()
    return image.crop(ink) if ink else image


def size_of(picture: PictureFile) -> tuple[int, int]:
    """Return how many pixels wide and high a picture is, without decoding it twice. Raises PictureUnusable."""
    return _sizes.get((picture.sha256, None), lambda: decode(picture).size)


def size_of_logo(picture: PictureFile, ground: Background) -> tuple[int, int]:
    """Return how many pixels wide and high a logo is as it is drawn. Raises PictureUnusable."""
    return _sizes.get((picture.sha256, ground), lambda: decode_logo(picture, ground).size)


def vanishes(picture: PictureFile, ground: Background) -> bool:
    """Tell whether a logo can hardly be seen on a ground: white ink on light, black ink on dark.

    Raises PictureUnusable.
    """
    return _vanishing.get((picture.sha256, ground), lambda: _vanishes(_trimmed(decode(picture)), ground))


def _vanishes(logo: Image.Image, ground: Background) -> bool:
    opaque = logo.getchannel("A").point(lambda level: 255 if level > 128 else 0) if logo.mode == "RGBA" else None
    grey = logo.convert("L")
    histogram = grey.histogram(opaque)
    if opaque is None or opaque.getextrema()[0]:  # it brings its own ground, unless all of it is of one colour
        seen = [level for level, count in enumerate(histogram) if count]
        if seen and seen[-1] - seen[0] > OWN_CONTRAST:
            return False
    light = sum(level * count for level, count in enumerate(histogram)) / 255 / max(1, sum(histogram))
    return light >= LIGHTEST if ground == "light" else light <= DARKEST


def on_plate(logo: Image.Image, color: Color) -> Image.Image:
    """Put a logo on a plate of its own, with a margin around it and round corners."""
    margin = max(2, round(min(logo.size) * PLATE_MARGIN))
    width, height = logo.width + 2 * margin, logo.height + 2 * margin
    mask = Image.new("L", (width * SMOOTHED, height * SMOOTHED), 0)
    corner = margin * SMOOTHED
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=corner, fill=255)
    plate = Image.new("RGBA", (width, height), (*color, 255))
    plate.alpha_composite(logo.convert("RGBA"), (margin, margin))
    plate.putalpha(mask.reduce(SMOOTHED))
    return plate


def _pixels_of(shown: Shown) -> Image.Image:
    return decode(shown.picture) if shown.ground is None else decode_logo(shown.picture, shown.ground)


def spot_of(shown: Shown) -> Spot:
    """Return where the picture lies: all of its box when it covers, else as large as fits, aligned by its focus."""
    box = shown.box
    if shown.cover:
        return Spot(*box)
    width, height = size_of(shown.picture) if shown.ground is None else size_of_logo(shown.picture, shown.ground)
    scale = min(box.width / width, box.height / height)
    across, down = width * scale, height * scale
    return Spot(
        box.x + (box.width - across) * shown.focus[0], box.y + (box.height - down) * shown.focus[1], across, down
    )


def for_screen(shown: Shown) -> Image.Image:
    """Return the picture cut and scaled to the pixels of its box."""
    return _scaled.get((*_key(shown), "screen"), lambda: _resized(_cut_out(shown), spot_of(shown), 1.0))


def for_print(shown: Shown) -> Image.Image:
    """Return the picture cut, and scaled down to what a printer can show; never enlarged."""
    return _scaled.get((*_key(shown), "print"), lambda: _reduced(shown))


def _key(shown: Shown) -> tuple[object, ...]:
    return shown.picture.sha256, shown.box.width, shown.box.height, shown.cover, shown.focus, shown.ground


def _cut_out(shown: Shown) -> Image.Image:
    image, spot = _pixels_of(shown), spot_of(shown)
    return image.crop(_cut(image.size, spot.width / spot.height, shown.focus)) if shown.cover else image


def _reduced(shown: Shown) -> Image.Image:
    image, spot = _cut_out(shown), spot_of(shown)
    pixels_a_point = (PHOTO_DPI if shown.ground is None else LOGO_DPI) / 72
    return image if round(spot.width * pixels_a_point) > image.width else _resized(image, spot, pixels_a_point)


def _resized(image: Image.Image, spot: Spot, pixels_a_unit: float) -> Image.Image:
    size = max(1, round(spot.width * pixels_a_unit)), max(1, round(spot.height * pixels_a_unit))
    if image.mode == "RGBA":
        # Scaled with its colour multiplied in, or a transparent edge would bleed its hidden colour.
        return image.convert("RGBa").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _cut(size: tuple[int, int], ratio: float, focus: tuple[float, float]) -> tuple[int, int, int, int]:
    width, height = size
    across, down = min(width, height * ratio), min(height, width / ratio)
    left = min(max(width * focus[0] - across / 2, 0), width - across)
    top = min(max(height * focus[1] - down / 2, 0), height - down)
    return round(left), round(top), round(left + across), round(top + down)


def encoded(shown: Shown) -> Encoded:
    """Return a picture as a PDF takes it: photographs as JPEG, anything with transparency without loss."""
    return _encoded.get(_key(shown), lambda: _encode(shown))


def _encode(shown: Shown) -> Encoded:
    image = for_print(shown)
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        return Encoded(*image.size, deflated=_png_data(image.convert("RGB")), alpha=_png_data(alpha))
    if shown.ground is not None:
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


def to_jpeg(image: Image.Image, code: str = "") -> bytes:
    """Encode as JPEG with full colour resolution, so that coloured type stays sharp; a code goes into its comment."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=JPEG_QUALITY, subsampling=0, **({"comment": f"{MARK}:{code}"} if code else {}))
    return written.getvalue()


def to_png(image: Image.Image, code: str = "") -> bytes:
    """Encode as PNG, quickly: the strongest compression takes a hundred times as long for a few percent.

    A code goes into a text chunk.
    """
    written = io.BytesIO()
    told = PngInfo()
    if code:
        told.add_text(MARK, code)
    image.save(written, "PNG", compress_level=3, pnginfo=told)
    return written.getvalue()


MAIL_LOGO = (360, 120)
MAIL_WIDTH = 1200
"""Twice the width that mails are shown at, for fine screens."""
_mailed: Kept[Key, tuple[bytes, str]] = Kept(200, "mail_pictures")


def logo_for_mail(picture: PictureFile, ground: Background) -> tuple[bytes, str]:
    """Return a logo for mails, and its media type. Raises PictureUnusable.

    Every logo has the same size, so that a mail's layout is the same for all; on white, unless it was made for dark
    ground: a transparent dark logo would vanish where a mail program turns the mail dark.
    """
    return _mailed.get((picture.sha256, ground), lambda: _logo_for_mail(decode_logo(picture, ground), ground))


def picture_for_mail(picture: PictureFile) -> tuple[bytes, str]:
    """Return a picture for mails, and its media type. Raises PictureUnusable."""
    return _mailed.get((picture.sha256, None), lambda: _picture_for_mail(decode(picture)))


def _logo_for_mail(image: Image.Image, ground: Background) -> tuple[bytes, str]:
    image = image.convert("RGBA")
    width, height = MAIL_LOGO
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    paper = Image.new("RGBA", MAIL_LOGO, (255, 255, 255, 0 if ground == "dark" else 255))
    paper.alpha_composite(small, (0, (height - size[1]) // 2))
    return to_png(paper if ground == "dark" else paper.convert("RGB")), "image/png"


def _picture_for_mail(image: Image.Image) -> tuple[bytes, str]:
    if image.width > MAIL_WIDTH:
        image = image.resize((MAIL_WIDTH, round(image.height * MAIL_WIDTH / image.width)), Image.Resampling.LANCZOS)
    return (to_png(image), "image/png") if image.mode == "RGBA" else (to_jpeg(image), "image/jpeg")
