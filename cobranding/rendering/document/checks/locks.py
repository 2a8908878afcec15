"""Locks: what an element opens is what it shows, and what it shows of the partner is opened."""

from collections.abc import Iterator

from cobranding.rendering.document.checks.elements import room_of
from cobranding.rendering.document.checks.walking import Placed, Problem, Written
from cobranding.rendering.document.elements import Element, ImageElement, LineElement, QrElement, Styled, TextElement
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.showing import shown_by


def problems(document: Document, placed: Placed) -> Iterator[Problem]:
    """Yield where an element's locks and its content do not go together."""
    element, path = placed.element, placed.path
    yield from _content(document, element, path)
    if element.open.within is not None:
        yield from _position(placed)
    if element.open.styles and not isinstance(element, TextElement):
        yield f"{path}.open.style", "can only be opened on a text"


def of_group(each: Written) -> Iterator[Problem]:
    """Yield what a group says that only the elements in it can say."""
    for key in ("open", "anchor", "required"):
        if each.raw["type"] == "group" and each.raw.get(key):
            yield f"{each.path}.{key}", "is said of the elements in a group, not of the group"


def _content(document: Document, element: Element, path: str) -> Iterator[Problem]:
    shown = [document.variables[name] for name in sorted(shown_by(element)) if name in document.variables]
    editable = [variable.name for variable in shown if variable.editable]
    if editable and not element.open.content:
        yield f"{path}.open", f"locks the content, but it shows {', '.join(editable)}, which partners may edit"
    if element.open.content and not editable:
        yield f"{path}.open", "opens the content, but it shows no variable that partners may edit"


def _position(placed: Placed) -> Iterator[Problem]:
    element, path, within = placed.element, placed.path, placed.element.open.within
    if within is None or not isinstance(element, Styled | ImageElement | QrElement) or isinstance(element, LineElement):
        yield f"{path}.open.position", "cannot be opened on an element of this type"
        return
    if element.anchor is not None:
        yield f"{path}.open.position", "does not go together with anchor: it follows the partner, or another element"
    if not element.box.inside(within):
        yield f"{path}.open.position.within", "does not hold the element's own box"
    if placed.fmt.finished is None:
        room, edge = room_of(element, placed.fmt)
        if not within.inside(room):
            yield f"{path}.open.position.within", f"reaches over {edge}"
