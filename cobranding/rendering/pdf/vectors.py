"""Logos that came as drawings stay drawings in a PDF, where that is exact: few features, and proven by comparison.

What an SVG may be made of here, ReportLab draws as well; whether it did is seen by drawing both with pixels.
"""

import io
import re
import zlib
from itertools import chain
from xml.etree import ElementTree as ET

from pikepdf import Array, Dictionary, Pdf, Stream
from PIL import Image, ImageChops, ImageStat
from reportlab.graphics import renderPDF
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

from cobranding.rendering.cache import Kept
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.marks import Shown
from cobranding.rendering.pdf.drawing import as_form
from cobranding.rendering.pdf.skeleton import Written, inline, stream_of
from cobranding.rendering.pictures.decoding import decode
from cobranding.rendering.preview import picture_of

MOST_BYTES = 400_000
SIDE = 240
"""How many pixels the longer side has when both are compared."""
GREY = 136
"""What they are compared on: white and black both show there."""
MEAN, OFTEN, FAR = 1.6, 0.012, 48
"""How far apart they may be: on average (of 255), and which share of the pixels may differ by more than the last."""

SHAPES = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "style", "defs"})
SILENT = frozenset({"title", "desc", "metadata"})
PLACED = frozenset(
    {"d", "x", "y", "width", "height", "rx", "ry", "r", "cx", "cy", "x1", "y1", "x2", "y2", "points", "transform"}
    | {"viewBox", "version", "id", "class", "style", "preserveAspectRatio", "space", "baseProfile", "role"}
)
PAINTED = frozenset(
    {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "fill-rule"}
    | {"opacity", "fill-opacity", "stroke-opacity", "color", "enable-background"}
)
PROPERTY = re.compile(r"([a-z-]+)\s*:\s*([^;{}]*)")

_forms: Kept[tuple[str, str], Written | None] = Kept(
    400, "pdf_forms", most_bytes=16_000_000, weigh=lambda form: sum(map(len, form or ()))
)


def form_of(shown: Shown) -> Written | None:
    """Return a logo as a form whose ink fills a square of one by one; nothing where pixels are more faithful.

    Raises PictureUnusable.
    """
    picture = shown.picture
    if picture.vector is None or not shown.is_logo or shown.plate is not None:
        return None
    return _forms.get((picture.sha256, picture.vector.sha256), lambda: drawn_exactly(picture))


def drawn_exactly(picture: PictureFile) -> Written | None:
    """Turn a drawing into a form, and hold it against its pixels."""
    svg = picture.vector.read() if picture.vector is not None else b""
    if len(svg) > MOST_BYTES or not is_plain(svg):
        return None
    try:
        pdf = _drawn(svg)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        return None  # a converter that stumbles over a drawing is no harm: there are its pixels
    return _form(pdf, picture) if pdf is not None else None


def is_plain(svg: bytes) -> bool:
    """Tell whether a cleaned SVG consists of nothing but shapes in plain colours."""
    if b"<!" in svg.replace(b"<!--", b""):
        return False
    try:
        elements = list(ET.fromstring(svg).iter())  # noqa: S314 - cleaned at its upload, without entities
    except ET.ParseError:
        return False
    return all(_is_plain(element) for element in elements)


def _is_plain(element: ET.Element) -> bool:
    tag = str(element.tag).rsplit("}", 1)[-1]
    if tag in SILENT:
        return True
    said = PROPERTY.findall((element.text or "") if tag == "style" else element.get("style", ""))
    names = [name.rsplit("}", 1)[-1] for name in element.attrib if not name.startswith("{")]
    values = [*element.attrib.values(), *(value for _, value in said)]
    return (
        tag in SHAPES
        and all(name in PLACED | PAINTED for name in names)
        and all(name in PAINTED for name, _ in said)
        and not any("url(" in value or "%" in value for value in chain(values, [element.text or ""]))
    )


def _drawn(svg: bytes) -> Pdf | None:
    drawing = svg2rlg(io.BytesIO(svg))
    if drawing is None or drawing.width <= 0 or drawing.height <= 0:
        return None
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(drawing.width, drawing.height), invariant=1, pageCompression=0)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    return Pdf.open(io.BytesIO(written.getvalue()))


def _form(pdf: Pdf, picture: PictureFile) -> Written | None:
    pixels = decode(picture)
    ink = _ink(pixels)
    page = pdf.pages[0]
    _, _, width, height = (float(edge) for edge in page.mediabox)
    left, top, right, bottom = ink
    box = (
        left / pixels.width * width,
        height - bottom / pixels.height * height,
        right / pixels.width * width,
        height - top / pixels.height * height,
    )
    if not _is_same(pdf, box, pixels.crop(ink)):
        return None
    across, up = box[2] - box[0], box[3] - box[1]
    matrix = 1 / across, 0, 0, 1 / up, -box[0] / across, -box[1] / up
    form = as_form(page)
    entries = b"/Type/XObject/Subtype/Form/Filter/FlateDecode/BBox[%b]/Matrix[%b]/Resources%b"
    data = zlib.compress(form.read_bytes(), 9)
    return stream_of(entries % (_row(box), _row(matrix), inline(form.get("/Resources", Dictionary()))), data)


def _row(numbers: tuple[float, ...]) -> bytes:
    return " ".join(f"{number:.6g}" for number in numbers).encode()


def _ink(pixels: Image.Image) -> tuple[int, int, int, int]:
    if pixels.mode != "RGBA":
        return 0, 0, *pixels.size
    return pixels.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox() or (0, 0, *pixels.size)


def _is_same(pdf: Pdf, box: tuple[float, float, float, float], mark: Image.Image) -> bool:
    """Tell whether the drawing looks like the mark that was made of it at its upload."""
    mean, often = difference(pdf, box, mark)
    return mean <= MEAN and often <= OFTEN


def difference(pdf: Pdf, box: tuple[float, float, float, float], mark: Image.Image) -> tuple[float, float]:
    """Return how far a drawing and its mark are apart: on average, and the share of pixels that differ widely."""
    page = pdf.pages[0]
    own = page.obj.Contents.read_bytes()
    grey = f"q {GREY / 255:.4f} g {box[0] - 9:g} {box[1] - 9:g} 99999 99999 re f Q\n".encode()
    shown = Pdf.new()
    shown.pages.append(page)
    shown.pages[0].obj.Contents = Stream(shown, grey + own)
    shown.pages[0].obj.MediaBox = shown.pages[0].obj.CropBox = Array([round(edge, 4) for edge in box])
    written = io.BytesIO()
    shown.save(written, static_id=True)
    drawn = picture_of(written.getvalue(), round(SIDE * min(1.0, mark.width / mark.height)))
    ground = Image.new("RGBA", mark.size, (GREY, GREY, GREY, 255))
    ground.alpha_composite(mark.convert("RGBA"))
    wanted = ground.convert("RGB").resize(drawn.size, Image.Resampling.LANCZOS)
    apart = ImageChops.difference(drawn, wanted)
    widely = apart.convert("L").point(lambda level: 255 if level > FAR else 0)
    return sum(ImageStat.Stat(apart).mean) / 3, ImageStat.Stat(widely).mean[0] / 255
