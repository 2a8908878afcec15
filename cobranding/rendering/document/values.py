"""The lock proof: what a partner sends is values of open variables, and nothing else. One pure function says so."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import regex

from cobranding.rendering.document.elements import Element
from cobranding.rendering.document.model import Document, Format, Variable, said
from cobranding.rendering.errors import ValuesRefused

Values = dict[str, Any]

SLOT = re.compile(r"^([a-z0-9][a-z0-9_x-]*)\.([a-z][a-z0-9_]*)\.(position|style)$")
"""The name of an opened position or style: `a4.headline.style`."""

PATTERN_SECONDS = 0.1
MOST_VALUES = 500
NOT_OPEN = "is not open in this template"


def check_values(document: Document, values: object) -> Values:
    """Return the values as they are kept, text in NFC; the proof that nothing locked has been touched.

    Raises ValuesRefused, naming every value that is not open, of another type, too long or malformed.
    """
    if not isinstance(values, Mapping):
        raise ValuesRefused(errors={"values": ["must be an object of names and values"]})
    if len(values) > MOST_VALUES:
        raise ValuesRefused(errors={"values": [f"are more than {MOST_VALUES}"]})
    kept: Values = {}
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        problem = _judge(document, name, value, kept)
        if problem:
            errors.setdefault(str(name)[:120], []).append(problem)
    if errors:
        raise ValuesRefused(_named(errors), errors=errors)
    return kept


def _named(errors: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{name} {sentences[0]}" for name, sentences in list(errors.items())[:8])


def _judge(document: Document, name: object, value: object, kept: Values) -> str:
    if not isinstance(name, str):
        return NOT_OPEN
    variable = document.variables.get(name)
    if variable is None:
        return _judge_slot(document, name, value, kept)
    if not variable.editable:
        return NOT_OPEN
    if value is None:
        return ""
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value)
    problem = problem_with(variable, value)
    if not problem:
        kept[name] = value
    return problem


def _judge_slot(document: Document, name: str, value: object, kept: Values) -> str:
    found = slot_of(document, name)
    if found is None:
        return NOT_OPEN
    fmt, element, axis = found
    if value is None:
        return ""
    problem = _style_problem(element, value) if axis == "style" else _position_problem(fmt, element, value)
    if not problem:
        kept[name] = list(value) if isinstance(value, list | tuple) else value
    return problem


def slot_of(document: Document, name: str) -> tuple[Format, Element, str] | None:
    """Return the format, the element and the axis that a value's name opens, if the document opens it."""
    match = SLOT.match(name)
    fmt = document.formats.get(match[1]) if match else None
    if match is None or fmt is None:
        return None
    for element in fmt.elements:
        if element.id == match[2]:
            opened = element.open.styles if match[3] == "style" else element.open.within
            return (fmt, element, match[3]) if opened else None
    return None


def _style_problem(element: Element, value: object) -> str:
    if not isinstance(value, str) or value not in element.open.styles:
        return f"must be one of {', '.join(element.open.styles)}"
    return ""


def _position_problem(fmt: Format, element: Element, value: object) -> str:
    numbers = isinstance(value, list | tuple) and len(value) == 2
    if not numbers or not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value):  # type: ignore[attr-defined]
        return "must be [left, top]"
    left, top = (float(part) * fmt.scale for part in value)  # type: ignore[attr-defined]
    within = element.open.within
    if within is None or not element.box._replace(x=left, y=top).inside(within):
        return "leaves the area that is open for it"
    return ""


def problem_with(variable: Variable, value: object) -> str:
    """Return what is wrong with a value for a variable, or an empty text."""
    judges = {
        "text": _text_problem,
        "choice": _choice_problem,
        "number": _number_problem,
        "date": _date_problem,
        "link": _link_problem,
        "image": _image_problem,
    }
    return judges[variable.type](variable, value)


def _text_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str):
        return "must be a text"
    if len(value) > variable.max_length:
        return f"has {len(value)} characters, {variable.max_length} are possible"
    if "\n" in value and not variable.multiline:
        return "must be on one line"
    if "{{" in value or "}}" in value:
        return "must not contain {{ or }}"
    for character in value:
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn"):
            return f"contains a character that cannot be printed (U+{ord(character):04X})"
    return _pattern_problem(variable, value)


def _pattern_problem(variable: Variable, value: str) -> str:
    if variable.pattern is None or not value:
        return ""
    try:
        matched = regex.fullmatch(variable.pattern, value, timeout=PATTERN_SECONDS)
    except TimeoutError:
        return "takes too long to hold against the pattern of the template"
    return "" if matched else "does not have the form that is asked for"


def _choice_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str) or value not in variable.choices:
        return f"must be one of {', '.join(variable.choices)}"
    return ""


def _number_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "must be a whole number"
    if variable.minimum is not None and value < variable.minimum:
        return f"must be at least {variable.minimum}"
    if variable.maximum is not None and value > variable.maximum:
        return f"must be at most {variable.maximum}"
    return "" if abs(value) < 10**15 else "is too large"


def _date_problem(_variable: Variable, value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            date.fromisoformat(value)
        except ValueError:
            return "is not a day of the calendar"
        return ""
    return "must be a date like 2026-05-31"


def _link_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str):
        return "must be an address"
    if len(value) > variable.max_length:
        return f"has {len(value)} characters, {variable.max_length} are possible"
    if not value.isascii() or not value.isprintable() or any(mark in value for mark in " <>\"'{}\\`"):
        return "contains characters that an address cannot have"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("https", "http") or ("." not in host and host != "localhost") or parts.username is not None:
        return "must be an address that starts with https://"
    return _pattern_problem(variable, value)


def _image_problem(_variable: Variable, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        return "must be the id of a picture"
    return ""


def in_effect(document: Document, values: Mapping[str, Any], locale: str) -> Values:
    """Return each variable's value as it is drawn: the partner's where it is open, else the template's default."""
    drawn: Values = {}
    for name, variable in document.variables.items():
        given = values.get(name) if variable.editable else None
        if given is None or given == "":
            default = said(variable.default, locale, document.locale) if variable.default else ""
            drawn[name] = int(default) if variable.type == "number" and default else default
        else:
            drawn[name] = given
    return drawn


def missing_values(document: Document, values: Mapping[str, Any], locale: str) -> list[Variable]:
    """Return the required variables that have neither a value nor a default."""
    drawn = in_effect(document, values, locale)
    return [
        variable for name, variable in document.variables.items() if variable.required and drawn[name] in ("", None)
    ]


def unchanged_values(document: Document, values: Mapping[str, Any]) -> list[Variable]:
    """Return the variables whose default only shows what to write, and still stands, in whichever language."""
    return [
        variable
        for name, variable in document.variables.items()
        if variable.must_change and _alike(values.get(name, "")) in {"", *map(_alike, variable.default.values())}
    ]


def _alike(value: object) -> str:
    return " ".join(str(value).split()).casefold()
