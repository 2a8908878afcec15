"""Contrast ratios, held against values that were worked out by hand or are well known."""

import pytest

from cobranding.rendering.document.elements import Box, Color, Open, ShapeElement
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.contrast import Ground, contrast, ground_of, luminance, on_ground, ratio
from cobranding.rendering.pictures.grounds import ground_behind
from tests.factories import cobranding as factory

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
PAPER = Color(255, 255, 255)


@pytest.mark.parametrize(
    ("ink", "ground", "expected"),
    [
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        ((255, 0, 0), WHITE, 3.998),
        ((0, 0, 255), WHITE, 8.592),
        ((119, 119, 119), WHITE, 4.478),
        ((118, 118, 118), WHITE, 4.542),
        ((255, 255, 0), BLACK, 19.556),
    ],
)
def test_ratios_are_those_of_wcag(ink: tuple[int, ...], ground: tuple[int, ...], expected: float) -> None:
    assert ratio(luminance(ink), luminance(ground)) == pytest.approx(expected, abs=0.001)
    assert ratio(luminance(ground), luminance(ink)) == pytest.approx(expected, abs=0.001)


def test_a_ground_counts_with_the_part_that_is_nearest_to_the_ink() -> None:
    restless = Ground(0.4, 0.2, 0.6, (150, 150, 150))
    assert on_ground(0.3, restless) == 1.0
    assert on_ground(1.0, restless) == pytest.approx(1.05 / 0.65)
    assert on_ground(0.0, restless) == pytest.approx(0.25 / 0.05)


def test_a_mark_counts_with_what_half_of_its_ink_reaches() -> None:
    paper = ground_of([WHITE])
    assert contrast([(0.0, 0.6), (1.0, 0.4)], paper) == pytest.approx(21)
    assert contrast([(0.0, 0.4), (1.0, 0.6)], paper) == 1.0


def shape(fill: tuple[int, int, int], box: Box, opacity: float = 1) -> ShapeElement:
    return ShapeElement("shape", "", box, Open(), "rectangle", Color(*fill), None, 0, 0, opacity)


def test_what_lies_behind_is_what_was_drawn_below() -> None:
    panel = shape((11, 31, 75), Box(50, 0, 50, 100))
    assert ground_behind(Box(10, 10, 30, 30), [panel], PAPER).color == WHITE
    assert ground_behind(Box(60, 10, 30, 30), [panel], PAPER).color == (11, 31, 75)
    across = ground_behind(Box(40, 40, 20, 20), [panel], PAPER)
    assert (across.low, across.high) == (pytest.approx(luminance((11, 31, 75))), 1.0)
    half = ground_behind(Box(60, 10, 30, 30), [shape(BLACK, Box(0, 0, 100, 100), 0.5)], PAPER)
    assert half.color == pytest.approx((127, 127, 127), abs=1)


def test_a_picture_behind_is_measured_where_it_lies() -> None:
    hills = Shown(factory.picture(factory.photo()), Box(0, 0, 1200, 800), cover=True, focus=(0.5, 0.5))
    sky, ground = (ground_behind(Box(300, top, 300, 80), [hills], PAPER) for top in (420, 700))
    assert sky.color == pytest.approx((57, 106, 175), abs=25)
    assert ground.color == pytest.approx((12, 32, 70), abs=12)
    assert not ground.is_light
