"""Walks the JSON of a document together with what was built out of it, so that each thing goes by its own path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cobranding.rendering.document.elements import Element
from cobranding.rendering.document.model import Document, Format, Page

Raw = Mapping[str, Any]
Problem = tuple[str, str]
"""A path in the document, and what is wrong there."""


@dataclass(frozen=True)
class Written:
    """An element, or a group of them, as the document has it."""

    path: str
    raw: Raw


@dataclass(frozen=True)
class Placed:
    """An element as it was written and as it was built, with the page that it stands on."""

    path: str
    raw: Raw
    element: Element
    fmt: Format
    page: Page


def pages_with_paths(raw: Raw) -> Iterator[tuple[str, str, Raw]]:
    """Yield each page with the name of its format and its path: the format's own when it names no pages."""
    for name, fmt in raw.get("formats", {}).items():
        if "elements" in fmt:
            yield name, f"formats.{name}", fmt
        for at, page in enumerate(fmt.get("pages", [])):
            yield name, f"formats.{name}.pages[{at}]", page


def written_in(path: str, holder: Raw) -> Iterator[Written]:
    """Yield the elements of a page or a group in their order, each group before what is in it."""
    for at, element in enumerate(holder["elements"]):
        own = f"{path}.elements[{at}]"
        yield Written(own, element)
        if element["type"] == "group":
            yield from written_in(own, element)


def written(raw: Raw) -> Iterator[Written]:
    """Yield all elements and groups of a document."""
    for _, path, page in pages_with_paths(raw):
        yield from written_in(path, page)


def walk_pages(document: Document, raw: Raw) -> Iterator[tuple[str, list[Placed]]]:
    """Yield each page's path and its elements, groups dissolved."""
    counted: dict[str, int] = {}
    for name, path, page in pages_with_paths(raw):
        fmt = document.formats[name]
        built = fmt.pages[counted.setdefault(name, 0)]
        counted[name] += 1
        alone = [each for each in written_in(path, page) if each.raw["type"] != "group"]
        yield (
            path,
            [
                Placed(each.path, each.raw, element, fmt, built)
                for each, element in zip(alone, built.elements, strict=True)
            ],
        )


def walk(document: Document, raw: Raw) -> Iterator[Placed]:
    """Yield all elements of a document."""
    for _, placed in walk_pages(document, raw):
        yield from placed
