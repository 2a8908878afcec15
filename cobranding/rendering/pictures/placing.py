"""Where a picture comes to lie, and the picture cut and scaled for that place."""

from dataclasses import dataclass

from PIL import Image

from cobranding.rendering.cache import Kept
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.decoding import bytes_of, decode, size_of
from cobranding.rendering.pictures.logos import decode_logo, margin_of, size_of_logo

LOGO_DPI = 600
PHOTO_DPI = 220


@dataclass(frozen=True)
class Spot:
    """Where a picture comes to lie, in drawn units."""

    x: float
    y: float
    width: float
    height: float


_scaled: Kept[tuple[object, ...], Image.Image] = Kept(400, "pictures_scaled", most_bytes=64_000_000, weigh=bytes_of)


def spot_of(shown: Shown) -> Spot:
    """Return where the picture lies: all of its box when it covers, else as large as fits, aligned by its focus.

    Raises PictureUnusable.
    """
    box = shown.box
    if shown.cover:
        return Spot(*box)
    width, height = size_of_logo(shown.picture, shown.plate) if shown.is_logo else size_of(shown.picture)
    scale = min(box.width / width, box.height / height)
    across, down = width * scale, height * scale
    return Spot(
        box.x + (box.width - across) * shown.focus[0], box.y + (box.height - down) * shown.focus[1], across, down
    )


def ink_spot(shown: Shown) -> Spot:
    """Return where a logo itself lies, without the plate that it may stand on. Raises PictureUnusable."""
    spot = spot_of(shown)
    if shown.plate is None:
        return spot
    width, height = size_of_logo(shown.picture)
    share = margin_of(width, height) / size_of_logo(shown.picture, shown.plate)[0]
    edge = share * spot.width
    return Spot(spot.x + edge, spot.y + edge, spot.width - 2 * edge, spot.height - 2 * edge)


def pixels_an_inch(shown: Shown) -> float:
    """Return how many pixels a picture has for an inch of print, where it is least. Raises PictureUnusable."""
    spot = ink_spot(shown)
    width, height = size_of_logo(shown.picture) if shown.is_logo else size_of(shown.picture)
    if shown.cover:
        left, top, right, bottom = cut((width, height), spot.width / spot.height, shown.focus)
        width, height = right - left, bottom - top
    return 72 * min(width / spot.width, height / spot.height)


def key_of(shown: Shown) -> tuple[object, ...]:
    """Return what tells one cut and scaled picture from another."""
    return shown.picture.sha256, shown.box.width, shown.box.height, shown.cover, shown.focus, shown.is_logo, shown.plate


def for_screen(shown: Shown) -> Image.Image:
    """Return the picture cut and scaled to the pixels of its box. Raises PictureUnusable."""
    return _scaled.get((*key_of(shown), "screen"), lambda: _resized(_cut_out(shown), spot_of(shown), 1.0))


def for_print(shown: Shown) -> Image.Image:
    """Return the picture cut, and scaled down to what a printer can show; never enlarged. Raises PictureUnusable."""
    return _scaled.get((*key_of(shown), "print"), lambda: _reduced(shown))


def _cut_out(shown: Shown) -> Image.Image:
    image, spot = decode_logo(shown.picture, shown.plate) if shown.is_logo else decode(shown.picture), spot_of(shown)
    return image.crop(cut(image.size, spot.width / spot.height, shown.focus)) if shown.cover else image


def _reduced(shown: Shown) -> Image.Image:
    image, spot = _cut_out(shown), spot_of(shown)
    pixels_a_point = (LOGO_DPI if shown.is_logo else PHOTO_DPI) / 72
    return image if round(spot.width * pixels_a_point) > image.width else _resized(image, spot, pixels_a_point)


def _resized(image: Image.Image, spot: Spot, pixels_a_unit: float) -> Image.Image:
    size = max(1, round(spot.width * pixels_a_unit)), max(1, round(spot.height * pixels_a_unit))
    if image.mode == "RGBA":
        # Scaled with its colour multiplied in, or a transparent edge would bleed its hidden colour.
        return image.convert("RGBa").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def cut(size: tuple[int, int], ratio: float, focus: tuple[float, float]) -> tuple[int, int, int, int]:
    """Return the largest part of a picture that has a ratio of width to height, as near to the focus as it can be."""
    width, height = size
    across, down = min(width, height * ratio), min(height, width / ratio)
    left = min(max(width * focus[0] - across / 2, 0), width - across)
    top = min(max(height * focus[1] - down / 2, 0), height - down)
    return round(left), round(top), round(left + across), round(top + down)
