"""What is found before a file is produced, and what would pass."""

import pytest

from cobranding.rendering.preflight import preflight
from tests.factories import cobranding as factory

WHITE = (255, 255, 255)


def codes_of(**changed) -> set[tuple[str, str, str]]:
    return {(found.severity, found.code, found.format) for found in preflight(factory.inputs(**changed))}


def test_nothing_is_found_where_everything_is_right() -> None:
    assert preflight(factory.inputs()) == []


def test_a_white_logo_on_light_ground_is_warned_of() -> None:
    white = factory.picture(factory.logo(WHITE))
    assert {("warning", "logo_contrast", "a4")} <= codes_of(logos={"light": white, "dark": white})


def test_a_logo_of_few_pixels_is_warned_of_in_print_only() -> None:
    small = factory.picture(factory.logo(width=900, height=300))
    raw = factory.flyer()
    logo = next(each for each in raw["formats"]["a4"]["elements"] if each["id"] == "logo")
    logo["box"] = [18, 20, 170, 60]
    found = [each for each in preflight(factory.inputs(raw, logos={"light": small})) if each.code == "logo_coarse"]
    assert [each.format for each in found] == ["a4"]
    assert found[0].advice.startswith("Upload it at least ")


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
