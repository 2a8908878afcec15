"""Anchors: an element follows one that stands before it on its page."""

from collections.abc import Iterator

from cobranding.rendering.document.checks.walking import Problem, Raw, walk_pages
from cobranding.rendering.document.model import Document


def problems(document: Document, raw: Raw) -> Iterator[Problem]:
    """Yield each anchor that leads nowhere, to itself, or to what comes later."""
    for _, placed in walk_pages(document, raw):
        known = {each.element.id for each in placed}
        before: set[str] = set()
        for each in placed:
            anchor = each.element.anchor
            if anchor is not None and anchor.to not in before:
                yield f"{each.path}.anchor.to", _sentence(anchor.to, each.element.id, known)
            before.add(each.element.id)


def _sentence(to: str, own: str, known: set[str]) -> str:
    if to == own:
        return "is this element itself"
    if to in known:
        return f"{to} stands after this element; an anchor leads to one before it"
    return f"there is no element {to} on this page"
