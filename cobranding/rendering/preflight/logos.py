"""The partner's logo: there, large and sharp enough, to be seen on its ground, and with nothing too near."""

from collections.abc import Iterator

from cobranding.rendering.document.elements import Box, LogoElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.layout import ground_under
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.contrast import Ground
from cobranding.rendering.pictures.logos import NIGHT, contrast_on, shows_its_box
from cobranding.rendering.pictures.placing import Spot, ink_spot, pixels_an_inch, spot_of
from cobranding.rendering.preflight.findings import Code, Finding
from cobranding.rendering.preflight.pages import Laid, Sheet

SLACK = 0.01
COARSE_DPI, UNUSABLE_DPI = 150, 72
"""Below the first a logo looks coarse at reading distance; below the second nobody would print it."""


def shown_logo(laid: Laid) -> tuple[LogoElement, Shown] | None:
    """Return the element and its logo, if it is one that shows one."""
    mark = laid.marks[0] if laid.marks else None
    return (laid.element, mark) if isinstance(laid.element, LogoElement) and isinstance(mark, Shown) else None


def logos_of(sheet: Sheet) -> Iterator[Finding]:
    """Find everything about the logos of a format."""
    for laid in sheet.laid:
        if isinstance(laid.element, LogoElement) and laid.error is None:
            found = shown_logo(laid)
            if found is None:
                message = "There is no logo yet; your name stands in its place."
                advice = "Upload your logo under Files."
                yield Finding("warning", Code.LOGO_MISSING, sheet.fmt.name, laid.element.id, message, advice)
            else:
                element, shown = found
                yield from size_of_logo(element, shown, sheet.fmt)
                yield from resolution_of(element, shown, sheet.fmt)
                yield from _on_its_ground(element, shown, sheet)
                yield from _nearness(element, shown, laid, sheet)


def size_of_logo(element: LogoElement, shown: Shown, fmt: Format) -> Iterator[Finding]:
    """Find a logo that comes out smaller than the brand allows."""
    if not element.min_width and not element.min_height:
        return
    spot = ink_spot(shown)
    for side, measured, needed in (("wide", spot.width, element.min_width), ("high", spot.height, element.min_height)):
        if measured + SLACK < needed:
            is_now, must_be = measured / fmt.scale, needed / fmt.scale
            message = (
                f"Your logo comes out {is_now:.1f} {fmt.unit} {side} on {fmt.label}, less than the "
                f"{must_be:.1f} {fmt.unit} that the brand asks for."
            )
            advice = f"Upload a more compact version of it: it has to be {must_be:.1f} {fmt.unit} {side} in its box."
            yield Finding(
                "error", Code.LOGO_TOO_SMALL, fmt.name, element.id, message, advice, round(is_now, 2), round(must_be, 2)
            )


def resolution_of(element: LogoElement, shown: Shown, fmt: Format) -> Iterator[Finding]:
    """Find a logo that has too few pixels for its size in print."""
    if not fmt.is_print or shown.picture.vector is not None:
        return
    dpi = pixels_an_inch(shown)
    if dpi >= COARSE_DPI:
        return
    message = f"Your logo has {dpi:.0f} dots an inch on {fmt.label}."
    advice = f"Upload it at least {ink_spot(shown).width / 72 * COARSE_DPI:.0f} pixels wide, or as SVG."
    yield Finding(
        "error" if dpi < UNUSABLE_DPI else "warning",
        Code.LOGO_COARSE,
        fmt.name,
        element.id,
        message,
        advice,
        round(dpi, 1),
        COARSE_DPI,
    )


def _on_its_ground(element: LogoElement, shown: Shown, sheet: Sheet) -> Iterator[Finding]:
    fmt, ground = sheet.fmt, ground_of_logo(element, shown, sheet)
    if shown.plate is None and shows_its_box(shown.picture, ground):
        message = f"Your logo stands in a white box, which shows on the ground that it has on {fmt.label}."
        advice = "Upload it as SVG, or as PNG with a transparent background."
        yield Finding("warning", Code.LOGO_WHITE_BOX, fmt.name, element.id, message, advice)
    measured = contrast_on(shown.picture, ground)
    if shown.plate is None and measured >= element.min_contrast:
        return
    background = "light" if ground.is_light else "dark"
    if shown.plate is not None:
        plate = "dark" if shown.plate == NIGHT else "white"
        message = f"Your logo could hardly be seen on {fmt.label}, whose background is {background} there:"
        message = f"{message} it stands on a {plate} plate."
    else:
        message = f"Your logo stands out from its {background} background on {fmt.label} by {measured:.1f} to 1 only."
    advice = (
        f"Upload a logo for {background} backgrounds under Files, with a contrast of {element.min_contrast:g} to 1."
    )
    yield Finding(
        "warning",
        Code.LOGO_CONTRAST,
        fmt.name,
        element.id,
        message,
        advice,
        round(measured, 2),
        element.min_contrast,
    )


def ground_of_logo(element: LogoElement, shown: Shown, sheet: Sheet) -> Ground:
    """Measure what lies behind a logo. Raises PictureUnusable."""
    return ground_under(element, _box(spot_of(shown)), sheet.setting, sheet.fmt)


def _box(spot: Spot) -> Box:
    return Box(spot.x, spot.y, spot.width, spot.height)


def _nearness(element: LogoElement, shown: Shown, logo: Laid, sheet: Sheet) -> Iterator[Finding]:
    """Find what reaches into the space that a logo keeps clear; what lies behind all of it is its ground."""
    spot, clear = spot_of(shown), element.clear_space
    zone = Box(spot.x - clear, spot.y - clear, spot.width + 2 * clear, spot.height + 2 * clear)
    for other in sheet.laid:
        if other is logo or other.page != logo.page:
            continue
        behind = other.at < logo.at
        if any(touches(box, zone) and not (behind and zone.inside(box)) for box in other.extents):
            message = f"{other.element.label} reaches into the space around your logo on {sheet.fmt.label}."
            advice = f"Keep {clear / sheet.fmt.scale:g} {sheet.fmt.unit} around the logo free."
            yield Finding("warning", Code.CLEAR_SPACE, sheet.fmt.name, element.id, message, advice)


def touches(one: Box, other: Box) -> bool:
    """Tell whether two boxes have more than an edge in common."""
    return (
        one.x < other.x + other.width - SLACK
        and other.x < one.x + one.width - SLACK
        and one.y < other.y + other.height - SLACK
        and other.y < one.y + one.height - SLACK
    )
