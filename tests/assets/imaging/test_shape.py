from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets.imaging.measure import luminance, measure
from assets.imaging.shape import contain, contained, trim

SIDES = st.integers(1, 4_000)


@given(SIDES, SIDES, SIDES, SIDES)
def test_what_is_contained_fits_is_never_enlarged_and_keeps_its_proportions(width, height, most_width, most_height):
    new_width, new_height = contained(width, height, most_width, most_height)
    assert 1 <= new_width <= min(width, most_width)
    assert 1 <= new_height <= min(height, most_height)
    scale = min(1, most_width / width, most_height / height)
    assert abs(new_width - width * scale) <= 1
    assert abs(new_height - height * scale) <= 1


@settings(max_examples=40, deadline=None)
@given(
    margins=st.tuples(*[st.integers(0, 25)] * 4),
    ink=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    see_through=st.booleans(),
)
def test_trimming_takes_the_margin_and_nothing_but_the_margin(margins, ink, see_through):
    left, top, right, bottom = margins
    mode, ground = ("RGBA", (9, 9, 9, 0)) if see_through else ("RGB", (255, 255, 255))
    picture = Image.new(mode, (left + ink[0] + right, top + ink[1] + bottom), ground)
    picture.paste((200, 0, 0, 255)[: len(mode)], (left, top, left + ink[0], top + ink[1]))
    trimmed, _ = trim(picture)
    surrounded = see_through or all(margins)
    if surrounded:
        assert trimmed.size == ink
    assert trim(trimmed)[0].size == trimmed.size
    assert trimmed.getpixel((trimmed.width // 2, trimmed.height // 2)) is not None


def test_shrinking_leaves_no_dark_fringe_around_a_white_logo():
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (100, 100, 300, 300))
    small = contain(picture, 37, 37)
    visible = [pixel for pixel in small.get_flattened_data() if pixel[3] > 0]
    assert min(min(pixel[:3]) for pixel in visible) > 240


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_luminance_runs_from_black_to_white(colour):
    assert luminance((0, 0, 0)) <= luminance(colour) <= luminance((255, 255, 255)) + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(1, 400), st.integers(1, 400))
def test_an_even_picture_is_measured_exactly(colour, width, height):
    found = measure(Image.new("RGB", (width, height), colour))
    assert found.average_colour == "#{:02x}{:02x}{:02x}".format(*colour)
    assert found.transparent_share == 0
    assert found.colours == (found.average_colour,)
    assert found.white_box == (min(colour) >= 245)
