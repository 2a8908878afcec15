"""The lock proof: nothing but a value of an open variable passes, and what does not is named."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranding.rendering.document.model import Document
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.values import check_values, in_effect, missing_values
from cobranding.rendering.errors import ValuesRefused
from tests.factories import cobranding as factory

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def document(**variables: dict[str, Any]) -> Document:
    raw = factory.flyer()
    raw["variables"] |= variables
    return read(raw)


EVERY_TYPE = document(
    size={"type": "choice", "choices": [{"value": "small", "text": "Small"}, {"value": "large", "text": "Large"}]},
    seats={"type": "number", "minimum": 1, "maximum": 100},
    day={"type": "date"},
    photo={"type": "image"},
    code={"type": "text", "pattern": "[A-Z]{3}[0-9]{2}"},
    claim={"type": "text", "editable": False, "default": "Fixed by the brand"},
)


def outcome(values: dict[str, Any]) -> tuple[dict[str, Any] | None, set[str]]:
    """Return what was kept, or the names of what was refused."""
    try:
        return check_values(EVERY_TYPE, values), set()
    except ValuesRefused as refused:
        return None, set(refused.errors)


@given(st.dictionaries(st.text(max_size=20) | st.sampled_from(sorted(EVERY_TYPE.variables)), JSON, max_size=6))
def test_what_passes_is_a_value_of_an_open_variable_and_the_rest_is_refused_by_name(values: dict[str, Any]) -> None:
    kept, refused = outcome(values)
    assert refused <= {str(name)[:120] for name in values}
    if kept is None:
        assert refused
        return
    for name in kept:
        assert EVERY_TYPE.variables[name].editable
    assert set(values) - set(kept) <= {name for name, value in values.items() if value is None}


@given(st.text(max_size=30).filter(lambda name: name not in EVERY_TYPE.variables), JSON)
def test_no_name_but_that_of_a_variable_opens_anything(name: str, value: Any) -> None:
    with pytest.raises(ValuesRefused) as refused:
        check_values(EVERY_TYPE, {name: value})
    assert refused.value.errors == {name[:120]: ["is not open in this template"]}


@settings(max_examples=50)
@given(
    st.sampled_from(["headline", "logo", "contact", "photo", "legal", "foot"]),
    st.sampled_from(["position", "style"]),
    JSON,
)
def test_position_and_style_are_locked_unless_the_document_opens_them(element: str, axis: str, value: Any) -> None:
    with pytest.raises(ValuesRefused):
        check_values(EVERY_TYPE, {f"a4.{element}.{axis}": value})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("claim", "mine", "is not open in this template"),
        ("headline", 7, "must be a text"),
        ("headline", "x" * 71, "has 71 characters, 70 are possible"),
        ("headline", "two\nlines", "must be on one line"),
        ("headline", "bell\x07", "contains a character that cannot be printed (U+0007)"),
        ("headline", "{{contact.first_name}}", "must not contain {{ or }}"),
        ("code", "abc12", "does not have the form that is asked for"),
        ("size", "medium", "must be one of small, large"),
        ("seats", 0, "must be at least 1"),
        ("seats", True, "must be a whole number"),
        ("day", "2026-02-30", "is not a day of the calendar"),
        ("link", "javascript:alert(1)", "must be an address that starts with https://"),
        ("link", "https://user@evil.example/", "must be an address that starts with https://"),
        ("link", 'https://evil.example/"><script>', "contains characters that an address cannot have"),
        ("photo", "12", "must be the id of a picture"),
        ("photo", 0, "must be the id of a picture"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_the_reason(name: str, value: Any, sentence: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        check_values(EVERY_TYPE, {name: value})
    assert refused.value.errors == {name: [sentence]}


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(ValuesRefused) as refused:
        check_values(EVERY_TYPE, {"seats": 0, "logo": "mine", "headline": "fine"})
    assert set(refused.value.errors) == {"seats", "logo"}


def test_a_pattern_that_never_ends_is_cut_off() -> None:
    slow = document(slow={"type": "text", "pattern": "(a|aa)+c", "max_length": 200})
    with pytest.raises(ValuesRefused, match="too long to hold"):
        check_values(slow, {"slow": "a" * 190})


def test_text_is_kept_composed() -> None:
    assert check_values(EVERY_TYPE, {"headline": "Cafe\u0301"}) == {"headline": "Caf\u00e9"}


def test_opened_position_moves_inside_its_area_and_opened_style_takes_its_choices() -> None:
    raw = factory.flyer()
    raw["formats"]["a4"]["elements"][3]["open"] = {
        "content": True,
        "position": {"within": [18, 90, 174, 58]},
        "style": {"choices": ["headline", "lead"]},
    }
    opened = read(raw)
    assert check_values(opened, {"a4.headline.position": [18, 100], "a4.headline.style": "lead"})
    with pytest.raises(ValuesRefused, match="leaves the area"):
        check_values(opened, {"a4.headline.position": [18, 120]})
    with pytest.raises(ValuesRefused, match="must be one of headline, lead"):
        check_values(opened, {"a4.headline.style": "small"})
    with pytest.raises(ValuesRefused, match="is not open"):
        check_values(opened, {"letter.headline.position": [18, 100]})


def test_a_default_speaks_the_language_that_is_asked_for() -> None:
    assert in_effect(EVERY_TYPE, {}, "de-AT")["headline"] == "Ihre Cloud, startklar in einer Woche"
    assert in_effect(EVERY_TYPE, {}, "fr")["headline"] == "Your cloud, up and running in a week"


def test_a_required_variable_without_value_or_default_is_missing() -> None:
    asked = document(street={"type": "text", "required": True})
    assert [variable.name for variable in missing_values(asked, {}, "en")] == ["street"]
    assert missing_values(asked, {"street": "Elbstraße"}, "en") == []
