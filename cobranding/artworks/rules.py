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


def from_form(document: Document, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form holds in the types that the template asks for; what cannot be read stays as it was entered."""
    values: dict[str, Any] = {}
    for name, entry in _flat(entered).items():
        variable = document.variables.get(name)
        if isinstance(entry, str) and variable is not None:
            if variable.type in ("number", "image") and entry.strip().lstrip("-").isdecimal():
                values[name] = int(entry.strip())
                continue
            values[name] = entry.replace("\r\n", "\n").strip()
        else:
            values[name] = entry
    return {name: value for name, value in values.items() if value != ""}


def _flat(entered: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, entry in entered.items():
        if isinstance(entry, Mapping):
            flat |= _flat(entry, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = entry
    return flat
