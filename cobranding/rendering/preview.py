"""A picture of a PDF's page, for people to look at before they print."""

from threading import Lock

import pypdfium2
from PIL import Image

_one_at_a_time = Lock()
"""PDFium keeps global state: two threads in it end the process."""


def picture_of(pdf: bytes, width_px: int) -> Image.Image:
    """Return the first page, so many pixels wide."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            image: Image.Image = page.render(scale=width_px / page.get_width()).to_pil()
            return image.convert("RGB")
        finally:
            document.close()
