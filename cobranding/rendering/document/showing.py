"""What an element says and shows: its texts with their paths, and the variables in them."""

from collections.abc import Iterator

from cobranding.rendering.document.elements import (
    ContactElement,
    Element,
    ImageElement,
    LogoElement,
    QrElement,
    TextElement,
    Texts,
)
from cobranding.rendering.document.tokens import tokens_in


def texts_of(element: Element, path: str) -> Iterator[tuple[str, str]]:
    """Yield each text of an element that may hold tokens, with its path."""
    if isinstance(element, TextElement):
        yield from texts_with_paths(element.text, f"{path}.text")
    if isinstance(element, ContactElement):
        for at, line in enumerate(element.lines):
            yield f"{path}.lines[{at}]", line
    if isinstance(element, QrElement):
        yield f"{path}.link", element.target
    elif element.link:
        yield f"{path}.link", element.link


def texts_with_paths(texts: Texts, path: str) -> Iterator[tuple[str, str]]:
    """Yield each locale's text with its own path."""
    for locale, text in texts.items():
        yield path + (f".{locale}" if locale else ""), text


def shown_by(element: Element) -> set[str]:
    """Return the names of the variables that an element shows."""
    names = {token for _, text in texts_of(element, "") for token in tokens_in(text) if "." not in token}
    if isinstance(element, ImageElement | LogoElement | ContactElement) and element.variable:
        names.add(element.variable)
    return names
