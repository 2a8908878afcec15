"""Formats and their pages: sizes that can be drawn, files that they can come in, and ids that name one thing."""

from collections.abc import Iterator

from cobranding.rendering.document.checks.walking import Problem, Raw, pages_with_paths, written_in
from cobranding.rendering.document.model import Document, Format

MOST_PIXELS = 16_000_000
MOST_MM = 1200.0
POSSIBLE: dict[str, tuple[str, ...]] = {
    "print": ("pdf", "screen_pdf", "jpg", "webp", "png"),
    "deck": ("pptx", "pdf", "screen_pdf", "jpg", "webp", "png"),
    "screen": ("jpg", "webp", "png"),
    "finished": ("pdf", "jpg", "webp", "png"),
}
"""The files that each sort of format can come in."""


def sort_of(document: Document, fmt: Format) -> str:
    """Return the sort of a format: print, deck, screen or finished."""
    if fmt.finished is not None:
        return "finished"
    if not fmt.is_print:
        return "screen"
    return "deck" if document.kind == "deck" else "print"


def problems(document: Document, raw: Raw) -> Iterator[Problem]:
    """Yield what is wrong with the formats."""
    for name, fmt in document.formats.items():
        path = f"formats.{name}"
        yield from _kind(document, fmt, path)
        yield from _size(fmt, path)
        yield from _outputs(document, fmt, path)
        yield from _pages(fmt, raw["formats"][name], path)
    yield from _ids(raw)


def _kind(document: Document, fmt: Format, path: str) -> Iterator[Problem]:
    if document.kind == "document" and fmt.finished is None:
        yield f"{path}.finished", "is needed: a document is made of finished PDFs"
    if document.kind == "deck" and fmt.finished is not None:
        yield f"{path}.finished", "does not belong into a deck"
    if document.kind == "deck" and not fmt.is_print:
        yield f"{path}.unit", "must be mm: the slides of a deck have a size"


def _size(fmt: Format, path: str) -> Iterator[Problem]:
    if not fmt.is_print:
        if fmt.width * fmt.height * max(fmt.scales) ** 2 > MOST_PIXELS:
            yield path, f"has more than {MOST_PIXELS} pixels"
        for key, given in (("bleed", fmt.bleed > 0), ("marks", fmt.marks)):
            if given:
                yield f"{path}.{key}", "belongs to print formats"
    if fmt.is_print and max(fmt.width, fmt.height) / fmt.scale > MOST_MM:
        yield path, f"is longer than {MOST_MM:.0f} mm"
    if fmt.finished is None and 2 * fmt.safe >= min(fmt.width, fmt.height):
        yield f"{path}.safe", "leaves nothing of the page"


def _outputs(document: Document, fmt: Format, path: str) -> Iterator[Problem]:
    possible = POSSIBLE[sort_of(document, fmt)]
    for at, output in enumerate(fmt.outputs):
        if output not in possible:
            yield f"{path}.outputs[{at}]", f"{output} is not possible here; {', '.join(possible)} are"
    if fmt.is_print and fmt.scales != (1,):
        yield f"{path}.scales", "belongs to screen formats"


def _pages(fmt: Format, raw: Raw, path: str) -> Iterator[Problem]:
    if fmt.finished is None:
        for at, page in enumerate(raw.get("pages", [])):
            if "page" in page:
                yield f"{path}.pages[{at}].page", "belongs to formats made from a finished PDF"
        return
    for at, page in enumerate(fmt.pages):
        if "background" in raw["pages"][at]:
            yield f"{path}.pages[{at}].background", "would cover the finished page"
        if at and page.number <= fmt.pages[at - 1].number:
            yield f"{path}.pages[{at}].page", f"{page.number} does not come after {fmt.pages[at - 1].number}"


def _ids(raw: Raw) -> Iterator[Problem]:
    seen: dict[str, set[str]] = {}
    for name, path, page in pages_with_paths(raw):
        known = seen.setdefault(name, set())
        for each in written_in(path, page):
            if each.raw["id"] in known:
                yield f"{each.path}.id", f"{each.raw['id']} is there twice"
            known.add(each.raw["id"])
