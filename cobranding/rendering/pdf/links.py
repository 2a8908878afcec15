"""Where a page leads: live areas on screen PDFs, over what is drawn."""

from collections.abc import Iterator, Sequence

from cobranding.rendering.document.elements import Box, ContactElement, Element, QrElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.document.tokens import fill
from cobranding.rendering.layout import Setting, link_of
from cobranding.rendering.marks import Mark, Modules, Shown
from cobranding.rendering.pdf.strings import address, text
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.typography.typeset import SetText


def links_of(element: Element, marks: Sequence[Mark], setting: Setting, fmt: Format) -> bytes:
    """Write the link annotations of an element that has been laid out."""
    return b"".join(_annotation(box, target, fmt) for box, target in _areas(element, marks, setting) if target)


def _areas(element: Element, marks: Sequence[Mark], setting: Setting) -> Iterator[tuple[Box, str]]:
    told = link_of(element, setting) if isinstance(element, QrElement) else fill(element.link, setting.value_of)
    if told:
        yield from ((bounds(mark), address(told)) for mark in marks)
    for mark in marks:
        if isinstance(mark, SetText):
            yield from ((link.box, address(link.url)) for link in mark.links)
    if isinstance(element, ContactElement):
        partner = setting.inputs.partner
        leads = {partner.web: address(partner.web), partner.email: address(f"mailto:{partner.email}")}
        for mark in marks:
            if isinstance(mark, SetText):
                yield from (
                    (mark.box_of(line), leads[line.text]) for line in mark.lines if line.words and line.text in leads
                )


def bounds(mark: Mark) -> Box:
    """Return the box that a mark takes."""
    if isinstance(mark, Shown):
        spot = spot_of(mark)
        return Box(spot.x, spot.y, spot.width, spot.height)
    if isinstance(mark, Modules):
        return mark.box
    if isinstance(mark, SetText):
        boxes = [mark.box_of(line) for line in mark.lines if line.words] or [Box(0, 0, 0, 0)]
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
        return Box(left, top, right - left, bottom - top)
    return mark.box


def _annotation(box: Box, target: str, fmt: Format) -> bytes:
    left, bottom = box.x + fmt.bleed, fmt.height + fmt.bleed - box.y - box.height
    edges = f"{left:.2f} {bottom:.2f} {left + box.width:.2f} {bottom + box.height:.2f}"
    action = f"/A<</S/URI/URI({target})>>"
    return (
        f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{edges}]{action}/Contents".encode() + text(target) + b">>"
    )
