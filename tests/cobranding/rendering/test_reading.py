"""A document is refused with the path of what is wrong in it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cobranding.rendering.document.reading import read, schema
from cobranding.rendering.errors import DocumentInvalid
from tests.factories import cobranding as factory

Spoil = Callable[[dict[str, Any]], Any]


def elements(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return raw["formats"]["a4"]["elements"]  # type: ignore[no-any-return]


def errors_of(spoil: Spoil, raw: dict[str, Any] | None = None) -> dict[str, list[str]]:
    raw = raw or factory.flyer()
    spoil(raw)
    with pytest.raises(DocumentInvalid) as refused:
        read(raw)
    return refused.value.errors


def test_the_schema_is_a_schema_and_takes_the_example() -> None:
    Draft202012Validator.check_schema(schema())
    document = read(factory.flyer())
    assert list(document.formats) == ["a4", "letter", "link_card", "square"]
    assert read(factory.email()).email is not None


@pytest.mark.parametrize(
    ("spoil", "path", "sentence"),
    [
        (lambda raw: elements(raw)[3].update(box=[1, 2, 3]), "formats.a4.elements[3].box", "too short"),
        (lambda raw: elements(raw)[3].update(box=[1, 2, 0, 4]), "formats.a4.elements[3].box", "needs a width"),
        (
            lambda raw: elements(raw)[3].update(box=[150, 98, 174, 44]),
            "formats.a4.elements[3].box",
            "over the trimmed edge",
        ),
        (lambda raw: elements(raw)[3].pop("open"), "formats.a4.elements[3].open", "locks the content"),
        (
            lambda raw: elements(raw)[4].update(open={"content": True}),
            "formats.a4.elements[4].open",
            "opens the content",
        ),
        (lambda raw: elements(raw)[3].update(style="huge"), "formats.a4.elements[3].style", "no huge"),
        (lambda raw: elements(raw)[1].update(fill="pink"), "formats.a4.elements[1].fill", "no pink"),
        (lambda raw: elements(raw)[0].update(image="other"), "formats.a4.elements[0].image", "no other"),
        (lambda raw: elements(raw)[1].update(onclick="x"), "formats.a4.elements[1]", "does not know onclick"),
        (lambda raw: elements(raw)[1].update(type="video"), "formats.a4.elements[1].type", "is not one of"),
        (lambda raw: elements(raw)[4].update(text="{{nobody}}"), "formats.a4.elements[4].text", "{{nobody}}"),
        (
            lambda raw: elements(raw)[4].update(text="{{ oops"),
            "formats.a4.elements[4].text",
            "braces that are no token",
        ),
        (lambda raw: elements(raw)[4].update(id="lead"), "formats.a4.elements[5].id", "there twice"),
        (lambda raw: elements(raw)[9].update(link="ftp://x.example"), "formats.a4.elements[9].link", "https://"),
        (lambda raw: raw["variables"]["headline"].update(pattern="("), "variables.headline.pattern", "not a pattern"),
        (
            lambda raw: raw["variables"]["headline"].update(max_length=10),
            "variables.headline.default.en",
            "10 are possible",
        ),
        (
            lambda raw: raw["brand"]["styles"]["lead"].update(smallest=20),
            "brand.styles.lead.smallest",
            "larger than size",
        ),
        (lambda raw: raw["brand"]["styles"]["lead"].update(font="comic"), "brand.styles.lead.font", "no font comic"),
        (lambda raw: raw["formats"]["square"].update(width=8000, height=8000), "formats.square", "pixels"),
        (lambda raw: raw.update(kind="email"), "document", "does not belong"),
        (lambda raw: raw.update(schema=2), "schema", "1 was expected"),
        (lambda raw: raw["formats"]["a4"].update(width=float("nan")), "document", "not JSON"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(spoil: Spoil, path: str, sentence: str) -> None:
    errors = errors_of(spoil)
    assert path in errors
    assert any(sentence in said for said in errors[path])


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ("<mj-include path='/etc/passwd' />", "must not use the tag mj-include"),
        ("<mj-raw><script>alert(1)</script></mj-raw>", "must not use the tag script"),
        ("<mj-text><a href='javascript:alert(1)'>x</a></mj-text>", "must not lead to"),
        ("<mj-text><img src='x' onerror='y'></mj-text>", "must not use the tag img"),
        ("<mj-text onclick='x'>x</mj-text>", "must not use the attribute onclick"),
        ("<mj-text>{{contact.password}}</mj-text>", "does not know the token {{contact.password}}"),
        ("<mj-style>@import url(x);</mj-style>", "must not load styles"),
        ("<mj-section><mj-text></mj-section>", "is not MJML"),
    ],
)
def test_an_e_mail_that_could_do_harm_is_refused(spoiled: str, sentence: str) -> None:
    def spoil(raw: dict[str, Any]) -> None:
        raw["email"]["mjml"] = factory.MAIL.replace("<mj-text>{{offer}}</mj-text>", spoiled)

    errors = errors_of(spoil, factory.email())
    assert any(sentence in said for said in errors["email.mjml"])


def test_an_e_mail_without_a_way_out_is_refused() -> None:
    def spoil(raw: dict[str, Any]) -> None:
        raw["email"]["mjml"] = factory.MAIL.replace("{{unsubscribe_url}}", "https://halden.example")

    assert "a way out" in errors_of(spoil, factory.email())["email.mjml"][0]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 300) | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(ANY_JSON)
def test_anything_else_is_refused_and_breaks_nothing(raw: Any) -> None:
    with pytest.raises(DocumentInvalid):
        read(raw)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_template_with_one_thing_replaced_is_either_fine_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from([factory.flyer, factory.email]))()
    place: Any = raw
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(ANY_JSON)
            break
        place = place[key]
    try:
        read(raw)
    except DocumentInvalid as refused:
        assert refused.errors  # noqa: PT017 - either outcome is right
