"""Variables: defaults that would pass as values, bounds in their order, sizes that go with where they are shown."""

from collections.abc import Iterator

import regex

from cobranding.rendering.document.checks.walking import Problem, Raw, walk
from cobranding.rendering.document.elements import TextElement
from cobranding.rendering.document.judging import problem_with
from cobranding.rendering.document.model import Document, Variable
from cobranding.rendering.document.tokens import TOKEN


def problems(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with the variables on their own."""
    for variable in document.variables.values():
        yield from _variable(variable)


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
    if variable.largest is not None and variable.smallest is not None and variable.smallest > variable.largest:
        yield f"{path}.smallest", "is larger than largest"
    yield from _default(variable, path)
    yield from _must_change(variable, path)


def _default(variable: Variable, path: str) -> Iterator[Problem]:
    if not variable.editable and variable.required and not variable.default:
        yield f"{path}.default", "is needed: the variable is required and nobody may edit it"
    if variable.type == "image":
        return
    for locale, text in variable.default.items():
        value: object = int(text) if variable.type == "number" else text
        problem = problem_with(variable, value) if text else ""
        if problem:
            yield f"{path}.default" + (f".{locale}" if locale else ""), problem


def _must_change(variable: Variable, path: str) -> Iterator[Problem]:
    if variable.must_change and not variable.editable:
        yield f"{path}.must_change", "asks for a change, but nobody may edit the variable"
    if variable.must_change and not any(variable.default.values()):
        yield f"{path}.must_change", "needs a default: what is there to be changed"


def sizes(document: Document, raw: Raw) -> Iterator[Problem]:
    """Yield the sizes of variables that contradict those of an element in which they stand alone."""
    for placed in walk(document, raw):
        element = placed.element
        if not isinstance(element, TextElement):
            continue
        style = document.styles[element.style]
        for name in dict.fromkeys(alone_in(element)):
            variable = document.variables.get(name)
            if variable is None:
                continue
            largest = variable.largest or element.size or style.size
            if variable.smallest is not None and variable.smallest > largest:
                yield f"variables.{name}.smallest", f"is larger than the size of {placed.path} ({largest:g})"


def alone_in(element: TextElement) -> Iterator[str]:
    """Yield the variables that are all that a text says, in one language or another."""
    for text in element.text.values():
        found = TOKEN.fullmatch(text.strip())
        if found:
            yield found[1]
