"""A picture of a PDF's page, for people to look at before they print."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pypdfium2
from PIL import Image

from cobranding.rendering.errors import DocumentUnusable, UnknownFormat

MOST_PIXELS = 40_000_000
_one_at_a_time = Lock()
"""PDFium keeps global state: two threads in it end the process."""


@contextmanager
def _opened(pdf: bytes, page: int) -> Iterator[pypdfium2.PdfPage]:
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as problem:
            raise DocumentUnusable from problem
        try:
            if not 1 <= page <= len(document):
                raise UnknownFormat(f"There is no page {page}; the last one is {len(document)}.")
            document.init_forms()  # without it, what stands in form fields is not shown
            yield document[page - 1]
        except pypdfium2.PdfiumError as problem:
            raise DocumentUnusable from problem
        finally:
            document.close()


def picture_of(pdf: bytes, width_px: int, *, page: int = 1) -> Image.Image:
    """Return a page as a reader sees it, so many pixels wide, on white.

    Raises UnknownFormat, DocumentUnusable.
    """
    with _opened(pdf, page) as opened:
        width, height = opened.get_size()
        scale = min(width_px / width, (MOST_PIXELS / (width * height)) ** 0.5)
        image: Image.Image = opened.render(scale=scale).to_pil()
        return image.convert("RGB")


def page_size(pdf: bytes, page: int) -> tuple[float, float]:
    """Return how wide and high a page is as a reader sees it, in points.

    Raises UnknownFormat, DocumentUnusable.
    """
    with _opened(pdf, page) as opened:
        width, height = opened.get_size()
    return float(width), float(height)


def page_pixels(pdf: bytes, page: int, width_px: int, height_px: int) -> Image.Image:
    """Return a page of a finished PDF contained in the middle of so many pixels, with nothing around it (RGBA).

    Raises UnknownFormat, DocumentUnusable.
    """
    with _opened(pdf, page) as opened:
        width, height = opened.get_size()
        scale = min(width_px / width, height_px / height)
        image: Image.Image = opened.render(scale=scale).to_pil().convert("RGBA")
    whole = Image.new("RGBA", (width_px, height_px), (255, 255, 255, 0))
    whole.paste(image, ((width_px - image.width) // 2, (height_px - image.height) // 2))
    return whole
