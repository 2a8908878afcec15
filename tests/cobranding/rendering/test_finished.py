"""Finished PDFs: the partner's mark lands where the reader sees the zone, and nothing else of the file changes."""

import io
import time
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from cobranding.rendering import engine
from cobranding.rendering.errors import DocumentUnusable, UnknownFormat
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.pdf.proof import problems_with
from tests.factories import cobranding as factory
from tests.factories import printed

RED = (220, 38, 38)


def stamped(inputs: Inputs) -> bytes:
    return engine.render(inputs, "brochure").data


def text_of(data: bytes, page: int = 0) -> str:
    return " ".join(pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded().split())


def seen(data: bytes, page: int = 0, dots_a_mm: float = 4.0) -> Image.Image:
    image: Image.Image = pypdfium2.PdfDocument(data)[page].render(scale=dots_a_mm * 25.4 / 72).to_pil()
    return image.convert("RGB")


def red_ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    red, green, _ = image.split()
    strong = Image.merge("RGB", (red.point(lambda v: 255 if v > 180 else 0), green, green))
    bands = strong.convert("RGB").split()
    mask = bands[0].point(lambda v: v).convert("L")
    dark = bands[1].point(lambda v: 255 if v < 90 else 0)
    return Image.composite(dark, Image.new("L", image.size), mask).getbbox()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, [40, 60, 560, 800]])
def test_a_zone_lies_where_the_reader_sees_it_on_turned_and_cropped_pages(
    degrees: int, crop: list[float] | None
) -> None:
    data = stamped(printed.stamping(printed.turned(printed.brochure(1), degrees, crop)))
    box = red_ink(seen(data))
    assert box is not None
    assert (box[0], box[1]) == pytest.approx((20 * 4, 30 * 4), abs=3)
    assert box[2] == pytest.approx(60 * 4, abs=3)
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    assert "Nordwind Systemhaus" in " ".join(page.get_text_bounded().split())
    assert "Page 1 as designed" in " ".join(page.get_text_bounded().split())


def test_type_on_a_turned_page_reads_upright() -> None:
    upright = seen(stamped(printed.stamping(printed.brochure(1)))).crop((280, 120, 520, 280))
    turned = seen(stamped(printed.stamping(printed.turned(printed.brochure(1), 90)))).crop((280, 120, 520, 280))
    apart = sum(
        abs(one - other)
        for one, other in zip(upright.convert("L").tobytes(), turned.convert("L").tobytes(), strict=True)
    )
    assert apart / (240 * 160) < 6


def test_a_page_counted_in_larger_units_takes_zones_in_millimetres_of_paper() -> None:
    box = red_ink(seen(stamped(printed.stamping(printed.turned(printed.brochure(1), 0, unit=2.0)))))
    assert box is not None
    # pdfium shows the page at half of its size: it does not know larger units.
    assert (box[0], box[1], box[2]) == pytest.approx((20 * 2, 30 * 2, 60 * 2), abs=2)


def test_what_a_page_leaves_behind_does_not_move_the_zones() -> None:
    box = red_ink(seen(stamped(printed.stamping(printed.brochure(1, untidy=True)))))
    assert box is not None
    assert (box[0], box[1], box[2]) == pytest.approx((80, 120, 240), abs=3)


def test_bookmarks_links_and_fields_survive_and_other_pages_are_untouched() -> None:
    before = printed.brochure(3)
    after = stamped(printed.stamping(before, pages=[2]))
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        assert new.check_pdf_syntax() == []
        with new.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Chapter 1", "Chapter 2", "Chapter 3"]
        for page in (0, 1, 2):
            link = next(each for each in new.pages[page].obj.Annots if each.Subtype == "/Link")
            assert str(link.A.URI) == "https://halden.example/read"
        for page in (0, 2):
            assert new.pages[page].Contents.read_raw_bytes() == old.pages[page].Contents.read_raw_bytes()
        new.Root.AcroForm.Fields[0].V = pikepdf.String("Hamburg")
        written = io.BytesIO()
        new.save(written)
    filled = pypdfium2.PdfDocument(written.getvalue())
    filled.init_forms()
    assert filled.get_formtype() != pypdfium2.raw.FORMTYPE_NONE
    assert "Nordwind" in text_of(after, 1)
    assert "Nordwind" not in text_of(after, 0)


def test_a_real_form_is_stamped_and_can_still_be_filled_in() -> None:
    data = printed.material("form_dd0293.pdf")
    after = stamped(printed.stamping(data))
    with pikepdf.open(io.BytesIO(data)) as old, pikepdf.open(io.BytesIO(after)) as new:
        assert new.check_pdf_syntax() == []
        names = [sorted(str(each.get("/T", "")) for each in pdf.Root.AcroForm.Fields) for pdf in (old, new)]
        assert names[0] == names[1] != []
        assert [len(page.obj.get("/Annots", [])) for page in new.pages] == [
            len(page.obj.get("/Annots", [])) for page in old.pages
        ]
        assert len(new.pages) == len(old.pages)
    assert "Nordwind Systemhaus" in text_of(after)
    assert set(text_of(data).split()) <= set(text_of(after).split())
    assert len(after) < len(data) + len(factory.logo()) + 60_000


def test_a_scan_is_stamped_and_keeps_its_picture_as_it_is() -> None:
    data = printed.material("congress.pdf")
    after = stamped(printed.stamping(data, zones=[{**printed.ZONES[1], "box": [5, 5, 50, 40]}]))
    with pikepdf.open(io.BytesIO(data)) as old, pikepdf.open(io.BytesIO(after)) as new:
        pictures = [pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes() for pdf in (old, new)]
    assert pictures[0] == pictures[1]
    assert "22767 Hamburg" in text_of(after)


def test_two_stampings_are_the_same_bytes_and_partners_differ() -> None:
    inputs = printed.stamping(printed.brochure(2), pages=[1, 2])
    first = stamped(inputs)
    other = stamped(replace(inputs, partner=factory.Partner(trade_name="Südstern AG"), logos={}))
    engine.forget()
    assert stamped(inputs) == first
    assert b"Nordwind" not in other
    assert "Südstern AG" in text_of(other)


def test_stamping_one_page_of_two_hundred_costs_little() -> None:
    inputs = printed.stamping(printed.brochure(200), pages=[137])
    assert "Nordwind" in text_of(stamped(inputs), 136)
    began = time.process_time()
    for _ in range(20):
        stamped(inputs)
    assert (time.process_time() - began) / 20 < 0.02


def test_any_page_can_be_looked_at() -> None:
    inputs = printed.stamping(printed.brochure(3), pages=[3])
    picture = engine.render(inputs, "brochure", "png", page=3)
    assert picture.filename == "autumn-flyer-brochure-3.png"
    assert red_ink(Image.open(io.BytesIO(picture.data)).convert("RGB")) is not None
    assert red_ink(Image.open(io.BytesIO(engine.render(inputs, "brochure", "png").data)).convert("RGB")) is None
    with pytest.raises(UnknownFormat, match="no page 4"):
        engine.render(inputs, "brochure", "png", page=4)


def looping() -> bytes:
    with pikepdf.open(io.BytesIO(printed.brochure(1))) as pdf:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def locked() -> bytes:
    with pikepdf.open(io.BytesIO(printed.brochure(1))) as pdf:
        written = io.BytesIO()
        pdf.save(written, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return written.getvalue()


def bomb() -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    packer = __import__("zlib").compressobj(9)
    data = b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()
    page.obj.Contents = pikepdf.Stream(pdf, data)
    page.obj.Contents.stream_dict.Filter = pikepdf.Name.FlateDecode
    written = io.BytesIO()
    pdf.save(written, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\nnothing", looping(), locked(), bomb(), printed.brochure(1)[:700]],
    ids=lambda data: str(len(data)),
)
def test_broken_files_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(DocumentUnusable) as refused:
        stamped(printed.stamping(data))
    assert len(refused.value.detail) > 20


def test_the_proof_names_pages_that_are_not_there_and_zones_that_leave_them() -> None:
    inputs = printed.stamping(printed.brochure(2), pages=[1, 7])
    assert problems_with(inputs.document, inputs.documents) == {
        "formats.brochure.pages[1].page": ["The finished PDF has no page 7; it has 2."]
    }
    outside = printed.stamping(printed.brochure(2), zones=[{**printed.ZONES[0], "box": [180, 30, 60, 20]}])
    assert problems_with(outside.document, outside.documents) == {
        "formats.brochure.pages[0]": ["“Logo” (logo) leaves the page, which is 210.0 × 297.0 mm"]
    }
    assert list(problems_with(outside.document, {})) == ["documents.brochure"]
