"""Whether what a partner says can be read on what lies behind it."""

from collections.abc import Iterator

from cobranding.rendering.document.elements import ContactElement, Element, LogoElement, Styled, TextElement
from cobranding.rendering.document.tokens import tokens_in
from cobranding.rendering.layout import ground_under
from cobranding.rendering.pictures.contrast import luminance, ratio
from cobranding.rendering.preflight.findings import Code, Finding
from cobranding.rendering.preflight.pages import Laid, Sheet, extents_of
from cobranding.rendering.typography.typeset import SetText

READABLE, READABLE_LARGE = 4.5, 3.0
"""Source: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
LARGE, LARGE_BOLD, BOLD = 18.0, 14.0, 700
"""From these sizes on, in points, type counts as large. A point is 4/3 of a pixel on a screen."""
POINTS_A_PIXEL = 0.75


def contrasts_of(sheet: Sheet) -> Iterator[Finding]:
    """Find texts of the partner that stand out too little; what the brand itself says is the brand's own business."""
    for laid in sheet.laid:
        if isinstance(laid.element, Styled) and _is_partners(laid.element):
            texts = [mark for mark in laid.marks if isinstance(mark, SetText)]
            found = [finding for text in texts for finding in _contrast_of(laid, text, sheet)]
            yield from sorted(found, key=lambda finding: finding.measured or 0)[:1]


def _is_partners(element: Element) -> bool:
    opened = element.open
    if isinstance(element, ContactElement | LogoElement) or opened.content or opened.styles or opened.within:
        return True
    texts = element.text.values() if isinstance(element, TextElement) else ()
    return any("." in token for text in texts for token in tokens_in(text))


def _contrast_of(laid: Laid, text: SetText, sheet: Sheet) -> Iterator[Finding]:
    fmt, light = sheet.fmt, luminance(text.color.rgb)
    grounds = [ground_under(laid.element, line, sheet.setting, fmt) for line in extents_of(text)]
    if not grounds:
        return
    measured = min(ratio(light, ground.luminance) for ground in grounds)
    points = text.size if fmt.is_print else text.size * POINTS_A_PIXEL
    large = points >= (LARGE_BOLD if text.face.key.weight >= BOLD else LARGE)
    needed = READABLE_LARGE if large else READABLE
    if measured < needed:
        message = f"{laid.element.label} stands out from its background on {fmt.label} by {measured:.1f} to 1 only."
        advice = f"{needed:g} to 1 can be read well: choose another style, place or picture."
        yield Finding(
            "warning", Code.TEXT_CONTRAST, fmt.name, laid.element.id, message, advice, round(measured, 2), needed
        )
