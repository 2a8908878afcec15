"""Draws what is the same for all partners, with ReportLab: shapes, lines and the brand's pictures, one page a layer."""

import io
import re
from base64 import a85decode
from collections.abc import Sequence

from pikepdf import Array, Name, Object, Page, Pdf, Stream
from reportlab.lib.colors import CMYKColor
from reportlab.lib.colors import Color as ReportLabColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cobranding.rendering.document.elements import Color, LineElement, ShapeElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.encoding import to_jpeg, to_png
from cobranding.rendering.pictures.placing import for_print, spot_of

FONT_SET = re.compile(rb"BT /F\d+ [\d.]+ Tf [\d.]+ TL ET\s")

WRAPPED = [Array([Name.ASCII85Decode, inner]) for inner in (Name.DCTDecode, Name.FlateDecode)]
"""How ReportLab writes pictures: as text, a quarter longer than they are."""

Graphic = ShapeElement | LineElement | Shown


def draw_layers(fmt: Format, layers: Sequence[Sequence[Graphic]]) -> bytes:
    """Return a PDF with one page for each layer."""
    written = io.BytesIO()
    page = fmt.sheet
    canvas = Canvas(written, pagesize=(page.width, page.height), invariant=1, pageCompression=0)
    for layer in layers:
        for graphic in layer:
            canvas.saveState()
            if isinstance(graphic, Shown):
                _picture(canvas, graphic, fmt)
            elif isinstance(graphic, ShapeElement):
                _shape(canvas, graphic, fmt)
            else:
                _line(canvas, graphic, fmt)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def as_form(page: Page) -> Object:
    """Return a page that ReportLab drew without type as a form.

    ReportLab sets a font of its own on every page, whether anything is written in it or not: that is left out.
    """
    if "/Font" in page.resources:
        del page.resources.Font
    form: Object = page.as_form_xobject()
    form.write(FONT_SET.sub(b"", form.read_bytes()))
    return form


def opened_layers(fmt: Format, layers: Sequence[Sequence[Graphic]]) -> Pdf:
    """Return layers as the pages of an open PDF, its pictures as compact as they were encoded."""
    pdf = Pdf.open(io.BytesIO(draw_layers(fmt, layers)))
    for found in pdf.objects:
        if isinstance(found, Stream) and found.get("/Filter") in WRAPPED:
            data = a85decode(found.read_raw_bytes().strip().removesuffix(b"~>"))
            found.write(data, filter=Name(str(found.Filter[1])))
    return pdf


def up(fmt: Format, y: float) -> float:
    """Turn a distance from the top of the trimmed page into a height on the PDF page."""
    return fmt.height + fmt.bleed - y


def _paint(color: Color, opacity: float) -> ReportLabColor:
    if color.cmyk is not None:
        return CMYKColor(*color.cmyk, alpha=opacity)
    return ReportLabColor(color.red / 255, color.green / 255, color.blue / 255, alpha=opacity)


def _shape(canvas: Canvas, shape: ShapeElement, fmt: Format) -> None:
    fill, stroke = shape.fill is not None, shape.stroke is not None
    if shape.fill is not None:
        canvas.setFillColor(_paint(shape.fill, shape.opacity))
    if shape.stroke is not None:
        canvas.setStrokeColor(_paint(shape.stroke, shape.opacity))
        canvas.setLineWidth(shape.stroke_width)
    box = shape.box
    left, bottom = box.x + fmt.bleed, up(fmt, box.y + box.height)
    if shape.shape == "ellipse":
        canvas.ellipse(left, bottom, left + box.width, bottom + box.height, stroke=stroke, fill=fill)
    elif shape.radius:
        radius = min(shape.radius, box.width / 2, box.height / 2)
        canvas.roundRect(left, bottom, box.width, box.height, radius, stroke=stroke, fill=fill)
    else:
        canvas.rect(left, bottom, box.width, box.height, stroke=stroke, fill=fill)


def _line(canvas: Canvas, line: LineElement, fmt: Format) -> None:
    canvas.setStrokeColor(_paint(line.stroke, line.opacity))
    canvas.setLineWidth(line.stroke_width)
    box, bleed = line.box, fmt.bleed
    canvas.line(box.x + bleed, up(fmt, box.y), box.x + box.width + bleed, up(fmt, box.y + box.height))


def _picture(canvas: Canvas, shown: Shown, fmt: Format) -> None:
    image = for_print(shown)
    spot = spot_of(shown)
    data = to_png(image) if image.mode == "RGBA" else to_jpeg(image)
    at = spot.x + fmt.bleed, up(fmt, spot.y + spot.height)
    reader = ImageReader(io.BytesIO(data))
    canvas.drawImage(reader, *at, width=spot.width, height=spot.height, mask="auto")
    vars(reader).clear()  # it holds the decoded pixels, and itself
