"""What is found before a file is produced, and what would pass."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from cobranding.rendering import engine
from cobranding.rendering.errors import PreflightFailed, ValuesMissing
from cobranding.rendering.inputs import Inputs, PictureFile
from cobranding.rendering.preflight import Finding, preflight
from tests.factories import cobranding as factory

WHITE = (255, 255, 255)


def found_in(inputs: Inputs, code: str) -> list[Finding]:
    return [finding for finding in preflight(inputs) if finding.code == code]


def codes_of(**changed) -> set[tuple[str, str, str]]:
    return {(found.severity, found.code, found.format) for found in preflight(factory.inputs(**changed))}


def a4_with(*changes: tuple[str, dict], variables: dict | None = None) -> dict:
    """The A4 flyer alone, with some of its elements changed."""
    raw = factory.flyer()
    raw["formats"] = {"a4": raw["formats"]["a4"]}
    for name, change in changes:
        next(each for each in raw["formats"]["a4"]["elements"] if each["id"] == name).update(change)
    raw["variables"] |= variables or {}
    return raw


def test_nothing_is_found_where_everything_is_right() -> None:
    assert preflight(factory.inputs()) == []


def test_a_white_logo_on_light_ground_is_warned_of() -> None:
    white = factory.picture(factory.logo(WHITE))
    assert {("warning", "logo_contrast", "a4")} <= codes_of(logos={"light": white, "dark": white})


def test_a_faint_logo_is_warned_of_with_its_ratio() -> None:
    yellow = factory.picture(factory.logo((250, 200, 40)))
    (found,) = found_in(factory.inputs(a4_with(), logos={"light": yellow}), "logo_contrast")
    assert (found.severity, found.needed) == ("warning", 3.0)
    assert found.measured == pytest.approx(1.43, abs=0.01)  # #FAC828 on #F3F4F6
    assert "1.4 to 1" in found.message
    lenient = a4_with(("logo", {"min_contrast": 1.2}))
    assert found_in(factory.inputs(lenient, logos={"light": yellow}), "logo_contrast") == []


def test_a_logo_of_few_pixels_is_warned_of_in_print_only() -> None:
    small = factory.picture(factory.logo(width=900, height=300))
    raw = factory.flyer()
    logo = next(each for each in raw["formats"]["a4"]["elements"] if each["id"] == "logo")
    logo["box"] = [18, 20, 170, 60]
    found = found_in(factory.inputs(raw, logos={"light": small}), "logo_coarse")
    assert [each.format for each in found] == ["a4"]
    assert found[0].advice.startswith("Upload it at least ")
    assert found[0].measured == pytest.approx(701 / (170 / 25.4), rel=0.03)  # 701 pixels of it are ink


def test_a_logo_that_nobody_would_print_is_an_error() -> None:
    tiny = factory.picture(factory.logo(width=900, height=300))
    raw = a4_with(("logo", {"box": [0, 0, 210, 200]}))
    small = factory.inputs(raw, logos={"light": shrunk(tiny.read(), 0.2)})
    assert [each.severity for each in found_in(small, "logo_coarse")] == ["error"]
    with pytest.raises(PreflightFailed) as refused:
        engine.render(small, "a4")
    assert list(refused.value.errors) == ["a4.logo"]


def shrunk(data: bytes, factor: float) -> PictureFile:
    written = io.BytesIO()
    image = Image.open(io.BytesIO(data))
    image.resize((round(image.width * factor), round(image.height * factor))).save(written, "PNG")
    return factory.picture(written.getvalue())


def test_a_picture_of_few_pixels_is_told_with_the_size_that_would_pass() -> None:
    photo = factory.picture(factory.photo(800, 550))
    (found,) = found_in(factory.inputs(a4_with(), images={"hero": photo}), "picture_coarse")
    assert (found.severity, found.element, found.needed) == ("warning", "photo", 150)
    assert found.measured == pytest.approx(776 / (216 / 25.4), abs=1)  # 776 of 800 pixels are left across 216 mm
    own = a4_with(variables={"photo": {"type": "image", "label": "Photo"}})
    element = next(each for each in own["formats"]["a4"]["elements"] if each["id"] == "photo")
    element |= {"variable": "photo", "open": {"content": True}}
    del element["image"]
    given = {5: replace(factory.picture(factory.photo(400, 275)), alt="Hills")}
    inputs = factory.inputs(own, values={"photo": 5}, given=given)
    (found,) = found_in(inputs, "picture_coarse")
    assert (found.severity, found.advice) == ("error", "Choose a picture of at least 1315 × 904 pixels.")
    with pytest.raises(PreflightFailed):
        engine.render(inputs, "a4")


def test_pictures_without_words_are_told() -> None:
    raw = factory.flyer()
    del raw["images"]["hero"]["alt"]
    assert {each.format for each in found_in(factory.inputs(raw), "alt_missing")} == set(raw["formats"])


def test_text_that_stands_out_too_little_is_told_with_its_ratio() -> None:
    raw = factory.flyer()
    raw["formats"] = {"square": raw["formats"]["square"]}
    raw["brand"]["colors"]["night"] = "#9CA3AF"
    (found,) = found_in(factory.inputs(raw), "text_contrast")
    assert (found.severity, found.element, found.needed) == ("warning", "headline", 3.0)
    assert found.measured == pytest.approx(2.54, abs=0.02)  # white on #9CA3AF


def test_small_type_needs_more_contrast_than_large() -> None:
    raw = a4_with()
    raw["brand"]["colors"] |= {"grey": "#808080", "mist": "#FFFFFF"}
    (found,) = found_in(factory.inputs(raw), "text_contrast")
    assert (found.element, found.needed) == ("contact", 4.5)
    assert found.measured == pytest.approx(3.95, abs=0.01)  # #808080 on white


def test_something_too_near_the_logo_is_told() -> None:
    crowded = a4_with(("logo", {"clear_space": 4}), ("bar", {"box": [20, 246, 22, 1.6]}))
    (found,) = found_in(factory.inputs(crowded), "clear_space")
    assert (found.severity, found.element) == ("warning", "logo")
    assert "Bar reaches into" in found.message
    assert found_in(factory.inputs(a4_with(("logo", {"clear_space": 4}))), "clear_space") == []


@pytest.mark.parametrize(("words", "code"), [("漢字", "missing_glyph"), ("Word " * 14, "")])
def test_what_cannot_be_set_is_an_error(words: str, code: str) -> None:
    errors = {each.code for each in preflight(factory.inputs(values={"headline": words})) if each.severity == "error"}
    assert errors == ({code} if code else set())


def test_a_code_without_any_link_is_an_error() -> None:
    raw = factory.flyer()
    del raw["variables"]["link"]["default"]
    nowhere = factory.Partner(trade_name="Nobody")
    assert ("error", "values_missing", "square") in codes_of(raw=raw, partner=nowhere)


def test_an_empty_profile_is_warned_of() -> None:
    assert {("warning", "contact_empty", "a4"), ("warning", "logo_missing", "a4")} <= codes_of(
        partner=factory.Partner(), logos={}
    )


def test_fields_of_the_profile_that_are_shown_and_empty_are_named() -> None:
    partner = replace(factory.NORDWIND, phone="", web="")
    (found,) = found_in(factory.inputs(a4_with(), partner=partner), "profile_missing")
    assert (found.severity, found.element) == ("warning", "contact")
    assert found.message.endswith(": phone, web.")


def test_a_default_that_only_shows_what_to_write_has_to_be_changed() -> None:
    raw = a4_with()
    raw["variables"]["headline"]["must_change"] = True
    for words in (None, "your CLOUD,  up and running in a week", "Ihre Cloud, startklar in einer Woche"):
        inputs = factory.inputs(raw, values={"headline": words} if words else {})
        (found,) = found_in(inputs, "must_change")
        assert (found.severity, found.element) == ("error", "headline")
        with pytest.raises(ValuesMissing) as refused:
            engine.render(inputs, "a4")
        assert list(refused.value.errors) == ["headline"]
    assert engine.sample(factory.inputs(raw), "a4").data
    assert found_in(factory.inputs(raw, values={"headline": "Come and see"}), "must_change") == []


def test_a_disclaimer_without_its_words_is_an_error() -> None:
    raw = a4_with(("legal", {"text": "{{partner.region}}", "required": True}))
    nowhere = factory.inputs(raw, partner=replace(factory.NORDWIND, region=""))
    assert {each.code for each in preflight(nowhere) if each.severity == "error"} == {
        "disclaimer_missing",
        "profile_missing",
    }
    with pytest.raises(PreflightFailed) as refused:
        engine.render(nowhere, "a4")
    assert list(refused.value.errors) == ["a4.legal"]
    assert preflight(factory.inputs(raw)) == []


def test_what_may_not_be_used_any_more_is_an_error() -> None:
    inputs = factory.inputs(refused={"images.hero": "The rights to this picture ended on 1 March."})
    (found,) = found_in(inputs, "rights_ended")
    assert (found.severity, found.element) == ("error", "images.hero")
    with pytest.raises(PreflightFailed, match="ended on 1 March"):
        engine.render(inputs, "a4")
    engine.render(replace(inputs, refused={}), "a4")


def test_a_logo_that_is_too_small_is_not_printed() -> None:
    inputs = factory.inputs(a4_with(("logo", {"min_height": 22})))
    with pytest.raises(PreflightFailed) as refused:
        engine.render(inputs, "a4")
    assert refused.value.errors["a4.logo"][0].startswith("Your logo comes out ")
