"""Holds the parts of a document against each other: names known, boxes on their page, locks true to their content.

`names_in` looks at the JSON before it is built, `sense_of` at both; each problem goes by its path in the document.
"""

from collections.abc import Iterator

from cobranding.rendering.document import mjml
from cobranding.rendering.document.checks import anchors, conditions, elements, fonts, formats, locks, names, variables
from cobranding.rendering.document.checks.walking import Problem, Raw, walk, written
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.showing import shown_by, texts_with_paths

__all__ = ["Errors", "names_in", "sense_of", "shown_by", "texts_with_paths"]

Errors = dict[str, list[str]]


def names_in(raw: Raw) -> Errors:
    """Return what refers to a colour, font, style, file or variable that the document does not have."""
    return _gather(names.problems(raw))


def sense_of(document: Document, raw: Raw) -> Errors:
    """Return everything else that would make the document draw wrongly, or open more than it says."""
    return _gather(_nonsense(document, raw))


def _gather(problems: Iterator[Problem]) -> Errors:
    errors: Errors = {}
    for path, sentence in problems:
        if sentence not in errors.setdefault(path, []):
            errors[path].append(sentence)
    return errors


def _nonsense(document: Document, raw: Raw) -> Iterator[Problem]:
    yield from fonts.problems(document, raw)
    yield from variables.problems(document)
    yield from formats.problems(document, raw)
    for placed in walk(document, raw):
        yield from elements.problems(document, placed)
        yield from locks.problems(document, placed)
    for each in written(raw):
        yield from conditions.problems(document, each)
        yield from locks.of_group(each)
    yield from anchors.problems(document, raw)
    yield from variables.sizes(document, raw)
    if document.email is not None:
        yield from mjml.problems(document)
