"""From JSON to a `Document`: checked by the schema, built, and its parts held against each other."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from cobranding.rendering.document import checks
from cobranding.rendering.document.building import build
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.schema import document_schema
from cobranding.rendering.errors import DocumentInvalid

MOST_BYTES = 400_000
MOST_ERRORS = 40
"""A document that is no template at all has thousands; the first ones tell it."""
MOST_DEPTH = 40
"""How deep the JSON goes: some ten groups inside each other."""


def _is_integer(_checker: TypeChecker, instance: object) -> bool:
    return isinstance(instance, int) and not isinstance(instance, bool)


def _pattern(_validator: Validator, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    """Hold a whole name against a pattern; in Python a `$` also stands before a last line break."""
    if isinstance(instance, str) and (instance.endswith("\n") or not re.search(pattern, instance)):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def _validator() -> Validator:
    """Return what checks documents; unlike the standard, 5.0 is no integer: it would be kept as it came."""
    integers = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = extend(Draft202012Validator, validators={"pattern": _pattern}, type_checker=integers)
    return strict(document_schema())


def path_of(parts: list[str | int] | tuple[str | int, ...]) -> str:
    """Write a place in the document the way people read it: `formats.a4.elements[3].box`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text or "document"


def _sentence(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(error.schema.get("properties", {})))
        extra = ", ".join(sorted(set(error.instance) - set(error.schema.get("properties", {}))))
        return f"does not know {extra}; it knows {known}"
    if error.validator == "required":
        return f"needs {', '.join(name for name in error.validator_value if name not in error.instance)}"
    if error.validator == "oneOf":
        return "has none, or more than one, of the shapes that are possible here"
    if error.schema is False or error.validator is None:
        return "does not belong into a document of this kind"
    return str(error.message)[:300]


def _schema_errors(raw: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in _validator().iter_errors(raw):
        where = path_of([*error.absolute_path])
        sentence = _sentence(error)
        if sentence not in found.setdefault(where, []):
            found[where].append(sentence)
        if len(found) >= MOST_ERRORS:
            break
    return found


def _unsendable(raw: object) -> dict[str, list[str]]:
    """Return why something is no JSON that can be kept: NaN, half characters, a null byte, or far too much of it."""
    try:
        text = json.dumps(raw, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (ValueError, TypeError, RecursionError):
        return {"document": ["is not JSON that can be kept"]}
    if _is_deeper(raw, MOST_DEPTH):
        return {"document": [f"is nested more than {MOST_DEPTH} deep"]}
    if "\\u0000" in text:
        return {"document": ["contains a null character"]}
    if size > MOST_BYTES:
        return {"document": [f"has {size} bytes, {MOST_BYTES} are possible"]}
    return {}


def _is_deeper(raw: object, most: int) -> bool:
    """Tell whether something is nested deeper; asked after it went through JSON, so it ends."""
    layer: list[object] = [raw]
    for _ in range(most):
        layer = [inner for each in layer for inner in _inside(each)]
        if not layer:
            return False
    return True


def _inside(each: object) -> list[object]:
    if isinstance(each, Mapping):
        return list(each.values())
    return list(each) if isinstance(each, list) else []


def read(raw: object) -> Document:
    """Check a template document and return it typed.

    Raises DocumentInvalid, with the path in the document of each thing that is wrong.
    """
    errors = _unsendable(raw) or _schema_errors(raw)
    if errors:
        raise DocumentInvalid(errors=errors)
    assert isinstance(raw, Mapping)  # noqa: S101  the schema says so
    errors = checks.names_in(raw)
    if errors:
        raise DocumentInvalid(errors=errors)
    document = build(raw)
    errors = checks.sense_of(document, raw)
    if errors:
        raise DocumentInvalid(errors=errors)
    return document


def schema() -> dict[str, Any]:
    """Return the JSON schema that documents are checked with."""
    return document_schema()
