"""The print PDF and the one for screens: inks and crop marks for the one, links, bookmarks and a tree for the other."""

import io
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from cobranding.rendering import engine
from cobranding.rendering.document.model import POINTS_PER_MM
from cobranding.rendering.errors import DocumentUnusable, UnknownFormat
from cobranding.rendering.inputs import Inputs
from tests.factories import cobranding as factory
from tests.factories import printed

MM = POINTS_PER_MM


def leaflet(**more: Any) -> Inputs:
    """Two labelled pages with inks; the second shows a page of a finished PDF."""
    raw = factory.flyer()
    colors = raw["brand"]["colors"]
    colors["accent"] = {"rgb": "#F59E0B", "cmyk": [0, 40, 95, 0]}
    colors["night"] = {"rgb": "#0B1F4B", "cmyk": [100, 80, 20, 40]}
    raw["documents"] = {"form": {"asset_name": "form"}}
    fmt = raw["formats"]["a4"]
    first = fmt.pop("elements")
    first[-1]["link"] = "https://halden.example/legal"
    theirs = {"id": "theirs", "type": "pdf_page", "document": "form", "page": 2, "box": [20, 20, 170, 220]}
    second = {"id": "web", "type": "text", "style": "kicker", "text": "{{partner.city}}", "box": [20, 260, 100, 20]}
    fmt["pages"] = [{"label": "Cover", "elements": first}, {"label": "The form", "elements": [theirs, second]}]
    fmt |= {"marks": True, **more}
    return printed.made(raw, documents={"form": printed.file(printed.material("form_dd0293.pdf"))})


def opened(inputs: Inputs, output: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(engine.render(inputs, "a4", output).data))


def box(pdf: pikepdf.Pdf, name: str) -> list[float]:
    return [float(edge) for edge in pdf.pages[0].obj[name]]


def operators(pdf: pikepdf.Pdf) -> bytes:
    forms = [
        form.read_bytes() for form in pdf.pages[0].obj.Resources.XObject.values() if form.get("/Subtype") == "/Form"
    ]
    return b"\n".join([pdf.pages[0].obj.Contents.read_bytes(), *forms])


def text_of(data: bytes, page: int) -> str:
    return " ".join(pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded().split())


def test_a_print_pdf_has_room_for_bleed_and_crop_marks_and_says_where_they_are() -> None:
    pdf = opened(leaflet(), "pdf")
    assert pdf.check_pdf_syntax() == []
    assert box(pdf, "/MediaBox") == pytest.approx([0, 0, 228 * MM, 315 * MM], abs=0.01)
    assert box(pdf, "/BleedBox") == pytest.approx([6 * MM, 6 * MM, 222 * MM, 309 * MM], abs=0.01)
    assert box(pdf, "/TrimBox") == pytest.approx([9 * MM, 9 * MM, 219 * MM, 306 * MM], abs=0.01)


def test_crop_marks_stand_at_the_trim_on_every_plate_and_outside_the_bleed() -> None:
    data = engine.render(leaflet(), "a4", "pdf").data
    sheet = pypdfium2.PdfDocument(data)[1].render(scale=8 / MM).to_pil().convert("L")
    ink = sheet.point(lambda level: 255 if level < 160 else 0)
    assert ink.crop((0, 0, 5 * 8, 9 * 8 + 40)).getbbox()[1] == pytest.approx(9 * 8, abs=2)  # type: ignore[index]
    assert ink.crop((0, 0, 9 * 8 + 40, 5 * 8)).getbbox()[0] == pytest.approx(9 * 8, abs=2)  # type: ignore[index]
    assert ink.crop((5 * 8 + 4, 5 * 8 + 4, 223 * 8 - 4, 20 * 8)).getbbox() is None
    assert b"/Registration CS 1 SCN 0.25 w" in operators(opened(leaflet(), "pdf"))


def test_inks_stay_inks_in_print_and_are_light_on_screens() -> None:
    printed_page, shown = operators(opened(leaflet(), "pdf")), operators(opened(leaflet(), "screen_pdf"))
    assert b"0 .4 .95 0 k" in printed_page  # the bar
    assert b"0 0.4 0.95 0 k" in printed_page  # the kicker
    assert b"1 0.8 0.2 0.4 k" in printed_page  # the code
    assert b" k\n" not in shown
    assert b"0.9608 0.6196 0.04314 rg" in shown


def test_a_screen_pdf_is_trimmed_and_leads_on() -> None:
    pdf = opened(leaflet(), "screen_pdf")
    assert pdf.check_pdf_syntax() == []
    assert box(pdf, "/MediaBox") == pytest.approx([0, 0, 210 * MM, 297 * MM], abs=0.01)
    links = {str(each.A.URI): [float(edge) / MM for edge in each.Rect] for each in pdf.pages[0].obj.Annots}
    assert sorted(links) == [
        "https://halden.example/legal",
        "https://halden.example/start",
        "https://nordwind.example",
        "mailto:hallo@nordwind.example",
    ]
    assert links["https://halden.example/start"] == pytest.approx([158, 297 - 279, 192, 297 - 245], abs=0.1)
    assert links["https://nordwind.example"][0] == pytest.approx(88, abs=1)
    in_print = opened(leaflet(), "pdf")
    assert "/Annots" not in in_print.pages[0].obj


def test_a_screen_pdf_has_bookmarks_a_title_and_a_language() -> None:
    pdf = opened(leaflet(), "screen_pdf")
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Cover", "The form"]
    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]) == "Autumn flyer"


def test_a_screen_reader_finds_headings_paragraphs_and_words_for_pictures_in_their_order() -> None:
    pdf = opened(leaflet(), "screen_pdf")
    found = [(str(each.S), str(each.get("/Alt", ""))) for each in pdf.Root.StructTreeRoot.K.K]
    assert found[:5] == [
        ("/Figure", "Hills under a blue sky"),
        ("/H1", ""),
        ("/P", ""),
        ("/P", ""),
        ("/Figure", "Nordwind Systemhaus"),
    ]


def test_every_piece_of_marked_content_and_the_tree_know_each_other() -> None:
    pdf = opened(leaflet(), "screen_pdf")
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    for at, page in enumerate(pdf.pages):
        assert int(page.obj.StructParents) == numbers[2 * at] == at
        marked = [
            int(each.operands[1].MCID)
            for each in pikepdf.parse_content_stream(page, "BDC")
            if "/MCID" in each.operands[1]
        ]
        parents = list(numbers[2 * at + 1])
        assert marked == list(range(len(parents)))
        assert [int(each.K) for each in parents] == marked
        assert all(each.Pg.objgen == page.obj.objgen for each in parents)
        opened_and_closed = [str(each.operator) for each in pikepdf.parse_content_stream(page, "BDC BMC EMC")]
        assert opened_and_closed.count("EMC") * 2 == len(opened_and_closed)


def test_a_page_of_a_finished_pdf_stands_in_its_box_as_type() -> None:
    data = engine.render(leaflet(), "a4", "pdf").data
    assert "SECTION 4: EVIDENCE AND RECORDS" in text_of(data, 1)
    assert "Hamburg" in text_of(data, 1)
    page = pypdfium2.PdfDocument(data)[1].render(scale=2 / MM).to_pil().convert("L")
    ink = page.crop((20, 20, 436, 500)).point(lambda level: 255 if level < 128 else 0).getbbox()
    assert ink is not None
    # [20, 20, 170, 220] mm and 9 mm of bleed and slug: contained, so that its width fills the box.
    assert ink[0] + 20 >= 29 * 2
    assert ink[2] + 20 <= 199 * 2


def test_a_page_that_the_finished_pdf_does_not_have_is_refused() -> None:
    inputs = leaflet()
    raw = factory.flyer()
    theirs = {"id": "theirs", "type": "pdf_page", "document": "form", "page": 9, "box": [20, 20, 170, 220]}
    raw["documents"] = {"form": {"asset_name": "form"}}
    raw["formats"]["a4"]["elements"].append(theirs)
    with pytest.raises(DocumentUnusable, match="no page 9"):
        engine.render(printed.made(raw, documents=inputs.documents), "a4")


def test_outputs_are_those_that_the_format_names() -> None:
    inputs = leaflet(outputs=["screen_pdf", "png"])
    assert engine.outputs_of(inputs.document.formats["a4"]) == ("screen_pdf", "png")
    assert engine.render(inputs, "a4").filename == "autumn-flyer-a4-screen.pdf"
    with pytest.raises(UnknownFormat, match="screen_pdf, png"):
        engine.render(inputs, "a4", "pdf")


@pytest.mark.parametrize("kind", ["jpg", "webp", "png"])
def test_pictures_show_any_page_as_it_is_after_cutting(kind: str) -> None:
    second = Image.open(io.BytesIO(engine.render(leaflet(), "a4", kind, page=2).data)).convert("L")
    assert second.size == (1240, 1754)
    assert second.getpixel((2, 2)) == pytest.approx(255, abs=2)
    with pytest.raises(UnknownFormat, match="no page 3"):
        engine.render(leaflet(), "a4", kind, page=3)


def test_all_outputs_are_the_same_bytes_every_time() -> None:
    first = [engine.render(leaflet(), "a4", kind).data for kind in ("pdf", "screen_pdf", "webp")]
    engine.forget()
    assert [engine.render(leaflet(), "a4", kind).data for kind in ("pdf", "screen_pdf", "webp")] == first


def test_the_code_of_an_artwork_is_written_into_its_files() -> None:
    raw = factory.flyer()
    inputs = factory.inputs(raw, code="K7Q29XWM0123")
    for kind in ("pdf", "screen_pdf"):
        with pikepdf.open(io.BytesIO(engine.render(inputs, "a4", kind).data)) as pdf:
            assert str(pdf.docinfo["/TCMACode"]) == "K7Q29XWM0123"
