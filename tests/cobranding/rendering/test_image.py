"""What comes out as an image."""

import io

import pytest
from PIL import Image, ImageChops
from PIL.Image import Image as Picture

from cobranding.rendering import engine
from cobranding.rendering.inputs import Inputs, Partner
from tests.factories import cobranding as factory


def image_of(inputs: Inputs, fmt: str, kind: str = "png") -> Picture:
    return Image.open(io.BytesIO(engine.render(inputs, fmt, kind).data))


@pytest.mark.parametrize(("fmt", "size"), [("link_card", (1200, 630)), ("square", (1080, 1080))])
@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_screen_formats_have_their_pixels(fmt: str, size: tuple[int, int], kind: str) -> None:
    image = image_of(factory.inputs(), fmt, kind)
    assert image.size == size
    assert image.format == {"jpg": "JPEG", "png": "PNG"}[kind]


def test_the_logo_stands_in_its_box_and_nowhere_else() -> None:
    nobody = factory.inputs(logos={}, partner=Partner())
    marked = factory.inputs(partner=Partner())
    changed = ImageChops.difference(image_of(nobody, "link_card"), image_of(marked, "link_card")).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert (left >= 96, top >= 478, right <= 378, bottom <= 560) == (True,) * 4
    assert right - left == pytest.approx(282, abs=2)
    assert image_of(marked, "link_card").getpixel((300, 500)) == pytest.approx((220, 38, 38), abs=6)


@pytest.mark.parametrize("words", ["Short", "A headline that fills two or more lines of its box gjpq", "ÄÅÇÉ"])
def test_ink_never_leaves_its_box(words: str) -> None:
    blank = image_of(factory.inputs(values={"headline": "."}), "square")
    changed = ImageChops.difference(blank, image_of(factory.inputs(values={"headline": words}), "square")).getbbox()
    assert changed is not None
    assert (changed[0] >= 71, changed[1] >= 649, changed[2] <= 1009, changed[3] <= 851) == (True,) * 4


def test_the_code_is_a_qr_code_of_the_tracked_link() -> None:
    link = "https://portal.example/t/c/abcdef"
    image = image_of(factory.inputs(link_url=link), "square").convert("L")
    box = image.crop((852, 880, 1008, 1036))
    rows = modules_of(box.crop(box.point(lambda level: 255 if level > 200 else 0).getbbox()))
    import segno  # noqa: PLC0415 - only this test holds the picture against the standard's own matrix

    expected = [list(map(bool, row)) for row in segno.make_qr(link, error="m", boost_error=False).matrix]
    assert rows == expected


def modules_of(image: Picture) -> list[list[bool]]:
    """Read the modules back out of the pixels: the finder's width tells the size of one."""
    dark = image.point(lambda level: 255 if level < 128 else 0)
    left, top, right, _ = dark.getbbox()
    side = next(x for x in range(left, right) if not dark.getpixel((x, top))) - left
    module = side / 7
    count = round((right - left) / module)
    return [
        [bool(dark.getpixel((int(left + (x + 0.5) * module), int(top + (y + 0.5) * module)))) for x in range(count)]
        for y in range(count)
    ]


def test_a_partner_without_a_logo_is_named() -> None:
    named = image_of(factory.inputs(logos={}), "link_card")
    nobody = image_of(factory.inputs(logos={}, partner=Partner(web=factory.NORDWIND.web)), "link_card")
    assert ImageChops.difference(named, nobody).getbbox() is not None
