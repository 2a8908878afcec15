"""The words of the library, the rights window, and which logo suits which background."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from tcma.kernel.errors import Invalid


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


def rights_run(today: date, from_on: date | None, until_on: date | None) -> bool:
    """Tell whether a day lies in the window; both ends count, an open end never ends."""
    return (from_on is None or from_on <= today) and (until_on is None or today <= until_on)


def check_window(from_on: date | None, until_on: date | None) -> None:
    """Refuse a window that ends before it begins.

    Raises Invalid.
    """
    if from_on is not None and until_on is not None and until_on < from_on:
        raise Invalid(
            "The rights end before they begin.", errors={"rights_until_on": ["This is before the first day."]}
        )


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
