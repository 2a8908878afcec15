"""What comes out as an image."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from PIL.Image import Image as Picture

from cobranding.rendering import engine
from cobranding.rendering.cache import Kept
from cobranding.rendering.errors import MissingGlyph, UnknownFormat
from cobranding.rendering.inputs import InputFile, Inputs, Partner
from cobranding.rendering.pictures.decoding import size_of
from cobranding.rendering.screen.compiled import compile_image
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


def with_outputs(**changed) -> dict:
    raw = factory.flyer()
    raw["formats"]["link_card"] |= changed
    return raw


def test_pictures_come_in_every_kind_and_scale_that_the_template_declares() -> None:
    inputs = factory.inputs(with_outputs(outputs=["webp", "jpg"], scales=[1, 2]))
    fmt = inputs.document.formats["link_card"]
    assert engine.outputs_of(fmt) == ("webp", "jpg", "webp@2x", "jpg@2x")
    for output, media, size, name in (
        ("webp", "image/webp", (1200, 630), "autumn-flyer-link_card.webp"),
        ("jpg@2x", "image/jpeg", (2400, 1260), "autumn-flyer-link_card@2x.jpg"),
        ("preview", "image/jpeg", (1200, 630), "autumn-flyer-link_card.jpg"),
    ):
        made = engine.render(inputs, "link_card", output)
        assert (made.media_type, made.filename) == (media, name)
        assert Image.open(io.BytesIO(made.data)).size == size
    with pytest.raises(UnknownFormat, match="webp, jpg, webp@2x, jpg@2x"):
        engine.render(inputs, "link_card", "png")


def test_twice_the_pixels_show_the_same_picture_with_finer_edges() -> None:
    inputs = factory.inputs(with_outputs(scales=[1, 2]))
    one, two = image_of(inputs, "link_card", "png"), image_of(inputs, "link_card", "png@2x")
    apart = ImageChops.difference(one, two.reduce(2)).convert("L")
    assert sum(apart.get_flattened_data()) / (1200 * 630) < 1.5
    edges = [
        sum(1 for level in image.convert("L").crop(box).get_flattened_data() if 80 < level < 200) / box[2]
        for image, box in ((one, (72, 130, 700, 300)), (two, (144, 260, 1400, 600)))
    ]
    assert edges[1] < 2.5 * edges[0]  # blown up pixels would have four times as many that are half covered


def test_a_page_of_a_screen_format_is_a_picture_of_its_own() -> None:
    raw = factory.flyer()
    shape = {"type": "shape", "shape": "rectangle", "box": [0, 0, 100, 80]}
    pages = [{"elements": [{**shape, "id": color, "fill": color}]} for color in ("night", "accent")]
    raw["formats"] = {"post": {"width": 100, "height": 80, "unit": "px", "pages": pages}}
    raw["variables"] = {}
    made = [engine.render(factory.inputs(raw), "post", "png", page=number) for number in (1, 2)]
    assert [file.filename for file in made] == ["autumn-flyer-post.png", "autumn-flyer-post-2.png"]
    colors = [Image.open(io.BytesIO(file.data)).convert("RGB").getpixel((50, 40)) for file in made]
    assert colors == [(11, 31, 75), (245, 158, 11)]
    with pytest.raises(UnknownFormat, match="no page 3"):
        engine.render(factory.inputs(raw), "post", "png", page=3)


def test_few_colours_make_a_small_png_that_loses_none() -> None:
    raw = factory.flyer()
    panel = {"id": "panel", "type": "shape", "shape": "ellipse", "fill": "night", "box": [10, 10, 380, 280]}
    raw["formats"] = {"plain": {"width": 400, "height": 300, "unit": "px", "elements": [panel]}}
    raw["variables"] = {}
    inputs = factory.inputs(raw)
    made = Image.open(io.BytesIO(engine.render(inputs, "plain", "png").data))
    assert made.mode == "P"
    drawn = compile_image(inputs, inputs.document.formats["plain"]).base
    assert ImageChops.difference(made.convert("RGB"), drawn).getbbox() is None


def test_what_is_locked_is_drawn_once_even_above_what_differs_where_they_do_not_touch() -> None:
    inputs = factory.inputs(values={"headline": "Meet us in Hamburg"})
    compiled = compile_image(inputs, inputs.document.formats["link_card"])
    assert [element.id for element in compiled.rest] == ["headline", "logo", "web"]
    assert compiled.base.getpixel((100, 475)) == (255, 255, 255)
    raw = factory.flyer()
    cover = {"id": "cover", "type": "shape", "shape": "rectangle", "fill": "night", "box": [72, 130, 450, 270]}
    raw["formats"]["link_card"]["elements"].append(cover)
    covered = factory.inputs(raw)
    assert compile_image(covered, covered.document.formats["link_card"]).rest[-1].id == "cover"
    assert image_of(covered, "link_card").crop((80, 140, 500, 390)).getcolors() == [(420 * 250, (11, 31, 75))]


def test_nothing_of_one_partner_is_left_for_the_next() -> None:
    other = replace(
        factory.inputs(), values={"headline": "ÄÅÇÉ gjpq " * 5}, partner=Partner(web="https://other.example")
    )
    for fmt in ("link_card", "square"):
        first = engine.render(factory.inputs(), fmt, "png").data
        assert engine.render(other, fmt, "png").data != first
        with pytest.raises(MissingGlyph):
            engine.render(factory.inputs(values={"headline": "漢字"}), fmt, "png")
        assert engine.render(factory.inputs(), fmt, "png").data == first


def test_a_page_of_a_finished_pdf_lies_behind_the_rest() -> None:
    raw = factory.flyer()
    page = {"id": "page", "type": "pdf_page", "document": "sheet", "box": [0, 0, 210, 297]}
    raw |= {"documents": {"sheet": {"asset_name": "sheet"}}, "variables": {}}
    raw["formats"] = {"card": {"width": 210, "height": 297, "unit": "px", "elements": [page]}}
    pdf = engine.render(factory.inputs(), "letter").data
    inputs = factory.inputs(raw, documents={"sheet": InputFile(hashlib.sha256(pdf).hexdigest(), lambda: pdf)})
    picture = image_of(inputs, "card").convert("RGB")
    assert picture.getpixel((105, 280)) == pytest.approx((243, 244, 246), abs=3)
    assert picture.getpixel((105, 3)) == (255, 255, 255)  # Letter is less tall than the box: it is contained


SCRIPT = """
import hashlib
from cobranding.rendering import engine
from tests.cobranding.rendering.test_image import with_outputs
from tests.factories import cobranding as factory
for output in ("jpg", "webp", "png", "jpg@2x"):
    made = engine.render(factory.inputs(with_outputs(scales=[1, 2])), "link_card", output)
    print(output, hashlib.sha256(made.data).hexdigest())
"""


def test_another_process_makes_the_same_bytes() -> None:
    root = Path(__file__).parents[3]
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=root,
        env={"PYTHONPATH": str(root), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert len(told.splitlines()) == 4
    for line in told.splitlines():
        output, digest = line.split()
        made = engine.render(factory.inputs(with_outputs(scales=[1, 2])), "link_card", output)
        assert hashlib.sha256(made.data).hexdigest() == digest


def test_a_memory_of_pictures_is_bounded_by_its_bytes() -> None:
    kept: Kept[int, bytes] = Kept(100, "tried_here", most_bytes=1000, weigh=len)
    for number in range(50):
        kept.get(number, lambda: bytes(300))
    assert kept.figures().kept == 3
    kept.clear()
    kept.get(1, lambda: bytes(900))
    assert kept.figures().kept == 1


def test_the_size_of_a_picture_is_known_without_decoding_it() -> None:
    data = factory.photo(640, 480)
    assert size_of(factory.picture(data[: len(data) // 8])) == (640, 480)
