"""Pictures in print: whether they have pixels enough for their size."""

from collections.abc import Iterator

from cobranding.rendering.document.elements import ImageElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.decoding import size_of
from cobranding.rendering.pictures.placing import pixels_an_inch
from cobranding.rendering.preflight.findings import Code, Finding
from cobranding.rendering.preflight.pages import Sheet

COARSE_DPI, UNUSABLE_DPI = 150, 72
"""Below the first a photograph looks coarse at reading distance; below the second nobody would print it."""


def pictures_of(sheet: Sheet) -> Iterator[Finding]:
    """Find pictures that have too few pixels."""
    for laid in sheet.laid:
        for mark in laid.marks:
            if isinstance(laid.element, ImageElement) and isinstance(mark, Shown):
                own = isinstance(sheet.setting.values.get(laid.element.variable or ""), int)
                yield from picture_of(laid.element, mark, sheet.fmt, own=own)


def picture_of(element: ImageElement, shown: Shown, fmt: Format, *, own: bool) -> Iterator[Finding]:
    """Find a picture that has too few pixels for print; only one that the partner chose may be an error."""
    dpi = pixels_an_inch(shown) if fmt.is_print else COARSE_DPI
    if dpi >= COARSE_DPI:
        return
    width, height = (round(side * COARSE_DPI / dpi) for side in size_of(shown.picture))
    message = f"{element.label} has {dpi:.0f} dots an inch on {fmt.label}."
    advice = f"Choose a picture of at least {width} × {height} pixels." if own else "The brand has to use a larger one."
    yield Finding(
        "error" if own and dpi < UNUSABLE_DPI else "warning",
        Code.PICTURE_COARSE,
        fmt.name,
        element.id,
        message,
        advice,
        round(dpi, 1),
        COARSE_DPI,
    )
