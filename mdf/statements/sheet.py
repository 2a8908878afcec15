"""How every statement is drawn: one A4 page with sender, recipient, the facts, the arithmetic and what it comes to."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from cobranding.rendering.typography.fonts import face
from mdf.statements.facts import Party

INK, QUIET, LINE, ACCENT, TINT = (
    HexColor("#1b2330"),
    HexColor("#5b6675"),
    HexColor("#d5dbe3"),
    HexColor("#14532d"),
    HexColor("#eef5f0"),
)
PLAIN, BOLD = "Inter-Statement", "Inter-StatementBold"
_SCRIPTS = ("latin", "greek", "cyrillic")
_WEIGHTS = {PLAIN: 400, BOLD: 650}
_LEFT: float = 22 * mm
_RIGHT: float = A4[0] - 22 * mm
_WIDTH: float = _RIGHT - _LEFT
_MM: float = mm


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the arithmetic: what it is, how it came about, and the amount."""

    label: str
    hint: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on one statement, as text."""

    kind: str
    number: str
    dated: str
    sender: Party
    recipient: Party
    subject: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    total: Line
    note: str
    small_print: str


def draw(sheet: Sheet) -> bytes:
    """Return the statement as PDF; the same sheet gives the same bytes."""
    _use_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(f"{sheet.kind} {sheet.number}")
    canvas.setAuthor(sheet.sender.name)
    canvas.setSubject(sheet.subject)
    y = _head(canvas, sheet)
    y = _parties(canvas, sheet, y)
    y = _paragraph(canvas, sheet.subject, y, size=15, bold=True) - 5 * _MM
    y = _facts(canvas, sheet.facts, y) - 6 * _MM
    y = _lines(canvas, sheet.lines, y)
    y = _total(canvas, sheet.total, y) - 8 * _MM
    if sheet.note:
        y = _paragraph(canvas, sheet.note, y, size=9.5, leading=14)
    _foot(canvas, sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _use_fonts() -> None:
    known = pdfmetrics.getRegisteredFontNames()
    for name, weight in _WEIGHTS.items():
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, io.BytesIO(_named(name, face("inter", weight, _SCRIPTS).data))))


def _named(name: str, data: bytes) -> bytes:
    """Give a font a PostScript name of its own: ReportLab takes two fonts of one name for the same."""
    written = io.BytesIO()
    with FontFile(io.BytesIO(data), recalcTimestamp=False) as font:
        font["name"].setName(name, 6, 3, 1, 0x409)
        font.save(written)
    return written.getvalue()


def _head(canvas: Canvas, sheet: Sheet) -> float:
    top: float = A4[1] - 24 * _MM
    canvas.setFillColor(ACCENT)
    canvas.rect(0, A4[1] - 5 * _MM, A4[0], 5 * _MM, stroke=0, fill=1)
    _text(canvas, _LEFT, top, sheet.sender.name, size=13, bold=True)
    _text(canvas, _RIGHT, top, sheet.kind, size=13, bold=True, colour=ACCENT, to_right=True)
    _text(canvas, _RIGHT, top - 5.2 * _MM, f"No. {sheet.number}", size=9, colour=QUIET, to_right=True)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.line(_LEFT, top - 9 * _MM, _RIGHT, top - 9 * _MM)
    return top - 18 * _MM


def _parties(canvas: Canvas, sheet: Sheet, top: float) -> float:
    lowest = top
    for left, label, party in ((_LEFT, "To", sheet.recipient), (_LEFT + _WIDTH / 2, "From", sheet.sender)):
        _text(canvas, left, top, label, size=8, colour=QUIET)
        y = _paragraph(canvas, party.name, top - 2 * _MM, size=10, bold=True, left=left, width=_WIDTH / 2 - 6 * _MM)
        for part in party.address:
            y = _paragraph(canvas, part, y, size=9.5, leading=13, left=left, width=_WIDTH / 2 - 6 * _MM)
        lowest = min(lowest, y)
    _text(canvas, _LEFT, lowest - 7 * _MM, sheet.dated, size=9.5, colour=QUIET)
    return lowest - 14 * _MM


def _facts(canvas: Canvas, facts: Sequence[tuple[str, str]], top: float) -> float:
    y = top
    for label, value in facts:
        _text(canvas, _LEFT, y - 9.5, label, size=9, colour=QUIET)
        y = _paragraph(canvas, value, y, size=9.5, leading=14, left=_LEFT + 45 * _MM, width=_WIDTH - 45 * _MM) - 1 * _MM
    return y


def _lines(canvas: Canvas, lines: Sequence[Line], top: float) -> float:
    y = top
    for line in lines:
        canvas.setStrokeColor(LINE)
        canvas.line(_LEFT, y, _RIGHT, y)
        _text(canvas, _RIGHT, y - 5.8 * _MM, line.amount, size=10, to_right=True)
        below = _paragraph(canvas, line.label, y - 2.2 * _MM, size=10, width=_WIDTH - 50 * _MM)
        if line.hint:
            below = _paragraph(canvas, line.hint, below, size=8.5, leading=12, colour=QUIET, width=_WIDTH - 50 * _MM)
        y = below - 2.6 * _MM
    return y


def _total(canvas: Canvas, total: Line, top: float) -> float:
    height: float = 16 * _MM
    canvas.setFillColor(TINT)
    canvas.roundRect(_LEFT - 4 * _MM, top - height, _WIDTH + 8 * _MM, height, 2 * _MM, stroke=0, fill=1)
    _text(canvas, _LEFT, top - 7 * _MM, total.label, size=11, bold=True, colour=ACCENT)
    _text(canvas, _LEFT, top - 12 * _MM, total.hint, size=8.5, colour=QUIET)
    _text(canvas, _RIGHT, top - 10 * _MM, total.amount, size=15, bold=True, colour=ACCENT, to_right=True)
    return top - height


def _foot(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setStrokeColor(LINE)
    canvas.line(_LEFT, 26 * _MM, _RIGHT, 26 * _MM)
    _paragraph(canvas, sheet.small_print, 24 * _MM, size=7.5, leading=10.5, colour=QUIET)


def _text(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: Color = INK,
    to_right: bool = False,
) -> None:
    canvas.setFont(BOLD if bold else PLAIN, size)
    canvas.setFillColor(colour)
    if to_right:
        canvas.drawRightString(x, y, text)
    else:
        canvas.drawString(x, y, text)


def _paragraph(
    canvas: Canvas,
    text: str,
    top: float,
    *,
    size: float,
    leading: float = 0,
    bold: bool = False,
    colour: Color = INK,
    left: float = _LEFT,
    width: float = _WIDTH,
) -> float:
    """Set text as wide as it may be, and return where it ends. The text is text: nothing in it is markup."""
    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=leading or size * 1.35,
        textColor=colour,
        splitLongWords=True,
    )
    paragraph = Paragraph(escape(text).replace("\n", "<br/>"), style)
    _, height = paragraph.wrap(width, A4[1])
    paragraph.drawOn(canvas, left, top - height)
    return top - float(height)
