"""The states of a template version."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class TemplateKind(StrEnum):
    """Say what a template makes."""

    FLYER = "flyer"
    SOCIAL = "social"
    EMAIL = "email"
    DECK = "deck"
    DOCUMENT = "document"


class VersionState(StrEnum):
    """Say where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.PUBLISHED}),
    VersionState.PUBLISHED: frozenset({VersionState.WITHDRAWN}),
    VersionState.WITHDRAWN: frozenset(),
}


def with_pictures(document: Mapping[str, Any], pinned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document with its pictures named by asset id and hash of their bytes."""
    images = {name: {**image, **pinned.get(name, {})} for name, image in document.get("images", {}).items()}
    return {**document, "images": images} if images else dict(document)
