"""A picture of a PDF's page, for people to look at before they print."""

from threading import Lock

import pypdfium2
from PIL import Image

_one_at_a_time = Lock()
"""PDFium keeps global state: two threads in it end the process."""


def picture_of(pdf: bytes, width_px: int, bleed: float = 0) -> Image.Image:
    """Return the first page as it is after cutting, so many pixels wide; `bleed` is what falls off, in points."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            scale = width_px / (page.get_width() - 2 * bleed)
            image: Image.Image = page.render(scale=scale, crop=(bleed, bleed, bleed, bleed)).to_pil()
            return image.convert("RGB")
        finally:
            document.close()


def page_pixels(data: bytes, page: int, width: int, height: int) -> Image.Image:
    """Return a page of a PDF, counted from 1, as large as fits into so many pixels."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(data)
        try:
            found = document[page - 1]
            scale = min(width / found.get_width(), height / found.get_height())
            image: Image.Image = found.render(scale=scale).to_pil()
            return image.convert("RGB").crop((0, 0, min(image.width, width), min(image.height, height)))
        finally:
            document.close()
