"""Writes marks as operators of a PDF page: type by glyph ids, so that what is measured is what is printed."""

from collections.abc import Mapping

from cobranding.rendering.document.elements import Color
from cobranding.rendering.document.model import Format
from cobranding.rendering.marks import Modules, Shown
from cobranding.rendering.pdf.drawing import up
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.typography.fonts import FontKey
from cobranding.rendering.typography.typeset import Line, SetText


def color_of(color: Color) -> str:
    """Write a colour as operands of rg."""
    return f"{color[0] / 255:.4g} {color[1] / 255:.4g} {color[2] / 255:.4g}"


def text_operators(text: SetText, fonts: Mapping[FontKey, str], fmt: Format) -> str:
    """Write a set text."""
    out = [f"BT\n/{fonts[text.face.key]} {text.size:g} Tf\n{color_of(text.color)} rg\n"]
    for line in text.lines:
        if not line.words:
            continue
        shown = f"1 0 0 1 {line.x + fmt.bleed:.3f} {up(fmt, line.y):.3f} Tm\n{_shown(line, text)}\n"
        if not text.letter_spacing and all(word.exact for _, word in line.words):
            out.append(shown)
        else:  # glyphs that stand for no single character, or stand far apart: readers are told what they mean
            out.append(f"/Span <</ActualText <FEFF{line.text.encode('utf-16-be').hex().upper()}>>> BDC\n{shown}EMC\n")
    out.append("ET\n")
    return "".join(out)


def _shown(line: Line, text: SetText) -> str:
    """Write a line's words as one TJ, with a real space between them so that the text can be found and copied."""
    face = text.face
    space = f"<{face.characters[0x20]:04X}>"
    gap = -text.letter_spacing * 1000
    between = f"{space}{gap:.0f} " if round(gap) else space
    if text.letter_spacing:
        words = [face.operands(word.glyphs, text.letter_spacing) for _, word in line.words]
    else:
        words = [word.operands for _, word in line.words]
    if any(glyph.dy for _, word in line.words for glyph in word.glyphs):
        return _raised(line, text)
    return f"[{between.join(words)}] TJ"


def _raised(line: Line, text: SetText) -> str:
    """Write a line glyph by glyph, where some of them stand above or below it."""
    face, out = text.face, []
    for at, word in line.words:
        pen = at
        for glyph in word.glyphs:
            x, y = (pen + glyph.dx * text.size / face.units), glyph.dy * text.size / face.units
            out.append(f"{x:.3f} {y:.3f} Td <{glyph.gid:04X}> Tj {-x:.3f} {-y:.3f} Td")
            pen += (glyph.advance / face.units + text.letter_spacing) * text.size
    return "\n".join(out)


def picture_operators(shown: Shown, name: str, fmt: Format) -> str:
    """Write a picture by the name of its object."""
    spot = spot_of(shown)
    across, down = spot.x + fmt.bleed, up(fmt, spot.y + spot.height)
    return f"q {spot.width:.3f} 0 0 {spot.height:.3f} {across:.3f} {down:.3f} cm /{name} Do Q\n"


def code_operators(code: Modules, fmt: Format) -> str:
    """Write a QR code as rectangles, dark modules in a row as one."""
    side = code.box.width / len(code.rows)
    out = [f"q {side:.5f} 0 0 {-side:.5f} {code.box.x + fmt.bleed:.3f} {up(fmt, code.box.y):.3f} cm\n"]
    if code.background is not None:
        out.append(f"{color_of(code.background)} rg 0 0 {len(code.rows)} {len(code.rows)} re f\n")
    out.append(f"{color_of(code.color)} rg\n")
    for y, row in enumerate(code.rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            end = row.find(0, x)
            end = len(row) if end < 0 else end
            out.append(f"{x} {y} {end - x} 1 re\n")
            x = end
    out.append("f Q\n")
    return "".join(out)
