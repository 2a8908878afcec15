"""The partner's logo: in its box, away from its clear space, in the variant that can be seen, on any ground."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from cobranding.rendering import engine
from cobranding.rendering.document.elements import Box
from cobranding.rendering.layout import Setting, ground_under, lay_out
from cobranding.rendering.pictures import logos
from cobranding.rendering.pictures.contrast import contrast, ground_of
from cobranding.rendering.pictures.placing import for_print, ink_spot, spot_of
from cobranding.rendering.preflight import preflight
from tests.factories import cobranding as factory

MATERIAL = Path(__file__).parents[1] / "material" / "logos"
MARKS = sorted(MATERIAL.glob("*.png"))
WHITE, BLACK, NIGHT = (255, 255, 255), (0, 0, 0), "#0B1F4B"
HILLS = factory.photo(600, 300)
WHITE_MARK, BLACK_MARK = factory.picture(factory.logo(WHITE)), factory.picture(factory.logo(BLACK))


def page(paper: str = "#FFFFFF", photo: bytes | None = None, unit: str = "px", **logo) -> dict:
    """A small page with nothing but a logo on a ground."""
    raw = factory.flyer()
    element = {"id": "logo", "type": "partner_logo", "style": "label", "background": "auto", "box": [20, 20, 260, 110]}
    elements = [{**element, **logo}]
    if photo:
        elements.insert(0, {"id": "photo", "type": "image", "image": "hero", "box": [0, 0, 300, 150]})
    raw["formats"] = {"one": {"width": 300, "height": 150, "unit": unit, "background": paper, "elements": elements}}
    raw["variables"] = {}
    return raw


def inputs_of(raw: dict, mark=None, photo: bytes | None = None, **more):
    both = {"light": mark, "dark": mark} if mark else {"light": BLACK_MARK, "dark": WHITE_MARK}
    given = {"logos": both, "images": {"hero": factory.picture(photo or HILLS)}, **more}
    return factory.inputs(raw, **given)


def drawn(inputs) -> Image.Image:
    return Image.open(io.BytesIO(engine.render(inputs, "one", "png").data)).convert("RGB")


def shown_in(inputs):
    fmt = inputs.document.formats["one"]
    return lay_out(fmt.elements[-1], Setting.of(inputs), fmt)[0]


@pytest.mark.parametrize(("background", "expected"), [("#FFFFFF", BLACK), ("#F59E0B", BLACK), (NIGHT, WHITE)])
@pytest.mark.parametrize("unit", ["px", "mm"])
def test_the_variant_is_picked_by_the_measured_background(background: str, expected, unit: str) -> None:
    shown = shown_in(inputs_of(page(background, unit=unit)))
    assert shown.picture is (BLACK_MARK if expected == BLACK else WHITE_MARK)
    assert shown.plate is None


def test_the_variant_is_picked_by_the_picture_behind_it() -> None:
    night = io.BytesIO()
    Image.new("RGB", (600, 300), (8, 10, 30)).save(night, "PNG")
    image = drawn(inputs_of(page(photo=night.getvalue()), photo=night.getvalue()))
    assert WHITE in image.crop((20, 20, 280, 130)).get_flattened_data()
    assert BLACK not in image.crop((20, 20, 280, 130)).get_flattened_data()


def test_a_named_background_is_not_measured() -> None:
    assert shown_in(inputs_of(page(NIGHT, background="light"))).picture is BLACK_MARK


def test_a_partner_may_choose_among_its_logos() -> None:
    raw = page(variable="mark")
    raw["variables"] = {"mark": {"type": "logo", "label": "Logo"}}
    raw["formats"]["one"]["elements"][-1]["open"] = {"content": True}
    inputs = inputs_of(raw, values={"mark": 7}, given={7: factory.picture(factory.logo((10, 120, 60)))})
    assert shown_in(inputs).picture is inputs.given[7]
    assert shown_in(inputs_of(raw, values={"mark": 8})).picture is BLACK_MARK


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(20, 900), st.integers(20, 900)),
    box=st.tuples(st.floats(30, 280), st.floats(30, 140)),
    clear=st.floats(0, 14),
    corner=st.tuples(st.sampled_from(["left", "center", "right"]), st.sampled_from(["top", "middle", "bottom"])),
    color=st.sampled_from([WHITE, BLACK, (200, 30, 40)]),
)
def test_ink_never_enters_the_clear_space_and_never_leaves_the_box(size, box, clear, corner, color) -> None:
    written = io.BytesIO()
    mark = Image.new("RGBA", (size[0] + 40, size[1] + 40), (0, 0, 0, 0))
    mark.paste((*color, 255), (20, 20, 20 + size[0], 20 + size[1]))
    mark.save(written, "PNG", compress_level=1)
    raw = page(box=[5, 5, *box], clear_space=clear, align=corner[0], valign=corner[1])
    inputs = inputs_of(raw, factory.picture(written.getvalue()))
    clear = min(clear, box[0] / 2 - 0.5, box[1] / 2 - 0.5)
    spot = spot_of(shown_in(inputs))
    assert spot.x >= 5 + clear - 0.01
    assert spot.y >= 5 + clear - 0.01
    assert spot.x + spot.width <= 5 + box[0] - clear + 0.01
    assert spot.y + spot.height <= 5 + box[1] - clear + 0.01
    ink = ImageChops.difference(drawn(inputs), Image.new("RGB", (300, 150), WHITE)).getbbox()
    assert ink is not None
    assert ink[0] >= 5 + clear - 1
    assert ink[1] >= 5 + clear - 1
    assert ink[2] <= 5 + box[0] - clear + 1
    assert ink[3] <= 5 + box[1] - clear + 1


@pytest.mark.parametrize("ground", ["#FFFFFF", "#F3F4F6", "#7A8290", NIGHT, "photo"])
def test_real_logos_can_be_seen_on_every_ground(ground: str) -> None:
    assert len(MARKS) == 15
    photo = HILLS if ground == "photo" else None
    for path in MARKS:
        mark = factory.picture(path.read_bytes())
        inputs = inputs_of(page("#FFFFFF" if photo else ground, photo), mark, photo)
        fmt, shown = inputs.document.formats["one"], shown_in(inputs)
        spot = spot_of(shown)
        box = Box(spot.x, spot.y, spot.width, spot.height)
        behind = ground_under(fmt.elements[-1], box, Setting.of(inputs), fmt)
        behind = ground_of([shown.plate.rgb]) if shown.plate else behind
        assert contrast(logos.ink_of(mark), behind) >= logos.VANISHING, path.name


def jpeg(size=(400, 200), ground=WHITE) -> bytes:
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).ellipse((100, 20, 300, 180), fill=(200, 30, 40))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()


def test_an_even_margin_of_an_opaque_logo_is_trimmed() -> None:
    width, height = logos.size_of_logo(factory.picture(jpeg()))
    assert (width, height) == (pytest.approx(201, abs=9), pytest.approx(161, abs=9))


def test_a_white_box_is_told_of_where_it_shows() -> None:
    boxed = factory.picture(jpeg())

    def codes(background: str, mark=boxed) -> set[str]:
        return {str(found.code) for found in preflight(inputs_of(page(background), mark))}

    assert "logo_white_box" not in codes("#FFFFFF")
    assert {"logo_white_box"} == codes(NIGHT) - {"logo_contrast"}
    assert "logo_white_box" not in codes(NIGHT, factory.picture(jpeg(ground=(200, 200, 0))))


def test_a_logo_below_its_smallest_size_is_an_error_that_says_what_would_pass() -> None:
    inputs = inputs_of(page(unit="mm", box=[20, 20, 90, 6], min_width=80), BLACK_MARK)
    found = next(each for each in preflight(inputs) if each.code == "logo_too_small")
    assert (found.severity, found.format, found.element, found.needed) == ("error", "one", "logo", 80.0)
    assert found.measured == pytest.approx(ink_spot(shown_in(inputs)).width / 72 * 25.4, abs=0.01)
    assert "80.0 mm" in found.message


def test_logos_are_printed_at_600_dots_an_inch() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (3000, 1000), (0, 0, 0, 255)).save(written, "PNG")
    shown = shown_in(inputs_of(page(unit="mm", box=[20, 20, 40, 20]), factory.picture(written.getvalue())))
    assert for_print(shown).width == round(40 / 25.4 * 600)
