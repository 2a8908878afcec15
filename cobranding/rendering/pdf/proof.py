"""The proof of finished PDFs before a template is published: files can be used, pages exist, zones lie on them."""

from collections.abc import Iterator, Mapping

from pikepdf import Pdf

from cobranding.rendering.document.elements import Element, PdfPageElement
from cobranding.rendering.document.model import Document, Format, Page
from cobranding.rendering.errors import DocumentUnusable
from cobranding.rendering.inputs import InputFile
from cobranding.rendering.pdf.foreign import contents_of, opened, page_of, view_of


def problems_with(document: Document, files: Mapping[str, InputFile]) -> dict[str, list[str]]:
    """Return what is wrong with the finished PDFs of a document, by the path in it; `files` are known by their name."""
    errors: dict[str, list[str]] = {}
    pdfs: dict[str, Pdf] = {}
    for name in document.documents:
        try:
            pdfs[name] = _checked(files, name)
        except DocumentUnusable as error:
            errors[f"documents.{name}"] = [error.detail]
    for path, sentence in _on_pages(document, pdfs):
        errors.setdefault(path, []).append(sentence)
    return errors


def _checked(files: Mapping[str, InputFile], name: str) -> Pdf:
    if name not in files:
        raise DocumentUnusable("The file is not there.")
    return opened(files[name].read())


def _on_pages(document: Document, pdfs: Mapping[str, Pdf]) -> Iterator[tuple[str, str]]:
    for fmt in document.formats.values():
        stamped: set[int] = set()
        for at, page in enumerate(fmt.pages):
            path = f"formats.{fmt.name}.pages[{at}]"
            yield from _shown(path, page, pdfs)
            if fmt.finished is None or fmt.finished not in pdfs:
                continue
            if page.number in stamped:
                yield f"{path}.page", f"page {page.number} has been named before"
            stamped.add(page.number)
            yield from _zones(path, page, fmt, pdfs[fmt.finished])


def _shown(path: str, page: Page, pdfs: Mapping[str, Pdf]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with finished PDFs' pages that stand on a page."""
    for element in page.elements:
        if isinstance(element, PdfPageElement) and element.document in pdfs:
            problem = _problem_of(pdfs[element.document], element.page)
            if problem:
                yield path, f"“{element.label}”: {problem}"


def _zones(path: str, page: Page, fmt: Format, pdf: Pdf) -> Iterator[tuple[str, str]]:
    problem = _problem_of(pdf, page.number)
    if problem:
        yield f"{path}.page", problem
        return
    view = view_of(page_of(pdf, page.number))
    for element in page.elements:
        if not element.box.inside(view.trimmed):
            yield path, _outside(element, view.width / fmt.scale, view.height / fmt.scale)


def _outside(element: Element, width: float, height: float) -> str:
    return f"“{element.label}” ({element.id}) leaves the page, which is {width:.1f} × {height:.1f} mm"


def _problem_of(pdf: Pdf, number: int) -> str:
    try:
        page = page_of(pdf, number)
        view_of(page)
        contents_of(page)
    except DocumentUnusable as error:
        return error.detail
    return ""
