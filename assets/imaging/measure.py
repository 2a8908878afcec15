"""Measure what decides whether a picture can be placed: transparency, colours, a white box around a logo."""

from dataclasses import asdict, dataclass
from typing import Any

from PIL import Image, ImageStat

from assets.imaging.shape import contain

_SAMPLE_PX = 160
_SAME = 24  # of 255: closer colours count as one
_WHITE = 245  # of 255 in every channel


@dataclass(frozen=True)
class Measures:
    """What was measured; colours are written #rrggbb, shares and luminance run from 0 to 1."""

    width_px: int
    height_px: int
    transparent_share: float
    average_colour: str
    luminance: float
    colours: tuple[str, ...]
    white_box: bool

    def as_json(self) -> dict[str, object]:
        """Give the measures as they are stored."""
        return asdict(self) | {"colours": list(self.colours)}


def measure(picture: Image.Image) -> Measures:
    """Measure a decoded picture on a small sample of it."""
    sample = contain(picture, _SAMPLE_PX, _SAMPLE_PX, Image.Resampling.BOX)
    visible = sample.getchannel("A") if sample.mode == "RGBA" else Image.new("L", sample.size, 255)
    mask = visible.point(lambda level: 255 if level >= 128 else 0)
    if mask.getbbox() is None:
        mask = visible.point(lambda level: 255 if level else 0)
    plain = sample.convert("RGB")
    average = _average(plain, mask)
    return Measures(
        width_px=picture.width,
        height_px=picture.height,
        transparent_share=round(1 - ImageStat.Stat(visible).mean[0] / 255, 4),
        average_colour=_hex(average),
        luminance=round(luminance(average), 4),
        colours=_colours(plain, mask),
        white_box=_has_white_box(sample),
    )


def luminance(colour: tuple[int, ...]) -> float:
    """Give the relative luminance of an sRGB colour (WCAG 2.2, definition of relative luminance)."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _average(plain: Image.Image, mask: Image.Image) -> tuple[int, ...]:
    if mask.getbbox() is None:
        return (255, 255, 255)
    return tuple(round(channel) for channel in ImageStat.Stat(plain, mask).mean)


def _colours(plain: Image.Image, mask: Image.Image, most: int = 5) -> tuple[str, ...]:
    """Give the strongest colours of what is visible, the most frequent first."""
    seen = [pixel for pixel, shown in zip(_pixels(plain), _pixels(mask), strict=True) if shown]
    if not seen:
        return ()
    strip = Image.new("RGB", (len(seen), 1))
    strip.putdata(seen)
    reduced = strip.quantize(most, Image.Quantize.MEDIANCUT)
    palette = reduced.getpalette() or []
    counted = sorted(reduced.getcolors() or [], reverse=True)
    found: list[tuple[int, ...]] = []
    for _, index in counted:
        colour = tuple(palette[3 * int(index) : 3 * int(index) + 3]) if isinstance(index, int) else ()
        if colour and all(_distance(colour, other) > _SAME for other in found):
            found.append(colour)
    return tuple(_hex(colour) for colour in found)


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _pixels(picture: Image.Image) -> list[Any]:
    return list(picture.get_flattened_data())


def _has_white_box(sample: Image.Image) -> bool:
    """Tell whether an opaque picture stands on white all around: on a coloured ground it will show as a box."""
    if sample.mode == "RGBA" and ImageStat.Stat(sample.getchannel("A")).extrema[0][0] < 250:
        return False
    plain = sample.convert("RGB")
    width, height = plain.size
    edge = [plain.getpixel((x, y)) for x in range(width) for y in {0, height - 1}]
    edge += [plain.getpixel((x, y)) for y in range(height) for x in {0, width - 1}]
    white = sum(1 for pixel in edge if isinstance(pixel, tuple) and min(pixel) >= _WHITE)
    return white >= 0.97 * len(edge)


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour[:3])
