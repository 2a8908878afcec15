"""What does not go together in a document is named by its place, in pages and in groups."""

from collections.abc import Callable
from typing import Any

import pytest

from cobranding.rendering.document.reading import read
from cobranding.rendering.errors import DocumentInvalid
from tests.factories import documents

Raw = dict[str, Any]
FRONT = "formats.a4.pages[0].elements"
BACK = "formats.a4.pages[1].elements"


def front(raw: Raw, at: int) -> Raw:
    return raw["formats"]["a4"]["pages"][0]["elements"][at]  # type: ignore[no-any-return]


def back(raw: Raw, at: int) -> Raw:
    return raw["formats"]["a4"]["pages"][1]["elements"][at]  # type: ignore[no-any-return]


def errors_of(raw: Raw, spoil: Callable[[Raw], Any]) -> dict[str, list[str]]:
    spoil(raw)
    with pytest.raises(DocumentInvalid) as refused:
        read(raw)
    return refused.value.errors


@pytest.mark.parametrize("made", [documents.whole, documents.finished, documents.deck])
def test_documents_that_use_everything_are_read(made: Callable[[], Raw]) -> None:
    assert read(made()).formats


@pytest.mark.parametrize(
    ("spoil", "path", "sentence"),
    [
        (lambda raw: front(raw, 3)["elements"][1].update(id="badge"), f"{FRONT}[4].id", "badge is there twice"),
        (lambda raw: back(raw, 3).update(id="stamp"), f"{BACK}[3].id", "stamp is there twice"),
        (
            lambda raw: front(raw, 3)["elements"][1].update(box=[2, 2, 90, 16]),
            f"{FRONT}[3].elements[1].box",
            "reaches over the safe area",
        ),
        (
            lambda raw: front(raw, 3)["elements"][0].update(box=[0, 0, 94, 20]),
            f"{FRONT}[3].elements[0].box",
            "reaches over the edge of the page",
        ),
        (lambda raw: front(raw, 3)["elements"][0].update(fill="pink"), f"{FRONT}[3].elements[0].fill", "no pink"),
        (lambda raw: front(raw, 3).update(open={"content": True}), f"{FRONT}[3].open", "not of the group"),
        (
            lambda raw: front(raw, 3).update(anchor={"to": "headline", "edge": "below"}),
            f"{FRONT}[3].anchor",
            "not of the group",
        ),
        (lambda raw: front(raw, 3)["when"].update({"is": ["gift"]}), f"{FRONT}[3].when.is[0]", "gift is none of"),
        (lambda raw: front(raw, 3)["when"].update(variable="gift"), f"{FRONT}[3].when.variable", "no gift"),
        (lambda raw: front(raw, 4)["when"][1].update(variable="gift"), f"{FRONT}[4].when[1].variable", "no gift"),
        (
            lambda raw: front(raw, 4)["when"].append({"variable": "photo", "is": ["7"]}),
            f"{FRONT}[4].when[2].is[0]",
            "only whether it is the empty text",
        ),
        (
            lambda raw: front(raw, 4)["when"].append({"variable": "seats", "is": ["many"]}),
            f"{FRONT}[4].when[2].is[0]",
            "no whole number",
        ),
        (lambda raw: front(raw, 4)["when"].append({"partner": "size", "is": ["x"]}), f"{FRONT}[4].when", "shapes"),
        (lambda raw: front(raw, 2)["anchor"].update(to="intro"), f"{FRONT}[2].anchor.to", "this element itself"),
        (lambda raw: front(raw, 2)["anchor"].update(to="badge"), f"{FRONT}[2].anchor.to", "stands after"),
        (
            lambda raw: front(raw, 2)["anchor"].update(to="logo"),
            f"{FRONT}[2].anchor.to",
            "no element logo",
        ),
        (
            lambda raw: back(raw, 0).update(anchor={"to": "logo", "edge": "below"}),
            f"{BACK}[0].open.position",
            "does not go together with anchor",
        ),
        (
            lambda raw: back(raw, 0)["open"]["position"].update(within=[0, 0, 100, 60]),
            f"{BACK}[0].open.position.within",
            "over the safe area",
        ),
        (lambda raw: back(raw, 1).update(box=[130, 20, 80, 44]), f"{BACK}[1].box", "over the safe area"),
        (lambda raw: back(raw, 5).update(box=[2, 150, 30, 30]), f"{BACK}[5].box", "over the safe area"),
        (lambda raw: back(raw, 1).update(variable="own_logo"), f"{BACK}[1].variable", "not of type contact"),
        (lambda raw: back(raw, 0).update(variable="photo"), f"{BACK}[0].variable", "not of type logo"),
        (lambda raw: back(raw, 1).pop("open"), f"{BACK}[1].open", "it shows office, which partners may edit"),
        (lambda raw: back(raw, 0).update(clear_space=11), f"{BACK}[0].clear_space", "leaves nothing"),
        (lambda raw: back(raw, 0).update(min_width=60), f"{BACK}[0].min_width", "more than the box has"),
        (lambda raw: back(raw, 0).update(link="javascript:alert(1)"), f"{BACK}[0].link", "starts with https://"),
        (lambda raw: back(raw, 0).update(link="{{nobody}}"), f"{BACK}[0].link", "{{nobody}} is not"),
        (lambda raw: back(raw, 3).update(link="{{link}}"), f"{BACK}[3].open", "it shows link, which partners"),
        (lambda raw: back(raw, 2).update(text="{{intro}}"), f"{BACK}[2].text", "is of type rich_text"),
        (
            lambda raw: back(raw, 6).update(when={"partner": "tier", "is": ["gold"]}),
            f"{BACK}[6].required",
            "does not go together with when",
        ),
        (lambda raw: front(raw, 2).update(text="# Big\n\n{{intro}}"), f"{FRONT}[2].text", "has headings"),
        (lambda raw: front(raw, 2).update(text={"en": "<b>{{intro}}</b>"}), f"{FRONT}[2].text.en", "has HTML"),
        (
            lambda raw: front(raw, 2).update(text="[{{intro}}](http://x.example)"),
            f"{FRONT}[2].text",
            "links start with https://",
        ),
        (lambda raw: front(raw, 2).update(strong_style="bold"), f"{FRONT}[2].strong_style", "no bold"),
        (
            lambda raw: raw["brand"]["fonts"]["sans"].update(fallback=["arabic"]),
            "brand.fonts.sans.fallback[0]",
            "no font arabic",
        ),
        (
            lambda raw: raw["brand"]["fonts"]["sans"].update(fallback=["noto", "noto"]),
            "brand.fonts.sans.fallback[1]",
            "there twice",
        ),
        (
            lambda raw: raw["brand"]["fonts"]["noto"].update(fallback=["noto"]),
            "brand.fonts.noto.fallback[0]",
            "this font itself",
        ),
        (lambda raw: raw["brand"]["fonts"]["noto"].update(asset_name="x"), "brand.fonts.noto", "from one of them"),
        (
            lambda raw: raw["brand"]["colors"]["brand_blue"].update(cmyk=[100, 60, 0]),
            "brand.colors.brand_blue",
            "shapes that are possible",
        ),
        (lambda raw: raw["variables"]["quote"].pop("default"), "variables.quote.must_change", "needs a default"),
        (
            lambda raw: raw["variables"]["quote"].update(editable=False),
            "variables.quote.must_change",
            "nobody may edit",
        ),
        (
            lambda raw: raw["variables"]["headline"].update(smallest=60),
            "variables.headline.smallest",
            f"larger than the size of {FRONT}[1]",
        ),
        (
            lambda raw: raw["variables"]["headline"].update(largest=10, smallest=20),
            "variables.headline.smallest",
            "larger than largest",
        ),
        (lambda raw: raw["variables"]["intro"].update(default="1. one"), "variables.intro.default", "numbered lists"),
        (lambda raw: raw["variables"]["office"].update(fields=["legal_name"]), "variables.office.fields[0]", "one of"),
        (lambda raw: raw["variables"]["seats"].update(default=5.0), "variables.seats.default", "not of type 'integer'"),
        (lambda raw: raw["images"]["hero"].update(asset_id=2**63), "images.hero.asset_id", "greater than"),
        (lambda raw: raw["formats"]["a4"].update(outputs=["pdf", "pptx"]), "formats.a4.outputs[1]", "not possible"),
        (lambda raw: raw["formats"]["square"].update(outputs=["pdf"]), "formats.square.outputs[0]", "not possible"),
        (lambda raw: raw["formats"]["a4"].update(scales=[2]), "formats.a4.scales", "belongs to screen formats"),
        (lambda raw: raw["formats"]["square"].update(marks=True), "formats.square.marks", "belongs to print formats"),
        (lambda raw: raw["formats"]["a4"].update(safe=105), "formats.a4.safe", "leaves nothing"),
        (lambda raw: raw["formats"]["a4"]["pages"][1].update(page=2), "formats.a4.pages[1].page", "belongs to formats"),
        (lambda raw: raw["formats"]["a4"]["pages"][0].update(background="x"), "formats.a4.pages[0].background", "no x"),
        (
            lambda raw: raw["variables"].update({"title\n": {"type": "text"}}),
            "variables",
            "does not match",
        ),
    ],
)
def test_what_contradicts_itself_is_named_by_its_path(spoil: Callable[[Raw], Any], path: str, sentence: str) -> None:
    errors = errors_of(documents.whole(), spoil)
    assert any(sentence in said for said in errors.get(path, [])), errors


@pytest.mark.parametrize(
    ("spoil", "path", "sentence"),
    [
        (lambda fmt: fmt.update(finished="book"), "formats.paper.finished", "no book under documents"),
        (lambda fmt: fmt["pages"][1].update(page=1), "formats.paper.pages[1].page", "1 does not come after 1"),
        (lambda fmt: fmt["pages"][0].update(background="white"), "formats.paper.pages[0].background", "would cover"),
        (lambda fmt: fmt.update(outputs=["screen_pdf"]), "formats.paper.outputs[0]", "not possible"),
        (
            lambda fmt: fmt["pages"][0]["elements"].append(
                {"id": "p", "type": "pdf_page", "document": "book", "box": [0, 0, 10, 10]}
            ),
            "formats.paper.pages[0].elements[1].document",
            "no book under documents",
        ),
    ],
)
def test_a_finished_pdf_keeps_its_own_pages(spoil: Callable[[Raw], Any], path: str, sentence: str) -> None:
    errors = errors_of(documents.finished(), lambda raw: spoil(raw["formats"]["paper"]))
    assert any(sentence in said for said in errors.get(path, [])), errors


def test_the_kind_says_what_formats_are_made_of() -> None:
    assert (
        "needed" in errors_of(documents.deck(), lambda raw: raw.update(kind="document"))["formats.slides.finished"][0]
    )
    assert "deck" in errors_of(documents.finished(), lambda raw: raw.update(kind="deck"))["formats.paper.finished"][0]
    errors = errors_of(documents.deck(), lambda raw: raw.update(kind="flyer"))
    assert "pptx is not possible" in errors["formats.slides.outputs[0]"][0]


def test_a_document_nested_without_end_is_refused() -> None:
    def bury(raw: Raw) -> None:
        for at in range(400):
            inner = {"id": f"g{at}", "type": "group", "box": [0, 0, 9, 9], "elements": [front(raw, 4)]}
            raw["formats"]["a4"]["pages"][0]["elements"][4] = inner

    assert errors_of(documents.whole(), bury) == {"document": ["is nested more than 40 deep"]}
