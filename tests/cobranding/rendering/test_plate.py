"""A logo that would vanish on its ground stands on a plate, in print, on screens and in mails."""

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops

from cobranding.rendering import engine
from cobranding.rendering.pictures import logos, mail
from cobranding.rendering.pictures.contrast import ground_of
from cobranding.rendering.preflight import preflight
from tests.factories import cobranding as factory

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def white_only():
    return factory.inputs(logos={"light": factory.picture(factory.logo(WHITE))})


def flat(size=(300, 100), color=WHITE, mark=None) -> bytes:
    """An opaque logo: a box of one colour, with a mark in it if wanted."""
    image = Image.new("RGB", size, color)
    if mark:
        image.paste(mark, (100, 30, 200, 70))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def test_a_white_logo_stands_on_a_dark_plate_within_its_box_on_a_screen() -> None:
    made = Image.open(io.BytesIO(engine.render(white_only(), "link_card", "png").data))
    box = made.crop((96, 478, 378, 560))
    assert box.getpixel((141, 3)) == logos.PLATES["light"].rgb
    assert max(box.convert("L").get_flattened_data()) == 255
    nothing = Image.open(io.BytesIO(engine.render(factory.inputs(logos={}), "link_card", "png").data))
    left, top, right, bottom = ImageChops.difference(made, nothing).getbbox()
    assert (left >= 96, top >= 478, right <= 378, bottom <= 560) == (True,) * 4


def test_a_white_logo_stands_on_a_dark_plate_in_print() -> None:
    data = engine.render(white_only(), "a4").data
    page = pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("RGB")
    left, top = 18 + 3, 297 - 62 + 10 + 3
    points = 72 / 25.4 * 2
    box = page.crop(
        (round(left * points), round(top * points), round((left + 62) * points), round((top + 22) * points))
    )
    dark = sum(1 for pixel in box.get_flattened_data() if max(pixel) < 60)
    assert dark > 0.25 * box.width * box.height
    assert data == engine.render(white_only(), "a4").data


def test_a_white_logo_stands_on_a_dark_plate_in_a_mail() -> None:
    data, media_type = mail.logo_for_mail(factory.picture(factory.logo(WHITE)), "light")
    made = Image.open(io.BytesIO(data))
    assert (media_type, made.size, made.mode) == ("image/png", mail.MAIL_LOGO, "RGB")
    assert logos.PLATES["light"].rgb in made.get_flattened_data()


@pytest.mark.parametrize(
    ("data", "ground", "vanishing"),
    [
        (factory.logo(WHITE), "light", True),
        (factory.logo(WHITE), "dark", False),
        (factory.logo(), "light", False),
        (factory.logo(), "dark", False),
        (flat(color=WHITE), "light", True),
        (flat(color=BLACK), "dark", True),
        (flat(color=WHITE, mark=BLACK), "light", False),
        (flat(color=BLACK, mark=WHITE), "dark", False),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_only_a_logo_that_cannot_be_seen_gets_a_plate(data: bytes, ground: str, vanishing: bool) -> None:
    logo = factory.picture(data)
    assert logos.vanishes(logo, ground) is vanishing
    plate = logos.plate_for(logo, ground_of([logos.PAPERS[ground].rgb]))
    assert plate == (logos.PLATES[ground] if vanishing else None)


def test_the_partner_is_told_of_the_plate() -> None:
    found = next(each for each in preflight(white_only()) if each.format == "a4")
    assert (found.severity, found.code, found.element) == ("warning", "logo_contrast", "logo")
    assert "dark plate" in found.message
