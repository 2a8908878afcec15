"""What comes out as a deck, read back by an independent reader."""

import hashlib
import io
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Mm

from cobranding.rendering import engine
from cobranding.rendering.document.reading import read
from cobranding.rendering.errors import TextOverflow, ValuesMissing
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting, Shown, lay_out
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.slides.wording import Run, reads_rightwards, rich
from tests.factories import cobranding as factory
from tests.factories import decks

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ABOUT = 2 * 12_700


def opened(inputs: Inputs | None = None) -> Any:
    return Presentation(io.BytesIO(engine.render(inputs or decks.inputs(), "slides", "pptx").data))


def shape_named(slide: Any, name: str) -> Any:
    return next(shape for shape in slide.shapes if shape.name == name)


def locks_of(shape: Any) -> dict[str, str]:
    return next(dict(node.attrib) for node in shape.element.iter() if node.tag.endswith("Locks"))


def with_element(page: int, element: dict[str, Any]) -> dict[str, Any]:
    raw = decks.deck()
    raw["formats"]["slides"]["pages"][page]["elements"].append(element)
    return raw


def test_the_texts_are_the_values_and_can_be_edited() -> None:
    values = {"headline": "Größe zählt: <Łódź> & 100 %", "offer": "First line\nSecond line"}
    slides = opened(decks.inputs(values=values)).slides
    headline = shape_named(slides[0], "Headline")
    assert headline.text_frame.text == values["headline"]
    assert headline.text_frame.word_wrap
    run = headline.text_frame.paragraphs[0].runs[0]
    assert (run.font.name, run.font.size.pt, run.font.bold, str(run.font.color.rgb)) == ("Inter", 48, True, "FFFFFF")
    assert "noTextEdit" not in locks_of(headline)
    assert [each.text for each in shape_named(slides[1], "Words").text_frame.paragraphs] == values["offer"].split("\n")
    assert shape_named(slides[1], "Owner").text_frame.text == "Halden Cloud, with Nordwind Systemhaus"
    contact = shape_named(slides[2], "Contact").text_frame.text.split("\n")
    assert (contact[0], contact[1], contact[-1]) == (
        "Nordwind Systemhaus",
        "Große Elbstraße 14",
        "https://nordwind.example",
    )


def test_what_is_locked_stands_on_the_layout_of_its_page() -> None:
    presentation = opened()
    layouts = [{shape.name for shape in slide.slide_layout.shapes} for slide in presentation.slides]
    slides = [{shape.name for shape in slide.shapes} for slide in presentation.slides]
    assert layouts == [{"Photo", "Shade", "Bar", "Plate"}, {"Dot", "Heading", "Rule"}, {"Card"}]
    assert slides == [{"Headline", "Logo"}, {"Words", "Owner"}, {"Partner logo", "Contact", "More about it", "Frame"}]
    assert [slide.slide_layout.name for slide in presentation.slides] == ["Cover", "Your offer", "Who we are"]
    assert len(presentation.slide_master.shapes) == 0


def test_nothing_that_is_not_opened_can_be_moved() -> None:
    for slide in opened().slides:
        for shape in (*slide.shapes, *slide.slide_layout.shapes):
            locks = locks_of(shape)
            assert (locks["noMove"], locks["noResize"], locks["noRot"], locks["noGrp"]) == ("1",) * 4
    logo = shape_named(opened().slides[0], "Logo")
    assert locks_of(logo)["noSelect"] == "1"


def test_an_element_that_may_be_moved_can_be() -> None:
    raw = decks.deck()
    logo = raw["formats"]["slides"]["pages"][2]["elements"][1]
    logo["open"] = {"position": {"within": [30, 40, 200, 100]}}
    shape = shape_named(opened(decks.inputs(raw)).slides[2], "Partner logo")
    assert ("noMove" in locks_of(shape), "noSelect" in locks_of(shape), "noResize" in locks_of(shape)) == (
        False,
        False,
        True,
    )
    moved = decks.inputs(raw, values={"slides.partner_logo.position": [60, 44]})
    assert shape_named(opened(moved).slides[2], "Partner logo").left == pytest.approx(Mm(60), abs=ABOUT)


def test_a_text_box_stands_where_the_partner_put_it() -> None:
    raw = decks.deck()
    raw["formats"]["slides"]["pages"][1]["elements"][3]["open"]["position"] = {"within": [24, 50, 314, 120]}
    inputs = decks.inputs(raw, values={"slides.words.position": [30, 70]})
    words = shape_named(opened(inputs).slides[1], "Words")
    assert (words.left, words.top) == pytest.approx((Mm(30), Mm(70)), abs=ABOUT)


def test_a_locked_element_over_something_of_the_partners_stays_above_it() -> None:
    slide = opened().slides[2]
    assert [shape.name for shape in slide.shapes][-1] == "Frame"
    assert locks_of(shape_named(slide, "Frame"))["noSelect"] == "1"


def test_the_slides_have_the_size_of_the_format_and_the_logo_lies_in_its_box() -> None:
    presentation = opened()
    assert (presentation.slide_width, presentation.slide_height) == pytest.approx((Mm(338.67), Mm(190.5)), abs=ABOUT)
    logo = shape_named(presentation.slides[2], "Partner logo")
    assert logo.left >= Mm(40) - ABOUT
    assert logo.top >= Mm(46) - ABOUT
    assert logo.left + logo.width <= Mm(140) + ABOUT
    assert logo.top + logo.height <= Mm(80) + ABOUT
    assert logo.width == pytest.approx(Mm(100), abs=ABOUT)
    assert Image.open(io.BytesIO(logo.image.blob)).mode == "RGBA"


def test_pictures_say_what_they_show() -> None:
    slides = opened().slides
    shown = {
        shape.name: shape.element.xpath(".//p:cNvPr/@descr")[0]
        for slide in slides
        for shape in (*slide.shapes, *slide.slide_layout.shapes)
        if shape.element.tag.endswith("}pic")
    }
    assert shown == {
        "Photo": "Hills under a blue sky",
        "Logo": "Nordwind Systemhaus",
        "Partner logo": "Nordwind Systemhaus",
        "More about it": "More about it: https://halden.example/start",
    }


def test_a_picture_is_cut_to_its_box_around_its_focus() -> None:
    photo = shape_named(opened().slides[0].slide_layout, "Photo")
    assert (photo.left, photo.top, photo.width) == pytest.approx((0, 0, Mm(338.67)), abs=ABOUT)
    with Image.open(io.BytesIO(photo.image.blob)) as image:
        assert image.format == "JPEG"
        assert image.width / image.height == pytest.approx(338.67 / 190.5, abs=0.01)


def test_a_shape_keeps_its_opacity_its_corners_and_its_line() -> None:
    slides = opened().slides
    shade = shape_named(slides[0].slide_layout, "Shade")
    assert [node.get("val") for node in shade.element.iter(f"{A}alpha")] == ["50000"]
    card = shape_named(slides[2].slide_layout, "Card")
    assert card.line.width.pt == pytest.approx(0.5 * 72 / 25.4, abs=0.01)
    assert card.adjustments[0] == pytest.approx(5 / 130, abs=0.001)
    ground = slides[2].slide_layout.background.fill
    assert str(ground.fore_color.rgb) == "F3F4F6"


def test_the_code_leads_where_the_value_says() -> None:
    inputs = decks.inputs(values={"link": "https://nordwind.example/cloud"})
    code = shape_named(opened(inputs).slides[2], "More about it")
    with Image.open(io.BytesIO(code.image.blob)) as image:
        drawn = image.convert("1")
        side = len(_modules(inputs))
        seen = [
            [drawn.getpixel((x * image.width / side + 4, y * image.width / side + 4)) == 0 for x in range(side)]
            for y in range(side)
        ]
    assert seen == [[bool(module) for module in row] for row in _modules(inputs)]


def _modules(inputs: Inputs) -> tuple[bytes, ...]:
    fmt = inputs.document.formats["slides"]
    code = next(element for element in fmt.elements if element.id == "code")
    mark: Any = lay_out(code, Setting.of(inputs), fmt)[0]
    rows: tuple[bytes, ...] = mark.rows
    return rows


def test_a_partner_without_a_logo_is_named_in_its_place() -> None:
    slide = opened(decks.inputs(logos={})).slides[0]
    assert shape_named(slide, "Logo").text_frame.text == "Nordwind Systemhaus"


@pytest.mark.parametrize(
    ("align", "direction", "expected"), [("start", "rtl", "r"), ("end", "rtl", "l"), ("start", "auto", "l")]
)
def test_a_paragraph_begins_where_its_script_does(align: str, direction: str, expected: str) -> None:
    raw = decks.deck()
    raw["brand"]["styles"]["title"] |= {"align": align, "direction": direction}
    paragraph = shape_named(opened(decks.inputs(raw)).slides[0], "Headline").text_frame.paragraphs[0]
    properties = paragraph._p.pPr
    assert (properties.get("rtl"), properties.get("algn")) == ("1" if direction == "rtl" else "0", expected)


def test_the_first_letter_tells_the_direction() -> None:
    assert [reads_rightwards(text, "auto") for text in ("12 Tage", "12 שלום", "سحابة", "12")] == [
        True,
        False,
        False,
        True,
    ]


def test_rich_text_becomes_runs_and_bullets() -> None:
    intro, item, last = rich("A **bold** and *soft* word\n\n- one [link](https://a.example)\n- two", "–")
    assert intro.runs[1] == Run("bold", strong=True)
    assert intro.runs[3] == Run("soft", emphasized=True)
    assert (intro.bullet, item.bullet, last.text) == ("", "–", "two")
    assert item.runs[-1] == Run("link", link="https://a.example")


def test_an_element_with_a_link_leads_there() -> None:
    raw = with_element(
        0,
        {
            "id": "site",
            "type": "text",
            "style": "small",
            "text": "Visit us",
            "link": "https://halden.example/",
            "box": [250, 10, 60, 10],
        },
    )
    site = shape_named(opened(decks.inputs(raw)).slides[0].slide_layout, "Site")
    assert site.click_action.hyperlink.address == "https://halden.example/"


def test_words_that_xml_cannot_hold_do_not_break_the_file() -> None:
    partner = replace(factory.NORDWIND, trade_name='"Nord" <wind> & Söhne')
    inputs = decks.inputs(partner=partner, title="Cloud\x0b \ufffe& <you>")
    presentation = opened(inputs)
    assert shape_named(presentation.slides[1], "Owner").text_frame.text.endswith('"Nord" <wind> & Söhne')
    assert presentation.core_properties.title == "Cloud & <you>"


def test_the_file_says_who_made_it_and_not_when() -> None:
    properties = opened().core_properties
    assert (properties.title, properties.author, properties.language) == ("Your cloud", "Nordwind Systemhaus", "en")
    assert properties.modified.year == 2000
    with ZipFile(io.BytesIO(engine.render(decks.inputs(), "slides").data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "notes" in name or "printer" in name or "thumb" in name]


def test_a_text_that_does_not_fit_is_refused_by_the_name_of_its_box() -> None:
    raw = decks.deck()
    raw["variables"]["headline"]["max_length"] = 2000
    fits = "A fairly long headline for a slide that is set smaller"
    run = shape_named(opened(decks.inputs(raw, values={"headline": fits * 2})).slides[0], "Headline")
    assert 28 <= run.text_frame.paragraphs[0].runs[0].font.size.pt < 48
    with pytest.raises(TextOverflow) as refused:
        engine.render(decks.inputs(raw, values={"headline": "Much too long a headline " * 60}), "slides")
    assert list(refused.value.errors) == ["slides.headline"]


def test_a_required_value_is_asked_for() -> None:
    raw = decks.deck()
    del raw["variables"]["headline"]["default"]
    with pytest.raises(ValuesMissing):
        engine.render(decks.inputs(raw), "slides")


def test_a_deck_is_a_presentation_first() -> None:
    assert next(iter(read(decks.deck()).formats.values())).outputs[0] == "pptx"
    file = engine.render(decks.inputs(), "slides")
    assert file.filename == "your-cloud-slides.pptx"
    assert file.media_type.endswith("presentationml.presentation")


def test_one_partner_leaves_nothing_behind_for_the_next() -> None:
    first = engine.render(decks.inputs(), "slides").data
    other = decks.inputs(partner=factory.Partner(trade_name="Südstern AG"), logos={}, values={"headline": "Else"})
    with ZipFile(io.BytesIO(engine.render(other, "slides").data)) as archive:
        assert not [name for name in archive.namelist() if b"Nordwind" in archive.read(name)]
        assert len([name for name in archive.namelist() if name.endswith(".png")]) == 1
    assert engine.render(decks.inputs(), "slides").data == first


def test_threads_make_the_same_decks() -> None:
    inputs = [decks.inputs(partner=factory.Partner(trade_name=f"Partner {number}")) for number in range(6)]
    alone = [engine.render(each, "slides").data for each in inputs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: engine.render(each, "slides").data, inputs * 2)) == alone * 2


SCRIPT = """
import hashlib
from cobranding.rendering import engine
from tests.factories import decks
print(hashlib.sha256(engine.render(decks.inputs(), "slides").data).hexdigest())
"""


def test_another_process_makes_the_same_bytes() -> None:
    root = Path(__file__).parents[3]
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=root,
        env={"PYTHONPATH": str(root), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    engine.forget()
    assert hashlib.sha256(engine.render(decks.inputs(), "slides").data).hexdigest() == made


def test_stamping_is_much_quicker_than_compiling() -> None:
    inputs = decks.inputs()
    engine.forget()
    started = time.perf_counter()
    engine.render(inputs, "slides")
    compiled = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(10):
        engine.render(inputs, "slides")
    assert (time.perf_counter() - started) / 10 < compiled / 2


def test_a_logo_keeps_its_proportions() -> None:
    inputs = decks.inputs()
    fmt = inputs.document.formats["slides"]
    element = next(element for element in fmt.elements if element.id == "partner_logo")
    mark = lay_out(element, Setting.of(inputs), fmt)[0]
    assert isinstance(mark, Shown)
    spot = spot_of(mark)
    logo = shape_named(opened(inputs).slides[2], "Partner logo")
    assert logo.width / logo.height == pytest.approx(spot.width / spot.height, abs=0.01)
