"""Where one feature meets another: conditions and grounds, links and layouts, finished pages and logos."""

import io
from dataclasses import replace
from zipfile import ZipFile

from cobranding.rendering import engine
from cobranding.rendering.inputs import InputFile, Inputs
from cobranding.rendering.layout import Setting, lay_out
from cobranding.rendering.preflight import preflight
from tests.cobranding.golden.documents import inputs as golden
from tests.factories import cobranding as factory

WHITE_MARK, DARK_MARK = factory.picture(factory.logo((255, 255, 255))), factory.picture(factory.logo((10, 12, 16)))


def shown_on(inputs: Inputs, fmt: str) -> str:
    """Return which of the two logos is drawn."""
    form = inputs.document.formats[fmt]
    element = next(each for each in form.elements if each.id == "logo")
    (shown,) = lay_out(element, Setting.of(inputs), form)
    return "white" if shown.picture.sha256 == WHITE_MARK.sha256 else "dark"


def test_a_link_of_one_partner_never_stands_in_the_deck_of_the_next() -> None:
    raw = golden("deck", "latin").document
    document = replace(
        raw,
        formats={
            "wide": replace(
                raw.formats["wide"],
                pages=tuple(
                    replace(page, elements=tuple(replace(each, link="{{partner.web}}") for each in page.elements))
                    for page in raw.formats["wide"].pages
                ),
            )
        },
    )
    one = replace(golden("deck", "latin"), document=document, content_hash="linked deck")
    other = replace(one, partner=replace(one.partner, web="https://other.example"))
    engine.render(one, "wide", "pptx")
    with ZipFile(io.BytesIO(engine.render(other, "wide", "pptx").data)) as deck:
        told = b"".join(deck.read(name) for name in deck.namelist() if name.endswith(".rels"))
    assert b"https://other.example" in told
    assert b"https://nordwind.example" not in told


def test_a_panel_that_is_not_drawn_is_no_ground() -> None:
    raw = factory.flyer()
    panel = {"id": "panel", "type": "shape", "shape": "rectangle", "fill": "night", "box": [0, 0, 400, 200]}
    panel["when"] = {"partner": "tier", "is": ["gold"]}
    logo = {"id": "logo", "type": "partner_logo", "style": "label", "background": "auto", "box": [20, 20, 200, 100]}
    card = {"width": 400, "height": 200, "unit": "px", "background": "white", "elements": [panel, logo]}
    raw["formats"], raw["variables"] = {"card": card}, {}
    gold = factory.inputs(raw, logos={"light": DARK_MARK, "dark": WHITE_MARK})
    silver = replace(gold, partner=replace(gold.partner, tier="silver"))
    assert (shown_on(gold, "card"), shown_on(silver, "card")) == ("white", "dark")


def test_a_dark_page_of_a_finished_pdf_is_the_ground_of_its_logo() -> None:
    dark = factory.flyer()
    dark["formats"] = {
        "page": {"width": 100, "height": 100, "unit": "mm", "background": "night", "elements": []},
    }
    dark["variables"] = {}
    cover = engine.render(factory.inputs(dark), "page", "pdf").data
    file = factory.picture(cover)
    zone = {"id": "logo", "type": "partner_logo", "style": "label", "background": "auto", "box": [10, 10, 60, 20]}
    raw = {key: value for key, value in factory.flyer().items() if key not in ("images", "variables")}
    raw["kind"], raw["documents"] = "document", {"cover": {"asset_name": "cover"}}
    raw["formats"] = {"cover": {"unit": "mm", "finished": "cover", "pages": [{"page": 1, "elements": [zone]}]}}
    inputs = factory.inputs(
        raw,
        logos={"light": DARK_MARK, "dark": WHITE_MARK},
        images={},
        documents={"cover": InputFile(file.sha256, file.read)},
    )
    assert shown_on(inputs, "cover") == "white"


def test_what_is_not_drawn_for_a_partner_stops_no_file() -> None:
    raw = factory.flyer()
    tiny = {"id": "seal", "type": "image", "variable": "seal", "box": [10, 10, 190, 60], "open": {"content": True}}
    tiny["when"] = {"partner": "tier", "is": ["silver"]}
    raw["variables"]["seal"] = {"type": "image"}
    raw["formats"]["a4"]["elements"].append(tiny)
    inputs = factory.inputs(raw, values={"seal": 7}, given={7: factory.picture(factory.photo(40, 20))})
    assert [each for each in preflight(inputs) if each.severity == "error"] == []
    assert engine.render(inputs, "a4").data.startswith(b"%PDF")
