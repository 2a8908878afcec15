"""The one place where the marks of a page's elements are asked for."""

from dataclasses import replace

from cobranding.rendering.document.elements import Element, PdfPageElement
from cobranding.rendering.document.model import Format, Page
from cobranding.rendering.layout import Mark, Setting, lay_out

Drawn = Mark | PdfPageElement


def laid(page: Page, setting: Setting, fmt: Format) -> list[tuple[Element, list[Drawn]]]:
    """Return the elements of a page with their marks, from the back to the front.

    Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
    """
    return [(element, marks_of(element, setting, fmt)) for element in page.elements]


def marks_of(element: Element, setting: Setting, fmt: Format) -> list[Drawn]:
    """Return the marks of one element, where it stands when it follows no other."""
    if isinstance(element, PdfPageElement):
        moved = setting.inputs.values.get(f"{fmt.name}.{element.id}.position")
        if moved is None or not element.open.within:
            return [element]
        return [replace(element, box=element.box._replace(x=moved[0] * fmt.scale, y=moved[1] * fmt.scale))]
    return [*lay_out(element, setting, fmt)]
