"""The lock proof, for any document and any values: nothing but open names passes, and what is locked stays as it is."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cobranding.rendering.document.model import Document
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.showing import shown_by
from cobranding.rendering.document.values import check_values, slot_of
from cobranding.rendering.errors import DocumentInvalid, ValuesRefused
from cobranding.rendering.layout import Setting, lay_out
from tests.factories import cobranding as factory
from tests.factories import documents

Raw = dict[str, Any]
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CLOSABLE = ("headline", "offer", "seats", "photo", "own_logo", "office", "link")
NAMES = (
    *documents.whole()["variables"],
    "a4.headline.style",
    "a4.headline.position",
    "a4.logo.position",
    "a4.logo.style",
    "a4.terms.position",
    "a4.stamp.position",
    "square.headline.style",
)
HOSTILE_NAMES = (
    "__class__",
    "__dict__",
    "a4.__class__.style",
    "constructor",
    "he\u0430dline",
    "headline\u200b",
    "ｈeadline",
    "headline\n",
    "a4.headline.style\n",
    "HEADLINE",
    " headline",
    "variables.headline",
    "a4.logo.box",
    "\ud800",
    "b'headline'",
    "",
)
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "headline": st.sampled_from(["Meet us", "Grüße aus Köln", ""]),
    "intro": st.sampled_from(["Come **along**", "- one\n- two", "[here](https://x.example)"]),
    "offer": st.sampled_from(["trial", "talk"]),
    "seats": st.integers(1, 100),
    "day": st.just("2026-05-31"),
    "photo": st.integers(1, 9),
    "own_logo": st.integers(1, 9),
    "office": st.fixed_dictionaries({}, optional={"phone": st.just("+49 30 1"), "city": st.just("Bonn")}),
    "quote": st.just("They came the next day."),
    "link": st.just("https://partner.example/now"),
    "a4.headline.style": st.sampled_from(["headline", "lead"]),
    "a4.logo.position": st.sampled_from([[12, 12], [18.5, 30], [30, 40]]),
}
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**4000), float("nan"), float("inf"), True, 2**63])
TEXTS = st.text(alphabet=st.characters(), max_size=30) | st.sampled_from(
    ["\ud800", "\x00", "{{partner.email}}", "a" * 9000]
)
GARBAGE: st.SearchStrategy[Any] = st.recursive(
    st.none() | NUMBERS | TEXTS | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["phone", "city", "__class__"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@cache
def made(closed: tuple[str, ...], styled: bool) -> Document:
    """Make a document in which some of the variables are the brand's own, and a style is open or not."""
    raw = json.loads(json.dumps(documents.whole()))
    for name in closed:
        raw["variables"][name]["editable"] = False
    elements = [each for page in raw["formats"]["a4"]["pages"] for each in page["elements"]]
    elements += elements[3]["elements"] + raw["formats"]["square"]["elements"]
    editable = [name for name, variable in raw["variables"].items() if variable.get("editable", True)]
    for each in elements:
        shown = json.dumps([each.get(key) for key in ("text", "link", "variable")])
        each.get("open", {}).pop("content", None)
        if any(f"{{{{{name}}}}}" in shown or f'"{name}"' in shown for name in editable):
            each.setdefault("open", {})["content"] = True
    if not styled:
        elements[1]["open"] = {name: opened for name, opened in elements[1]["open"].items() if name != "style"}
    return read(raw)


def made_documents() -> st.SearchStrategy[Document]:
    """Draw a document with all of the variables closed, none, or one."""
    closed = st.sampled_from([(), CLOSABLE, *((name,) for name in CLOSABLE)])
    return st.builds(made, closed, st.booleans())


def values() -> st.SearchStrategy[Any]:
    """Draw values that are fine, and others that are anything."""
    good = st.fixed_dictionaries({}, optional=GOOD)
    names = (
        st.sampled_from(NAMES)
        | st.sampled_from(HOSTILE_NAMES)
        | st.text(max_size=12)
        | st.integers()
        | st.binary(max_size=3)
    )
    bad = st.dictionaries(names, GARBAGE, max_size=5)
    return st.one_of(good, bad, st.builds(lambda one, other: {**one, **other}, good, bad), GARBAGE)


def is_open(document: Document, name: str) -> bool:
    variable = document.variables.get(name)
    return variable.editable if variable is not None else slot_of(document, name) is not None


@RELAXED
@given(made_documents(), values())
def test_whatever_is_sent_is_kept_under_open_names_or_refused_by_name(document: Document, sent: Any) -> None:
    try:
        kept = check_values(document, sent)
    except ValuesRefused as refused:
        assert refused.errors  # noqa: PT017 - either outcome is right
        json.dumps(refused.errors, ensure_ascii=False).encode()
        refused.detail.encode()
        return
    assert all(is_open(document, name) for name in kept)
    assert set(kept) <= set(sent)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    json.dumps(kept, ensure_ascii=False).encode()
    assert check_values(document, kept) == kept


@RELAXED
@given(made_documents(), st.fixed_dictionaries({}, optional=GOOD))
def test_what_is_locked_looks_the_same_whatever_is_accepted(document: Document, sent: Raw) -> None:
    open_values = {name: value for name, value in sent.items() if is_open(document, name)}
    kept = check_values(document, open_values)
    inputs = factory.inputs()
    common = {"logos": inputs.logos, "images": inputs.images, "partner": factory.NORDWIND, "brand": factory.HALDEN}
    before = Setting.of(type(inputs)("x", document, {}, locale="en", **common))
    after = Setting.of(type(inputs)("x", document, kept, locale="en", **common))
    for fmt in document.formats.values():
        for element in fmt.elements:
            opened = element.open
            if opened.content or opened.within or opened.styles:
                continue
            assert not any(document.variables[name].editable for name in shown_by(element))
            assert lay_out(element, before, fmt) == lay_out(element, after, fmt)


@RELAXED
@given(made_documents(), st.sampled_from([*NAMES, *HOSTILE_NAMES]), GARBAGE)
def test_no_value_passes_under_a_name_that_is_closed(document: Document, name: str, value: Any) -> None:
    if not is_open(document, name):
        with pytest.raises(ValuesRefused) as refused:
            check_values(document, {name: value})
        assert list(refused.value.errors.values()) == [["is not open in this template"]]


def places(raw: Any) -> list[tuple[Any, Any]]:
    """Return each place in a document: what holds it, and the key."""
    found: list[tuple[Any, Any]] = []
    layer = [raw]
    for _ in range(20):
        inside: list[tuple[Any, Any]] = []
        for holder in layer:
            keys: Any = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
            inside += [(holder, key) for key in keys]
        found += inside
        layer = [holder[key] for holder, key in inside]
    return found


ADDED = ("when", "anchor", "open", "required", "fallback", "x\n", "scales", "link")


def deep(levels: int) -> Any:
    value: Any = {"type": "group"}
    for _ in range(levels):
        value = {"elements": [value]}
    return value


BIG: list[Callable[[], Any]] = [
    lambda: 10**400,
    lambda: -1e308,
    lambda: float("nan"),
    lambda: "a" * 10**6,
    lambda: "{{" * 4000,
    lambda: "(a|a)*" * 20,
    lambda: "[" * 300,
    lambda: "((((a{9}){9}){9}){9}){9}",
    list,
    dict,
    lambda: [1] * 3000,
    lambda: deep(15),
    lambda: deep(3000),
]
WRONG: st.SearchStrategy[Any] = GARBAGE | st.sampled_from(BIG).map(lambda make: make())


@RELAXED
@given(
    st.sampled_from([documents.whole, documents.finished, documents.deck, factory.email]),
    st.lists(
        st.tuples(st.integers(0, 10**4), st.sampled_from(["replace", "drop", "add"]), WRONG), min_size=1, max_size=3
    ),
)
def test_a_spoiled_document_is_read_or_refused_and_soon(make: Any, spoils: list[tuple[int, str, Any]]) -> None:
    raw = json.loads(json.dumps(make()))
    for at, change, wrong in spoils:
        found = places(raw)
        if not found:
            break
        holder, key = found[at % len(found)]
        if change == "drop":
            del holder[key]
        elif change == "add" and isinstance(holder, dict):
            holder[sorted(ADDED)[at % len(ADDED)]] = wrong
        else:
            holder[key] = wrong
    started = time.process_time()
    try:
        assert isinstance(read(raw), Document)
    except DocumentInvalid as refused:
        assert refused.errors  # noqa: PT017 - either outcome is right
    assert time.process_time() - started < 5
