"""Holds the parts of a document against each other: names known, boxes on their page, locks true to their content."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from cobranding.rendering.document import mjml
from cobranding.rendering.document.elements import (
    Box,
    ContactElement,
    Element,
    ImageElement,
    LogoElement,
    QrElement,
    Styled,
    TextElement,
    Texts,
)
from cobranding.rendering.document.model import Document, Variable
from cobranding.rendering.document.tokens import BRAND_TOKENS, PARTNER_TOKENS, strays_in, tokens_in
from cobranding.rendering.document.values import problem_with

Raw = Mapping[str, Any]
Errors = dict[str, list[str]]
Problem = tuple[str, str]

MOST_PIXELS = 16_000_000
MOST_MM = 1200.0
FLOWING = ("text", "choice", "number", "date", "link")
"""Types of variables that can stand in a text."""


def names_in(raw: Raw) -> Errors:
    """Return what refers to a colour, font, style, picture or variable that the document does not have."""
    return _gather(_unknown_names(raw))


def sense_of(document: Document) -> Errors:
    """Return everything else that would make the document draw wrongly, or open more than it says."""
    return _gather(_nonsense(document))


def _gather(problems: Iterator[Problem]) -> Errors:
    errors: Errors = {}
    for path, sentence in problems:
        errors.setdefault(path, []).append(sentence)
    return errors


def _elements(raw: Raw) -> Iterator[tuple[str, Raw]]:
    for name, fmt in raw.get("formats", {}).items():
        if "elements" in fmt:
            yield from _within(f"formats.{name}", fmt)
        for at, page in enumerate(fmt.get("pages", [])):
            yield from _within(f"formats.{name}.pages[{at}]", page)


def _within(path: str, holder: Raw) -> Iterator[tuple[str, Raw]]:
    for at, element in enumerate(holder["elements"]):
        yield f"{path}.elements[{at}]", element
        if element["type"] == "group":
            yield from _within(f"{path}.elements[{at}]", element)


def _unknown_names(raw: Raw) -> Iterator[Problem]:
    brand = raw["brand"]
    fonts = {"sans", *brand.get("fonts", {})}
    for name, style in brand.get("styles", {}).items():
        if style["font"] not in fonts:
            yield f"brand.styles.{name}.font", f"there is no font {style['font']} under brand.fonts"
    yield from _unknown_colors(raw, brand["colors"])
    styles, images, variables = brand.get("styles", {}), raw.get("images", {}), raw.get("variables", {})
    for path, element in _elements(raw):
        yield from _unknown(path, element, "style", styles, "brand.styles")
        yield from _unknown(path, element, "name_style", styles, "brand.styles")
        yield from _unknown(path, element, "image", images, "images")
        yield from _unknown(path, element, "variable", variables, "variables")
        for choice in element.get("open", {}).get("style", {}).get("choices", []):
            if choice not in styles:
                yield f"{path}.open.style.choices", f"there is no {choice} under brand.styles"
    for name, variable in variables.items():
        if variable["type"] == "image":
            yield from _unknown(f"variables.{name}", variable, "default", images, "images")


def _unknown(path: str, raw: Raw, key: str, known: Raw, where: str) -> Iterator[Problem]:
    if key in raw and raw[key] not in known:
        yield f"{path}.{key}", f"there is no {raw[key]} under {where}"


def _unknown_colors(raw: Raw, colors: Raw) -> Iterator[Problem]:
    for name, style in raw["brand"].get("styles", {}).items():
        yield from _unknown_color(f"brand.styles.{name}", style, colors)
    for name, fmt in raw.get("formats", {}).items():
        yield from _unknown_color(f"formats.{name}", fmt, colors)
    for path, element in _elements(raw):
        yield from _unknown_color(path, element, colors)


def _unknown_color(path: str, raw: Raw, colors: Raw) -> Iterator[Problem]:
    for key in ("color", "fill", "stroke", "background"):
        value = raw.get(key)
        if raw.get("type") == "partner_logo" and key == "background":
            continue
        if isinstance(value, str) and not value.startswith("#") and value not in colors:
            yield f"{path}.{key}", f"there is no {value} under brand.colors"


def _nonsense(document: Document) -> Iterator[Problem]:
    for name, style in document.styles.items():
        if style.smallest > style.size:
            yield f"brand.styles.{name}.smallest", "is larger than size"
    for variable in document.variables.values():
        yield from _variable(variable)
    for name, fmt in document.formats.items():
        if not fmt.is_print and fmt.width * fmt.height > MOST_PIXELS:
            yield f"formats.{name}", f"has more than {MOST_PIXELS} pixels"
        if fmt.is_print and max(fmt.width, fmt.height) / fmt.scale > MOST_MM:
            yield f"formats.{name}", f"is longer than {MOST_MM:.0f} mm"
        seen: set[str] = set()
        for at, element in enumerate(fmt.elements):
            path = f"formats.{name}.elements[{at}]"
            if element.id in seen:
                yield f"{path}.id", f"{element.id} is there twice"
            seen.add(element.id)
            yield from _element(document, element, path, fmt.sheet)
    if document.email is not None:
        yield from mjml.problems(document)


def _variable(variable: Variable) -> Iterator[Problem]:
    path = f"variables.{variable.name}"
    if variable.pattern is not None:
        try:
            regex.compile(variable.pattern)
        except regex.error as error:
            yield f"{path}.pattern", f"is not a pattern: {error}"
            return
    if variable.minimum is not None and variable.maximum is not None and variable.minimum > variable.maximum:
        yield f"{path}.minimum", "is larger than maximum"
    if variable.type == "image":
        return
    for locale, text in variable.default.items():
        value: object = int(text) if variable.type == "number" else text
        problem = problem_with(variable, value)
        if problem and text:
            yield f"{path}.default" + (f".{locale}" if locale else ""), problem
    if not variable.editable and variable.required and not variable.default:
        yield f"{path}.default", "is needed: the variable is required and nobody may edit it"


def _element(document: Document, element: Element, path: str, page: Box) -> Iterator[Problem]:
    box = element.box
    flat = type(element).__name__ == "LineElement"
    if not flat and (box.width <= 0 or box.height <= 0):
        yield f"{path}.box", "needs a width and a height"
    if not box.inside(page):
        yield f"{path}.box", "reaches over the edge of the page"
    if isinstance(element, Styled):
        yield from _sizes(document, element, path)
    yield from _locks(document, element, path)
    for text_path, text in _texts(element, path):
        yield from _tokens(document, text_path, text)
    if isinstance(element, QrElement) and not tokens_in(element.target):
        link = Variable("link", "link", "", "", editable=False, required=True, default={}, max_length=1000)
        problem = problem_with(link, element.target)
        if problem:
            yield f"{path}.link", problem


def _sizes(document: Document, element: Styled, path: str) -> Iterator[Problem]:
    style = document.styles[element.style]
    if (element.smallest or style.smallest) > (element.size or style.size):
        yield f"{path}.smallest", "is larger than the size"


def _texts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(element, TextElement):
        yield from texts_with_paths(element.text, f"{path}.text")
    if isinstance(element, ContactElement):
        for at, line in enumerate(element.lines):
            yield f"{path}.lines[{at}]", line
    if isinstance(element, QrElement):
        yield f"{path}.link", element.target


def texts_with_paths(texts: Texts, path: str) -> Iterator[tuple[str, str]]:
    """Yield each locale's text with its own path."""
    for locale, text in texts.items():
        yield path + (f".{locale}" if locale else ""), text


def _tokens(document: Document, path: str, text: str) -> Iterator[Problem]:
    for stray in strays_in(text):
        yield path, f"has braces that are no token, near {stray!r}"
    for token in tokens_in(text):
        variable = document.variables.get(token)
        if variable is not None and variable.type not in FLOWING:
            yield path, f"{{{{{token}}}}} is of type {variable.type} and cannot stand in a text"
        elif variable is None and token not in PARTNER_TOKENS | BRAND_TOKENS:
            yield path, f"{{{{{token}}}}} is not a variable of this template, nor a field of partner or brand"


def shown_by(element: Element) -> set[str]:
    """Return the names of the variables that an element shows."""
    names = {token for _, text in _texts(element, "") for token in tokens_in(text) if "." not in token}
    if isinstance(element, ImageElement | LogoElement | ContactElement) and element.variable:
        names.add(element.variable)
    return names


def _locks(document: Document, element: Element, path: str) -> Iterator[Problem]:
    shown = [document.variables[name] for name in sorted(shown_by(element)) if name in document.variables]
    editable = [variable.name for variable in shown if variable.editable]
    if editable and not element.open.content:
        yield f"{path}.open", f"locks the content, but it shows {', '.join(editable)}, which partners may edit"
    if element.open.content and not editable:
        yield f"{path}.open", "opens the content, but it shows no variable that partners may edit"
    if element.open.within is not None:
        if not isinstance(element, Styled | ImageElement | QrElement):
            yield f"{path}.open.position", "cannot be opened on an element of this type"
        elif not element.box.inside(element.open.within):
            yield f"{path}.open.position.within", "does not hold the element's own box"
    if element.open.styles and not isinstance(element, TextElement):
        yield f"{path}.open.style", "can only be opened on a text"
    if isinstance(element, ImageElement) and element.variable and document.variables[element.variable].type != "image":
        yield f"{path}.variable", f"{element.variable} is not of type image"
