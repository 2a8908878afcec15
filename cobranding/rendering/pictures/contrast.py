"""Contrast as WCAG 2.2 counts it: luminance of colours, and how far ink stands out from what lies behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

EVEN = 0.05
"""A ground whose luminance varies by no more than this counts as one colour."""
MIDDLE = 0.179
"""Above this luminance black stands out more than white, below it white does: both reach 4.58 here."""


@dataclass(frozen=True)
class Ground:
    """What lies behind something: its mean, and the luminances that a twentieth of it stays below and above."""

    luminance: float
    low: float
    high: float
    color: tuple[int, int, int]

    @property
    def spread(self) -> float:
        """Return how far its lighter parts lie from its darker ones."""
        return self.high - self.low

    @property
    def is_light(self) -> bool:
        """Tell whether dark ink suits it better."""
        return self.luminance > MIDDLE


Ink = Sequence[tuple[float, float]]
"""What something is drawn with: luminances in rising order, each with its share of the ink."""


def luminance(color: Sequence[int]) -> float:
    """Return the relative luminance of an sRGB colour.

    Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    """
    red, green, blue = (_LINEAR[channel] for channel in color[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(level: int) -> float:
    share = level / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


_LINEAR = tuple(_linear(level) for level in range(256))


def ratio(one: float, other: float) -> float:
    """Return the contrast ratio of two luminances, from 1 to 21.

    Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def on_ground(light: float, ground: Ground) -> float:
    """Return how far a luminance stands out from a ground, from the part of it that is nearest."""
    return 1.0 if ground.low < light < ground.high else min(ratio(light, ground.low), ratio(light, ground.high))


def contrast(ink: Ink, ground: Ground, most: float = 0.5) -> float:
    """Return the contrast that so much of the ink reaches: half of it, as marks have light parts and dark ones."""
    told = 0.0
    reached = sorted(((on_ground(light, ground), share) for light, share in ink), reverse=True)
    for each, share in reached:
        told += share
        if told >= most:
            return each
    return reached[-1][0] if reached else 1.0


def ground_of(colors: Sequence[tuple[int, int, int]]) -> Ground:
    """Measure a ground out of the colours of its pixels."""
    lights = sorted(luminance(color) for color in colors)
    count = len(lights)
    mean = (
        round(sum(color[0] for color in colors) / count),
        round(sum(color[1] for color in colors) / count),
        round(sum(color[2] for color in colors) / count),
    )
    return Ground(sum(lights) / count, lights[count // 20], lights[count - 1 - count // 20], mean)
