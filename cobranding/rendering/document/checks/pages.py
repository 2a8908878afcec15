"""Pages of finished PDFs: those that a document names have to be there, once it is known how many there are."""

from collections.abc import Iterator, Mapping

from cobranding.rendering.document.checks.walking import Problem, Raw, walk
from cobranding.rendering.document.elements import PdfPageElement
from cobranding.rendering.document.model import Document


def pages_problems(document: Document, raw: Raw, pages: Mapping[str, int]) -> Iterator[Problem]:
    """Yield each page that a file does not have; `pages` counts those of each finished PDF by its name."""
    for name, fmt in document.formats.items():
        if fmt.finished is not None and fmt.finished in pages:
            last = pages[fmt.finished]
            for at, page in enumerate(fmt.pages):
                if page.number > last:
                    yield f"formats.{name}.pages[{at}].page", _sentence(fmt.finished, last)
    for placed in walk(document, raw):
        element = placed.element
        if isinstance(element, PdfPageElement) and element.page > pages.get(element.document, element.page):
            yield f"{placed.path}.page", _sentence(element.document, pages[element.document])


def _sentence(name: str, last: int) -> str:
    return f"is not there: {name} has {last} page{'' if last == 1 else 's'}"
