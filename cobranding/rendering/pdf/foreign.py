"""Finished PDFs that others made: opened within bounds, and seen as their reader sees them."""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pikepdf import Array, Object, Page, PasswordError, Pdf, PdfError, Stream

from cobranding.rendering.document.elements import Box
from cobranding.rendering.document.model import Format
from cobranding.rendering.errors import DocumentUnusable
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.marks import FinishedPage

MOST_BYTES = 200 * 1024 * 1024
MOST_OBJECTS = 300_000
MOST_POINTS = 14_400
"""How long a side may be (ISO 32000-1, annex C.2)."""
US_LETTER = (0.0, 0.0, 612.0, 792.0)
"""What a page is that says no size of its own."""
MOST_CONTENT = 64 * 1024 * 1024
MOST_ODDLY_PACKED = 256 * 1024
"""Of operators that are not simply deflated: what comes out cannot be bounded while it does."""
TROUBLES = (
    PdfError,
    PasswordError,
    zlib.error,
    RuntimeError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What a broken file can end in, anywhere."""

Got = TypeVar("Got")


def guarded(act: Callable[[], Got]) -> Got:
    """Do something with a finished PDF. Raises DocumentUnusable when the file turns out to be broken."""
    try:
        return act()
    except TROUBLES as problem:
        raise DocumentUnusable("The finished PDF is broken. Export it again and upload the new file.") from problem


def opened(data: bytes) -> Pdf:
    """Open a finished PDF.

    Raises DocumentUnusable.
    """
    if len(data) > MOST_BYTES:
        raise DocumentUnusable(f"The finished PDF has more than {MOST_BYTES // 1024 // 1024} MB.")
    try:
        pdf = guarded(lambda: Pdf.open(io.BytesIO(data)))
    except DocumentUnusable as problem:
        if isinstance(problem.__cause__, PasswordError):
            raise DocumentUnusable("The finished PDF asks for a password. Upload it without one.") from problem
        raise
    if guarded(lambda: len(pdf.pages)) == 0 or len(pdf.objects) > MOST_OBJECTS:
        raise DocumentUnusable("The finished PDF has no pages, or far too many parts.")
    return pdf


def document_named(inputs: Inputs, name: str) -> Pdf:
    """Open a finished PDF of the template.

    Raises DocumentUnusable.
    """
    file = inputs.documents.get(name)
    if file is None:
        raise DocumentUnusable(f"The finished PDF {name} is not there any more.")
    return opened(file.read())


def page_of(pdf: Pdf, number: int) -> Page:
    """Return a page by its number.

    Raises DocumentUnusable.
    """
    if not 1 <= number <= len(pdf.pages):
        raise DocumentUnusable(f"The finished PDF has no page {number}; it has {len(pdf.pages)}.")
    return pdf.pages[number - 1]


@dataclass(frozen=True)
class View:
    """A page as its reader sees it: its size in points, and the way from there into the page's own space."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]

    @property
    def trimmed(self) -> Box:
        """Return the page as a box."""
        return Box(0, 0, self.width, self.height)

    @property
    def back(self) -> tuple[float, float, float, float, float, float]:
        """Return the way out of the page's own space, to what the reader sees."""
        a, b, c, d, e, f = self.matrix
        area = a * d - b * c
        return d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area

    @property
    def operator(self) -> str:
        """Write the change of space."""
        return " ".join(f"{number:.6g}" for number in self.matrix) + " cm"


def view_of(page: Page) -> View:
    """Return how a page is seen, after cropping, turning and scaling (7.7.3.3, 14.11.2).

    Raises DocumentUnusable.
    """
    return guarded(lambda: _view_of(page))


def _view_of(page: Page) -> View:
    left, bottom, right, top = _crop(page)
    unit = float(_number(page.obj.get("/UserUnit"), 1.0))
    turned = int(_number(inherited(page.obj, "/Rotate"), 0)) % 360
    across, down = (right - left) * unit, (top - bottom) * unit
    one = 1 / unit
    if turned == 90:
        return View(down, across, (0, one, -one, 0, right, bottom))
    if turned == 180:
        return View(across, down, (-one, 0, 0, -one, right, top))
    if turned == 270:
        return View(down, across, (0, -one, one, 0, left, top))
    return View(across, down, (one, 0, 0, one, left, bottom))


def _crop(page: Page) -> tuple[float, float, float, float]:
    media = _edges(inherited(page.obj, "/MediaBox")) or US_LETTER
    crop = _edges(inherited(page.obj, "/CropBox")) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right - left < 1 or top - bottom < 1 or max(right - left, top - bottom) > MOST_POINTS:
        raise ValueError("no page has such a size")
    return left, bottom, right, top


def _edges(found: Any) -> tuple[float, float, float, float] | None:
    if found is None:
        return None
    one, two, three, four = (float(edge) for edge in found)
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _number(found: Any, otherwise: float) -> float:
    return otherwise if found is None else float(found)


def inherited(page: Object, name: str) -> Any:
    """Return what a page or one of the nodes above it says."""
    node: Any = page
    for _ in range(50):
        if name in node:
            return node[name]
        node = node.get("/Parent")
        if node is None:
            return None
    raise ValueError("the tree of pages leads back into itself")


def contents_of(page: Page) -> bytes:
    """Return a page's operators, decoded within bounds. Raises DocumentUnusable."""
    return guarded(lambda: b"\n".join(_decoded(stream) for stream in _streams(page)))


def _streams(page: Page) -> list[Stream]:
    found: Any = page.obj.get("/Contents")
    streams = list(found) if isinstance(found, Array) else [] if found is None else [found]
    return [stream for stream in streams if isinstance(stream, Stream)]


def _decoded(stream: Stream) -> bytes:
    filters: Any = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)] if filters else []
    raw = stream.read_raw_bytes()
    if names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        opener = zlib.decompressobj()
        data = opener.decompress(raw, MOST_CONTENT)
        if opener.unconsumed_tail:
            raise ValueError("too much on one page")
        return data
    if names and len(raw) > MOST_ODDLY_PACKED:
        raise ValueError("packed in a way that cannot be bounded")
    return stream.read_bytes()


def finished_form(pdf: Pdf, finished: FinishedPage, fmt: Format) -> Object:
    """Return a finished PDF's page as a form of another document, contained in the middle of its box.

    Raises DocumentUnusable.
    """
    source = opened(finished.file.read())
    page = page_of(source, finished.page)
    contents_of(page)  # which proves that they can be decoded
    view = view_of(page)
    return guarded(lambda: pdf.copy_foreign(_form(page, view, finished.box, fmt)))


def _form(page: Page, view: View, box: Box, fmt: Format) -> Object:
    form = page.as_form_xobject(handle_transformations=False)
    scale = min(box.width / view.width, box.height / view.height)
    across = fmt.bleed + box.x + (box.width - view.width * scale) / 2
    up = fmt.bleed + fmt.height - box.y - (box.height + view.height * scale) / 2
    a, b, c, d, e, f = view.back
    moved = a * scale, b * scale, c * scale, d * scale, e * scale + across, f * scale + up
    form.Matrix = Array([round(number, 6) for number in moved])
    form.BBox = Array([round(edge, 3) for edge in _crop(page)])
    return form
