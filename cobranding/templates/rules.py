"""The states of a template version, and when the brand looks at what partners make of a template."""

from collections.abc import Mapping
from copy import deepcopy
from enum import StrEnum
from typing import Any

from assets.library.rules import RightsChannel


class TemplateKind(StrEnum):
    """Say what a template makes."""

    FLYER = "flyer"
    SOCIAL = "social"
    EMAIL = "email"
    DECK = "deck"
    DOCUMENT = "document"


class ApprovalPolicy(StrEnum):
    """Say when the brand looks at what a partner made of a template before it may be used."""

    NONE = "none"
    FIRST_USE = "first_use"
    ALWAYS = "always"


class VersionState(StrEnum):
    """Say where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


CHANNELS: Mapping[str, RightsChannel] = {
    "flyer": RightsChannel.PRINT,
    "document": RightsChannel.PRINT,
    "deck": RightsChannel.SCREEN,
    "social": RightsChannel.SOCIAL,
    "email": RightsChannel.EMAIL,
}
"""What the files of a template are used for, by its kind."""

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


def has_picture(document: Mapping[str, Any], asset_id: int, name: str) -> bool:
    """Tell whether a document has a picture: by its id, or by its name alone."""
    return any(_is_picture(image, asset_id, name) for image in document.get("images", {}).values())


def with_other_picture(document: Mapping[str, Any], asset_id: int, name: str, *, by_id: int) -> dict[str, Any]:
    """Return the document with another picture in the place of one; publishing takes the hash of its bytes anew."""
    images = {
        key: {"asset_id": by_id, **({"alt": image["alt"]} if "alt" in image else {})}
        if _is_picture(image, asset_id, name)
        else image
        for key, image in document.get("images", {}).items()
    }
    return {**document, "images": images}


def _is_picture(image: Mapping[str, Any], asset_id: int, name: str) -> bool:
    return bool(image["asset_id"] == asset_id if "asset_id" in image else image.get("asset_name") == name)
