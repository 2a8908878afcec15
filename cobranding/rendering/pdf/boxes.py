"""The boxes of a page, and the crop marks around it."""

from pikepdf import Array, Dictionary, Name

from cobranding.rendering.document.model import POINTS_PER_MM, Format

SLUG = 6 * POINTS_PER_MM
"""How far a sheet with crop marks reaches beyond its bleed."""
AWAY = 1 * POINTS_PER_MM
"""How far marks stay away from the bleed."""
MARK_WIDTH = 0.25


def slug_of(fmt: Format) -> float:
    """Return how much paper there is around the bleed."""
    return SLUG if fmt.marks else 0.0


def page_boxes(fmt: Format) -> Dictionary:
    """Return the boxes of a page whose sheet begins at the origin."""
    slug, sheet = slug_of(fmt), fmt.sheet
    inner = slug + fmt.bleed
    bleed = _box(slug, slug, slug + sheet.width, slug + sheet.height)
    trim = _box(inner, inner, inner + fmt.width, inner + fmt.height)
    whole = _box(0, 0, sheet.width + 2 * slug, sheet.height + 2 * slug)
    return Dictionary(MediaBox=whole, BleedBox=bleed, TrimBox=trim)


def _box(*edges: float) -> Array:
    return Array([round(edge, 3) for edge in edges])


def opening(fmt: Format) -> str:
    """Write what comes before the page's content: with crop marks, nothing may run into them."""
    if not fmt.marks:
        return ""
    return f"q 1 0 0 1 {SLUG:.3f} {SLUG:.3f} cm 0 0 {fmt.sheet.width:.3f} {fmt.sheet.height:.3f} re W n\n"


def closing(fmt: Format) -> str:
    """Write what comes after the page's content: the crop marks."""
    if not fmt.marks:
        return ""
    inner, across, down = SLUG + fmt.bleed, fmt.width, fmt.height
    right, top = fmt.sheet.width + 2 * SLUG, fmt.sheet.height + 2 * SLUG
    out = [f"Q\nq /Registration CS 1 SCN {MARK_WIDTH} w\n"]
    for x in (inner, inner + across):
        for low, high in ((0.0, SLUG - AWAY), (top - SLUG + AWAY, top)):
            out.append(f"{x:.3f} {low:.3f} m {x:.3f} {high:.3f} l S\n")
    for y in (inner, inner + down):
        for left, end in ((0.0, SLUG - AWAY), (right - SLUG + AWAY, right)):
            out.append(f"{left:.3f} {y:.3f} m {end:.3f} {y:.3f} l S\n")
    return "".join(out) + "Q\n"


def registration() -> Dictionary:
    """Return the colour that prints on every plate, as a resource."""
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1)
    return Dictionary(Registration=Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))
