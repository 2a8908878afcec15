"""Conditions: what they ask about can have the values that they name."""

from collections.abc import Iterator

from cobranding.rendering.document.checks.names import conditions_with_paths
from cobranding.rendering.document.checks.walking import Problem, Written
from cobranding.rendering.document.model import Document, Variable

UNSPOKEN = ("image", "logo", "contact", "rich_text")
"""Types whose values no condition can spell: it can only ask whether there is one."""


def problems(document: Document, each: Written) -> Iterator[Problem]:
    """Yield what is wrong with the conditions that an element or a group was written with."""
    for path, condition in conditions_with_paths(each.path, each.raw):
        if "variable" in condition:
            key = "is" if "is" in condition else "is_not"
            variable = document.variables[condition["variable"]]
            for at, value in enumerate(condition[key]):
                problem = _value(variable, value)
                if problem:
                    yield f"{path}.{key}[{at}]", problem


def _value(variable: Variable, value: str) -> str:
    if not value:
        return ""
    if variable.type == "choice" and value not in variable.choices:
        return f"{value} is none of the choices of {variable.name}: {', '.join(variable.choices)}"
    if variable.type in UNSPOKEN:
        return f"{variable.name} is of type {variable.type}: ask only whether it is the empty text"
    if variable.type == "number" and not value.lstrip("-").isdecimal():
        return f"{value} is no whole number, as {variable.name} is"
    return ""
