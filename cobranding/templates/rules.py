"""The states of a template version."""

from collections.abc import Mapping
from copy import deepcopy
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


def with_files(document: Mapping[str, Any], pins: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document with its files named as `pins` says, by their paths: `images.hero`, `brand.fonts.head`."""
    named = deepcopy(dict(document))
    for path, pin in pins.items():
        place = named
        for part in path.split("."):
            place = place[part]
        place.update(pin)
    return named
