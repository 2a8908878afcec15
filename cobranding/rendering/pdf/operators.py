"""Writes pictures and codes as operators of a PDF page."""

from cobranding.rendering.document.model import Format
from cobranding.rendering.marks import Modules, Shown
from cobranding.rendering.pdf.colors import filled_with
from cobranding.rendering.pdf.drawing import up
from cobranding.rendering.pictures.placing import spot_of


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
        out.append(f"{filled_with(code.background)} 0 0 {len(code.rows)} {len(code.rows)} re f\n")
    out.append(f"{filled_with(code.color)}\n")
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
