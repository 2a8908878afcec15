"""What the documentation says is true, and it leaves nothing out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cobranding.rendering.document.checks.formats import POSSIBLE
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.schema import (
    ANCHOR,
    CONDITION,
    CONTACT_FIELDS_OPEN,
    ELEMENTS,
    FAMILIES,
    FILE,
    FONT,
    FORMAT,
    OPEN,
    OUTPUTS,
    PAGE,
    STYLE,
    VARIABLES,
    document_schema,
)
from cobranding.rendering.document.tokens import BRAND_FIELDS, PARTNER_FIELDS
from cobranding.rendering.preflight import Code

DOCS = Path(__file__).parents[3] / "docs"
PAGE_TEXT = (DOCS / "template-document.md").read_text()


def section(title: str) -> str:
    """Return what stands under a heading, up to the next one of its level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE_TEXT, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def enums(shape: Any) -> Iterator[str]:
    """Yield each word that the schema allows in some place."""
    if isinstance(shape, dict):
        yield from (word for word in shape.get("enum", ()) if isinstance(word, str))
        for inner in shape.values():
            yield from enums(inner)
    elif isinstance(shape, list):
        for inner in shape:
            yield from enums(inner)


def test_the_example_is_a_template() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE_TEXT, re.DOTALL)
    assert example is not None
    assert list(read(json.loads(example[1])).formats) == ["a4"]


@pytest.mark.parametrize(
    ("title", "shapes"),
    [
        ("The whole", [document_schema()]),
        ("Files", [{"properties": FILE}]),
        ("Colours, fonts and styles", [STYLE, {"properties": {"family": 0, "fallback": 0}}]),
        ("Formats", [FORMAT, PAGE]),
        ("Elements", [*ELEMENTS.values(), CONDITION]),
        ("Locks", [OPEN]),
        ("Variables", list(VARIABLES.values())),
    ],
)
def test_every_property_is_named_where_it_belongs(title: str, shapes: list[dict[str, Any]]) -> None:
    told = section(title)
    for shape in shapes:
        for name in shape["properties"]:
            assert f"`{name}`" in told or f'"{name}":' in told, name


def test_every_type_word_and_field_is_named() -> None:
    for name in (*ELEMENTS, *VARIABLES, *FAMILIES, *OUTPUTS):
        assert f"`{name}`" in PAGE_TEXT, name
    for name in (*PARTNER_FIELDS, *BRAND_FIELDS, *CONTACT_FIELDS_OPEN):
        assert name in PAGE_TEXT
    for name in ANCHOR["properties"]:
        assert f'"{name}":' in section("Elements") or f"`{name}`" in section("Elements")
    for word in enums([STYLE, FORMAT, ELEMENTS, document_schema()["properties"], FONT, ANCHOR, CONDITION]):
        assert f"`{word}`" in PAGE_TEXT or f'"{word}"' in PAGE_TEXT or f" {word} " in PAGE_TEXT, word


def test_the_files_that_a_format_comes_in_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| (print|screen|finished) \| (.+?) \|$", section("Formats"), re.MULTILINE))
    for sort, told in rows.items():
        assert tuple(re.findall(r"`(\w+)`", told)) == POSSIBLE[sort]
    assert set(POSSIBLE["deck"]) == {*POSSIBLE["print"], "pptx"}


def test_every_finding_is_explained_and_every_one_explained_can_be_found() -> None:
    explained = re.findall(r"^\| `([a-z_]+)` \|", (DOCS / "preflight.md").read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(code.value for code in Code)
