"""What a file is for, and which logo suits which background."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission


class AssetKind(StrEnum):
    """What a file is for."""

    LOGO = "logo"
    PHOTO = "photo"
    FONT = "font"
    DOCUMENT = "document"
    PROOF = "proof"


class Variant(StrEnum):
    """The background that a logo is made for; everything else is `any`."""

    LIGHT = "light"
    DARK = "dark"
    ANY = "any"


class UseKind(StrEnum):
    """Where an asset is used."""

    TEMPLATE_DRAFT = "template_draft"
    TEMPLATE = "template"
    ARTWORK = "artwork"
    DOWNLOAD = "download"


# The first that there is gets used: the exact one, then one for any background, then the other, which preflight judges.
PREFERENCE: dict[Variant, tuple[Variant, ...]] = {
    Variant.LIGHT: (Variant.LIGHT, Variant.ANY, Variant.DARK),
    Variant.DARK: (Variant.DARK, Variant.ANY, Variant.LIGHT),
    Variant.ANY: (Variant.ANY, Variant.LIGHT, Variant.DARK),
}


class HasVariant(Protocol):
    """Anything that is made for a background."""

    @property
    def variant(self) -> Variant: ...  # noqa: D102


V = TypeVar("V", bound=HasVariant)


def suits_best(logos: Iterable[V], background: Variant) -> V | None:
    """Choose the logo for a background; among equals the first, so give the newest first."""
    listed = list(logos)
    for wanted in PREFERENCE[background]:
        for logo in listed:
            if logo.variant is wanted:
                return logo
    return None


def check_variant(kind: AssetKind, variant: Variant) -> Variant:
    """Only a logo is made for a background.

    Raises Invalid.
    """
    if kind is not AssetKind.LOGO and variant is not Variant.ANY:
        raise Invalid(
            "Only a logo has a light and a dark variant.",
            errors={"variant": ["Choose “any background” for this kind."]},
        )
    return variant


def permission_to_add(kind: AssetKind) -> Permission:
    """Name what adding a file of a kind needs: typefaces come from the brand."""
    return Permission.ASSETS_FONT_UPLOAD if kind is AssetKind.FONT else Permission.ASSETS_ASSET_UPLOAD
