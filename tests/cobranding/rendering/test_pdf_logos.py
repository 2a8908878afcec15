"""Logos that came as drawings: they stay drawings where that looks the same, and are fine pixels elsewhere."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from cobranding.rendering import engine
from cobranding.rendering.inputs import Inputs, PictureFile
from cobranding.rendering.pdf.vectors import is_plain
from tests.factories import cobranding as factory
from tests.factories import printed

NAMES = sorted(path.name for path in printed.MATERIAL.glob("*.svg"))
WITH_GRADIENTS = {"firefox.svg", "grafana.svg", "python.svg"}
PLATED = {"mastodon.svg"}
"""More than half of it is white, which would vanish on light ground."""


def kinds(data: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        named = pdf.pages[0].obj.Resources.XObject
        return {str(form.Subtype) for name, form in named.items() if name.startswith("/P") and form is not None}


def only(logo: PictureFile) -> Inputs:
    """A card with nothing on it but the logo, in a box of 62 by 22 mm."""
    raw = factory.flyer()
    mark = {"id": "logo", "type": "partner_logo", "style": "label", "box": [9, 9, 62, 22]}
    raw["formats"] = {"a4": {"unit": "mm", "width": 80, "height": 40, "background": "mist", "elements": [mark]}}
    return factory.inputs(raw, logos={"light": logo})


def seen(data: bytes) -> Image.Image:
    page: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=6 * 25.4 / 72).to_pil().convert("RGB")
    return page


def ink_of(image: Image.Image) -> tuple[int, ...]:
    apart = ImageChops.difference(image, Image.new("RGB", image.size, (243, 244, 246))).convert("L")
    return apart.point(lambda level: 255 if level > 6 else 0).getbbox() or ()


@pytest.mark.parametrize("name", NAMES)
def test_each_logo_looks_like_its_pixels(name: str) -> None:
    logo = printed.vector_logo(name)
    pixels = engine.render(only(replace(logo, vector=None)), "a4").data
    data = engine.render(only(logo), "a4").data
    assert kinds(data) == ({"/Image"} if name in WITH_GRADIENTS | PLATED else {"/Form"})
    assert max(ImageStat.Stat(ImageChops.difference(seen(data), seen(pixels))).mean) < 3
    assert ink_of(seen(data)) == pytest.approx(ink_of(seen(pixels)), abs=2)


def test_a_drawing_that_would_vanish_stands_on_its_plate_as_pixels() -> None:
    white = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path fill="#fff" d="M0 0h40v20H0z"/></svg>'
    image = Image.new("RGBA", (400, 200), (255, 255, 255, 255))
    written = io.BytesIO()
    image.save(written, "PNG")
    logo = replace(factory.picture(written.getvalue()), vector=printed.file(white))
    assert kinds(engine.render(only(logo), "a4").data) == {"/Image"}


def test_a_drawing_that_shows_something_else_than_its_pixels_is_not_used() -> None:
    other = printed.vector_logo("debian.svg")
    logo = replace(printed.vector_logo("blender.svg"), vector=other.vector)
    assert kinds(engine.render(only(logo), "a4").data) == {"/Image"}


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="a"/></defs><path fill="url(#a)" d="M0 0h9v9z"/>',
        '<mask id="m"/><path d="M0 0h9v9z"/>',
        "<text>Brand</text>",
        '<path filter="url(#f)" d="M0 0h9v9z"/>',
        '<path style="mix-blend-mode: multiply" d="M0 0h9v9z"/>',
        '<path clip-path="url(#c)" d="M0 0h9v9z"/>',
        '<path stroke-dasharray="2 1" d="M0 0h9v9z"/>',
        '<image href="data:image/png;base64,AAAA"/>',
    ],
)
def test_what_could_be_drawn_differently_stays_pixels(inside: str) -> None:
    assert not is_plain(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'.encode())


def test_pixels_of_a_logo_have_six_hundred_dots_an_inch() -> None:
    logo = printed.vector_logo("python.svg")
    with pikepdf.open(io.BytesIO(engine.render(only(logo), "a4").data)) as pdf:
        image = next(form for name, form in pdf.pages[0].obj.Resources.XObject.items() if name.startswith("/P"))
        height = int(image.Height)
    assert height == pytest.approx(22 / 25.4 * 600, abs=2)
