"""Colours as a PDF page says them: inks where the brand has said them and the page is printed, else light."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Color
from cobranding.rendering.document.model import Document

_plain: Kept[str, Document] = Kept(64, "pdf_plain")


def light(color: Color) -> str:
    """Write a colour as operands of rg."""
    return f"{color.red / 255:.4g} {color.green / 255:.4g} {color.blue / 255:.4g}"


def filled_with(color: Color) -> str:
    """Write the operator that colours what is filled from here on."""
    if color.cmyk is None:
        return f"{light(color)} rg"
    return " ".join(f"{share:.4g}" for share in color.cmyk) + " k"


def stroked_with(color: Color) -> str:
    """Write the operator that colours lines from here on."""
    if color.cmyk is None:
        return f"{light(color)} RG"
    return " ".join(f"{share:.4g}" for share in color.cmyk) + " K"


def without_inks(content_hash: str, document: Document) -> Document:
    """Return a document that says every colour as screens show it."""
    if not any(color.cmyk for color in document.colors.values()):
        return document
    return _plain.get(content_hash, lambda: _stripped(document))


def _stripped(found: Any) -> Any:
    """Take the inks out of a value, as deep as it goes."""
    if isinstance(found, Color):
        return found._replace(cmyk=None)
    if isinstance(found, tuple) and hasattr(found, "_fields"):
        return found
    if isinstance(found, tuple):
        return tuple(_stripped(each) for each in found)
    if isinstance(found, dict):
        return {name: _stripped(each) for name, each in found.items()}
    if is_dataclass(found) and not isinstance(found, type):
        changed = {each.name: _stripped(getattr(found, each.name)) for each in fields(found) if each.init}
        return replace(found, **changed)
    return found
