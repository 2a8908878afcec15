"""The lock proof: what a partner sends is values of open variables, and nothing else. One pure function says so."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from cobranding.rendering.document.elements import Element
from cobranding.rendering.document.judging import problem_with
from cobranding.rendering.document.model import Document, Format, Variable, said
from cobranding.rendering.errors import ValuesRefused

Values = dict[str, Any]

SLOT = re.compile(r"([a-z0-9][a-z0-9_x-]*)\.([a-z][a-z0-9_]*)\.(position|style)", re.ASCII)
"""The name of an opened position or style: `a4.headline.style`."""

MOST_VALUES = 500
FARTHEST = 20_000
"""Beyond any page, in any unit."""
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
            errors.setdefault(_shown(name), []).append(problem)
    if errors:
        raise ValuesRefused(_named(errors), errors=errors)
    return kept


def _shown(name: object) -> str:
    """Return a name as it can be told back: short, and nothing in it that no answer can carry."""
    text = name if isinstance(name, str) else type(name).__name__
    return text[:120].encode("utf-8", "replace").decode()


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
    value = _composed(value)
    problem = problem_with(variable, value)
    if not problem:
        kept[name] = value
    return problem


def _composed(value: object) -> object:
    """Return a value with its texts in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {name: _composed(inner) if isinstance(inner, str) else inner for name, inner in value.items()}
    return value


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
    match = SLOT.fullmatch(name)
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


def _is_length(part: object) -> bool:
    if not isinstance(part, int | float) or isinstance(part, bool):
        return False
    return abs(part) <= FARTHEST and math.isfinite(part)


def _position_problem(fmt: Format, element: Element, value: object) -> str:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(_is_length(part) for part in value):
        return "must be [left, top]"
    left, top = (float(part) * fmt.scale for part in value)
    within = element.open.within
    if within is None or not element.box._replace(x=left, y=top).inside(within):
        return "leaves the area that is open for it"
    return ""


def in_effect(document: Document, values: Mapping[str, Any], locale: str) -> Values:
    """Return each variable's value as it is drawn: the partner's where it is open, else the template's default."""
    drawn: Values = {}
    for name, variable in document.variables.items():
        given = values.get(name) if variable.editable else None
        if given in (None, "", {}):
            drawn[name] = default_in_effect(document, variable, locale)
        else:
            drawn[name] = given
    return drawn


def default_in_effect(document: Document, variable: Variable, locale: str) -> Any:
    """Return what the template itself says for a variable."""
    default = said(variable.default, locale, document.locale) if variable.default else ""
    return int(default) if variable.type == "number" and default else default


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


def picture_problem(variable: Variable, tags: Iterable[str]) -> str:
    """Return what is wrong with a picture that has these tags, or an empty text."""
    wanted = {_alike(category) for category in variable.categories}
    if wanted and not wanted & {_alike(tag) for tag in tags}:
        return f"needs a picture with one of the tags {', '.join(variable.categories)}"
    return ""
