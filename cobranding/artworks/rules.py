"""The states of an artwork, and how values come out of a form."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cobranding.rendering.document.model import Document


class ArtworkState(StrEnum):
    """Say where an artwork stands."""

    DRAFT = "draft"
    READY = "ready"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"


MOVES: Mapping[ArtworkState, frozenset[ArtworkState]] = {
    ArtworkState.DRAFT: frozenset({ArtworkState.READY, ArtworkState.IN_REVIEW}),
    ArtworkState.READY: frozenset({ArtworkState.DRAFT, ArtworkState.IN_REVIEW}),
    ArtworkState.IN_REVIEW: frozenset({ArtworkState.APPROVED, ArtworkState.REJECTED}),
    ArtworkState.APPROVED: frozenset({ArtworkState.DRAFT, ArtworkState.READY}),
    ArtworkState.REJECTED: frozenset({ArtworkState.DRAFT, ArtworkState.READY, ArtworkState.IN_REVIEW}),
}


NUMBERED = ("number", "image", "logo")
"""The types of variables whose values are whole numbers."""


def from_form(document: Document, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form holds in the types that the template asks for; what cannot be read stays as it was entered."""
    values: dict[str, Any] = {}
    for name, entry in entered.items():
        variable = document.variables.get(name)
        if variable is None and isinstance(entry, Mapping):
            values |= _flat(entry, f"{name}.")
        elif variable is not None and variable.type == "contact" and isinstance(entry, Mapping):
            values[name] = {field: _written(text) for field, text in entry.items() if _written(text) != ""}
        elif variable is not None and variable.type in NUMBERED and str(entry).strip().lstrip("-").isdecimal():
            values[name] = int(str(entry).strip())
        else:
            values[name] = entry
    return {name: _written(value) for name, value in values.items() if _written(value) not in ("", {})}


def _written(entry: Any) -> Any:
    return entry.replace("\r\n", "\n").strip() if isinstance(entry, str) else entry


def to_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by the names of their fields: each field of a contact has its own."""
    return {f"values.{name}": value for name, value in values.items() if not isinstance(value, Mapping)} | {
        f"values.{name}.{field}": text
        for name, value in values.items()
        if isinstance(value, Mapping)
        for field, text in value.items()
    }


def _flat(entered: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, entry in entered.items():
        if isinstance(entry, Mapping):
            flat |= _flat(entry, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = entry
    return flat
