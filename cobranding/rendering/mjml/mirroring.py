"""Turns the page of an e-mail round for scripts that are read from the right: what was left is right."""

import re

from cobranding.rendering.mjml.tags import Tag, declarations, rewritten

LANGUAGES = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
SIDES = {"left": "right", "right": "left", "ltr": "rtl"}
TURNED = ("direction", "text-align", "float")
EDGES = ("padding", "margin")
SIDED = re.compile(r"^(?:padding|margin|border)-(left|right)(?=-|$)")


def reads_leftwards(locale: str) -> bool:
    """Tell whether a locale's language is written from right to left."""
    return locale.replace("_", "-").partition("-")[0].lower() in LANGUAGES


def mirrored(page: str) -> str:
    """Return a page turned round: direction, alignment, and the edges of boxes."""
    return rewritten(page.replace('dir="auto"', 'dir="rtl"'), _turned)


def _turned(tag: Tag) -> Tag:
    align, style = tag.get("align"), tag.get("style")
    if align in SIDES:
        tag = tag.having("align", SIDES[align])
    if style:
        tag = tag.having("style", ";".join(f"{name}:{value}" for name, value in map(_side, declarations(style))))
    return tag


def _side(declaration: tuple[str, str]) -> tuple[str, str]:
    name, value = declaration
    if name in TURNED:
        return name, SIDES.get(value, value)
    if name in EDGES:
        edges = value.split()
        return name, " ".join([edges[0], edges[3], edges[2], edges[1]]) if len(edges) == 4 else value
    return SIDED.sub(lambda found: found[0].replace(found[1], SIDES[found[1]]), name), value
