"""Finished PDFs as brands upload them, and templates that put zones on them."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assets.imaging import document as cleaning
from assets.imaging import drawing
from assets.imaging.limits import PROOF
from cobranding.rendering import engine
from cobranding.rendering.document.building import build
from cobranding.rendering.inputs import InputFile, Inputs, PictureFile
from tests.factories import cobranding as factory

MATERIAL = Path(__file__).parents[1] / "cobranding" / "material"


def file(data: bytes) -> InputFile:
    return InputFile(hashlib.sha256(data).hexdigest(), lambda: data)


@cache
def material(name: str) -> bytes:
    """A PDF as it is kept after its upload."""
    return cleaning.clean((MATERIAL / name).read_bytes(), PROOF).data


@cache
def vector_logo(name: str) -> PictureFile:
    """A logo as it is kept after its upload: pixels, and the cleaned drawing beside them."""
    cleaned = drawing.clean((MATERIAL / name).read_bytes())
    return replace(factory.picture(drawing.draw(cleaned, longest_px=1200)), vector=file(cleaned.svg))


def brochure(pages: int = 3, *, untidy: bool = False) -> bytes:
    """Pages of A4 with bookmarks, a link, and a field to fill in; untidy ones leave their state as it came."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    for number in range(1, pages + 1):
        canvas.bookmarkPage(f"p{number}")
        canvas.addOutlineEntry(f"Chapter {number}", f"p{number}", 0)
        canvas.drawString(72, 700, f"Page {number} as designed")
        canvas.linkURL("https://halden.example/read", (72, 690, 260, 715))
        if number == 1:
            canvas.acroForm.textfield(name="town", x=72, y=500, width=200, height=24, value="")
        if untidy:
            canvas._code.append("q 0.5 0 0 0.5 100 100 cm")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def turned(data: bytes, degrees: int, crop: list[float] | None = None, unit: float = 1.0) -> bytes:
    """The same file, its pages turned, cropped and scaled."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = degrees
            if crop:
                page.obj.CropBox = pikepdf.Array(crop)
            if unit != 1.0:
                page.obj.UserUnit = unit
        written = io.BytesIO()
        pdf.save(written, static_id=True)
    return written.getvalue()


ZONES: list[dict[str, Any]] = [
    {"id": "logo", "type": "partner_logo", "style": "label", "align": "left", "valign": "top", "box": [20, 30, 40, 20]},
    {"id": "contact", "type": "contact_block", "style": "small", "box": [70, 30, 60, 40]},
]


def stamping(
    data: bytes, pages: Iterable[int] = (1,), zones: list[dict[str, Any]] | None = None, **more: Any
) -> Inputs:
    """Inputs of a template that puts zones on some pages of a finished PDF."""
    listed = [{"page": number, "elements": zones or ZONES} for number in pages]
    return made(
        {
            **factory.flyer(),
            "kind": "document",
            "documents": {"brochure": {"asset_name": "brochure"}},
            "formats": {"brochure": {"unit": "mm", "finished": "brochure", "pages": listed}},
        },
        documents={"brochure": file(data)},
        **more,
    )


def made(raw: dict[str, Any], **changed: Any) -> Inputs:
    """Inputs of a document as it is, unchecked."""
    base = factory.inputs(**changed)
    return replace(base, content_hash=engine.hash_of(raw), document=build(raw))
