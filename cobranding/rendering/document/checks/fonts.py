"""Typefaces and styles: one source each, fallbacks that lead on, sizes in their order."""

from collections.abc import Iterator

from cobranding.rendering.document.checks.walking import Problem, Raw
from cobranding.rendering.document.model import Document


def problems(document: Document, raw: Raw) -> Iterator[Problem]:
    """Yield what is wrong with the fonts and the styles of type."""
    for name, font in raw["brand"].get("fonts", {}).items():
        yield from _font(name, font)
    for name, style in document.styles.items():
        if style.smallest > style.size:
            yield f"brand.styles.{name}.smallest", "is larger than size"


def _font(name: str, font: Raw) -> Iterator[Problem]:
    path = f"brand.fonts.{name}"
    if "family" in font and {"asset_id", "asset_name", "sha256"} & set(font):
        yield path, "names a family and a file; a typeface comes from one of them"
    fallback = font.get("fallback", [])
    for at, other in enumerate(fallback):
        if other == name:
            yield f"{path}.fallback[{at}]", "is this font itself"
        elif other in fallback[:at]:
            yield f"{path}.fallback[{at}]", f"{other} is there twice"
