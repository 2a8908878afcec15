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


PINS = frozenset({"asset_id", "asset_name", "sha256"})


def without_pins(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with its files named by nothing but `asset_name`, so that it means the same elsewhere."""
    plain = deepcopy(dict(document))
    groups = (plain.get("images", {}), plain.get("documents", {}), plain["brand"].get("fonts", {}))
    for name, file in ((name, file) for group in groups for name, file in group.items()):
        if PINS & set(file):
            file["asset_name"] = file.get("asset_name") or name
            for key in ("asset_id", "sha256"):
                file.pop(key, None)
    return plain


def with_files(document: Mapping[str, Any], pins: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document with its files named as `pins` says, by their paths: `images.hero`, `brand.fonts.head`."""
    named = deepcopy(dict(document))
    for path, pin in pins.items():
        place = named
        for part in path.split("."):
            place = place[part]
        place.update(pin)
    return named
