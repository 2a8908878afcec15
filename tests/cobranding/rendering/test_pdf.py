"""What comes out as PDF, read back by an independent reader."""

import hashlib
import io
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from PIL.Image import Image as Picture

from cobranding.rendering import engine
from cobranding.rendering.document.model import POINTS_PER_MM
from cobranding.rendering.errors import MissingGlyph, TextOverflow, UnknownFormat, ValuesMissing
from cobranding.rendering.inputs import Inputs
from tests.factories import cobranding as factory

RED = (220, 38, 38)


def pdf_of(inputs: Inputs, fmt: str = "a4") -> bytes:
    return engine.render(inputs, fmt).data


def text_of(data: bytes) -> str:
    page = pypdfium2.PdfDocument(data)[0]
    return " ".join(page.get_textpage().get_text_bounded().split())


def picture_of(data: bytes, dots_a_mm: float = 4.0) -> Picture:
    return pypdfium2.PdfDocument(data)[0].render(scale=dots_a_mm / POINTS_PER_MM).to_pil().convert("RGB")  # type: ignore[no-any-return]


def ink_between(one: Picture, other: Picture) -> tuple[int, int, int, int] | None:
    changed = ImageChops.difference(one, other).convert("L").point(lambda level: 255 if level > 24 else 0)
    return changed.getbbox()


def test_the_text_can_be_found_and_copied_and_equals_the_values() -> None:
    found = text_of(pdf_of(factory.inputs(values={"headline": "Größe zählt: AVATAR, Łódź, 100 %"})))
    assert "Größe zählt: AVATAR, Łódź, 100 %" in found
    assert "HALDEN CLOUD" in found
    assert "Nordwind Systemhaus Große Elbstraße 14 22767 Hamburg +49 40 123456 hallo@nordwind.example" in found


@pytest.mark.parametrize(
    ("scripts", "headline"), [(["greek"], "Το σύννεφό σας"), (["cyrillic"], "Ваше облако за неделю")]
)
def test_declared_scripts_can_be_written(scripts: list[str], headline: str) -> None:
    raw = {**factory.flyer(), "scripts": scripts}
    assert headline in text_of(pdf_of(factory.inputs(raw, values={"headline": headline})))


def test_letters_that_are_put_together_are_copied_as_they_were_given() -> None:
    assert "x\u0302 marks it" in text_of(pdf_of(factory.inputs(values={"headline": "x\u0302 marks it"})))


def test_fonts_are_embedded_and_the_file_is_clean() -> None:
    data = pdf_of(factory.inputs())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        fonts = [font for _, font in pdf.pages[0].resources.Font.items()]
        assert fonts
        for font in fonts:
            descendant = font.DescendantFonts[0]
            assert "/FontFile2" in descendant.FontDescriptor
            assert "/ToUnicode" in font
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.trailer.Info.Title) == "Autumn flyer"


def test_the_page_has_its_trim_and_bleed() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(factory.inputs()))) as pdf:
        media, trim = ([float(edge) for edge in pdf.pages[0].obj[name]] for name in ("/MediaBox", "/TrimBox"))
    assert media == pytest.approx([0, 0, 216 * POINTS_PER_MM, 303 * POINTS_PER_MM], abs=0.01)
    assert trim == pytest.approx(
        [3 * POINTS_PER_MM, 3 * POINTS_PER_MM, 213 * POINTS_PER_MM, 300 * POINTS_PER_MM], abs=0.01
    )


def test_the_logo_fills_its_box_in_one_direction_and_leaves_it_in_none() -> None:
    without = factory.inputs(logos={}, partner=factory.Partner())
    without_contact = factory.inputs(partner=factory.Partner())
    box = ink_between(picture_of(pdf_of(without)), picture_of(pdf_of(without_contact)))
    assert box is not None
    # The box of the logo, [18, 245, 62, 22] mm, with 3 mm of bleed, at four dots a mm.
    assert box[0] == pytest.approx(21 * 4, abs=2)
    assert box[2] == pytest.approx(83 * 4, abs=2)
    assert box[1] >= 248 * 4 - 1
    assert box[3] <= 270 * 4 + 1
    middle = picture_of(pdf_of(without_contact)).getpixel((((21 + 50) * 4), round(box[1] + (box[3] - box[1]) * 0.35)))
    assert middle == pytest.approx(RED, abs=6)


@pytest.mark.parametrize(
    "words", ["Short", "A headline that needs two or three lines of the box it was given", "ÄÅÇgjpqy"]
)
def test_ink_never_leaves_its_box(words: str) -> None:
    blank = picture_of(pdf_of(factory.inputs(values={"headline": "."})))
    box = ink_between(blank, picture_of(pdf_of(factory.inputs(values={"headline": words}))))
    assert box is not None
    left, top, right, bottom = (21 * 4, 101 * 4, 195 * 4, 145 * 4)
    assert (box[0] >= left - 1, box[1] >= top - 1, box[2] <= right + 1, box[3] <= bottom + 1) == (True,) * 4


def test_long_text_is_set_smaller_until_it_fits_and_then_refused_by_the_name_of_its_box() -> None:
    raw = factory.flyer()
    raw["variables"]["headline"]["max_length"] = 2000
    fits = "A fairly long headline " * 8
    assert text_of(pdf_of(factory.inputs(raw, values={"headline": fits.strip()}))).count("headline") == 8
    with pytest.raises(TextOverflow) as refused:
        pdf_of(factory.inputs(raw, values={"headline": fits * 5}))
    assert list(refused.value.errors) == ["a4.headline"]


def test_a_character_that_the_typeface_lacks_is_named() -> None:
    with pytest.raises(MissingGlyph, match="“漢” \\(U\\+6F22\\)"):
        pdf_of(factory.inputs(values={"headline": "Cloud 漢字"}))


def test_a_template_is_never_produced_with_a_required_value_missing() -> None:
    raw = factory.flyer()
    del raw["variables"]["headline"]["default"]
    with pytest.raises(ValuesMissing) as refused:
        pdf_of(factory.inputs(raw))
    assert list(refused.value.errors) == ["headline"]


def test_an_unknown_format_is_not_there() -> None:
    with pytest.raises(UnknownFormat, match="a4, letter, link_card, square"):
        engine.render(factory.inputs(), "a5")
    with pytest.raises(UnknownFormat, match="jpg, webp, png"):
        engine.render(factory.inputs(), "square", "pdf")


def test_one_partner_leaves_nothing_behind_for_the_next() -> None:
    first = pdf_of(factory.inputs())
    other = factory.inputs(
        partner=factory.Partner(trade_name="Südstern AG", city="Wien"), logos={}, values={"headline": "Something else"}
    )
    assert "Nordwind" not in text_of(pdf_of(other))
    assert b"Nordwind" not in pdf_of(other)
    assert pdf_of(factory.inputs()) == first


def test_a_stamped_file_is_hardly_larger_than_what_it_is_made_of() -> None:
    with_partner = len(pdf_of(factory.inputs()))
    without = len(pdf_of(factory.inputs(logos={}, partner=factory.Partner())))
    assert with_partner <= without + len(factory.logo()) + 20_000


SCRIPT = """
import hashlib, sys
from cobranding.rendering import engine
from tests.factories import cobranding as factory
for fmt in ("a4", "letter", "link_card", "square"):
    print(fmt, hashlib.sha256(engine.render(factory.inputs(), fmt).data).hexdigest())
"""


def test_two_processes_make_the_same_bytes() -> None:
    root = Path(__file__).parents[3]
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={"PYTHONPATH": str(root), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    for line in runs[0].splitlines():
        fmt, digest = line.split()
        assert hashlib.sha256(engine.render(factory.inputs(), fmt).data).hexdigest() == digest


def test_stamping_is_much_quicker_than_compiling() -> None:
    inputs = factory.inputs()
    engine.forget()
    started = time.perf_counter()
    pdf_of(inputs)
    compiled = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(20):
        pdf_of(inputs)
    assert (time.perf_counter() - started) / 20 < compiled / 2


def test_pictures_of_a_page_come_as_jpeg_and_png() -> None:
    for kind in ("jpg", "png"):
        data: Any = engine.render(factory.inputs(), "a4", kind).data
        assert Image.open(io.BytesIO(data)).size == (1240, 1754)


def test_threads_that_stamp_the_same_page_do_not_mix_their_partners() -> None:
    partners = [factory.Partner(trade_name=f"Partner number {number}", city=f"Town {number}") for number in range(12)]
    inputs = [factory.inputs(partner=partner, logos={}) for partner in partners]
    alone = [pdf_of(each) for each in inputs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(pdf_of, inputs * 3))
    assert together == alone * 3
