"""Names that the JSON uses: each must be the name of something that the document has."""

from collections.abc import Iterator

from cobranding.rendering.document.building import SANS
from cobranding.rendering.document.checks.walking import Problem, Raw, pages_with_paths, written

STYLE_KEYS = ("style", "name_style", "strong_style", "emphasis_style", "link_style")
COLOR_KEYS = ("color", "fill", "stroke", "background")


def problems(raw: Raw) -> Iterator[Problem]:
    """Yield each name that stands for nothing."""
    yield from _in_fonts(raw)
    yield from _in_colors(raw)
    yield from _in_elements(raw)
    for name, variable in raw.get("variables", {}).items():
        if variable["type"] == "image":
            yield from _unknown(f"variables.{name}", variable, "default", raw.get("images", {}), "images")
    for name, fmt in raw.get("formats", {}).items():
        yield from _unknown(f"formats.{name}", fmt, "finished", raw.get("documents", {}), "documents")


def _in_fonts(raw: Raw) -> Iterator[Problem]:
    fonts = raw["brand"].get("fonts", {})
    known = {SANS, *fonts}
    for name, style in raw["brand"].get("styles", {}).items():
        if style["font"] not in known:
            yield f"brand.styles.{name}.font", f"there is no font {style['font']} under brand.fonts"
    for name, font in fonts.items():
        for at, other in enumerate(font.get("fallback", [])):
            if other not in known:
                yield f"brand.fonts.{name}.fallback[{at}]", f"there is no font {other} under brand.fonts"


def _in_colors(raw: Raw) -> Iterator[Problem]:
    for name, style in raw["brand"].get("styles", {}).items():
        yield from _colors(raw, f"brand.styles.{name}", style)
    for name, fmt in raw.get("formats", {}).items():
        yield from _colors(raw, f"formats.{name}", fmt)
    for _, path, page in pages_with_paths(raw):
        yield from _colors(raw, path, page)
    for each in written(raw):
        yield from _colors(raw, each.path, each.raw)


def _colors(raw: Raw, path: str, holder: Raw) -> Iterator[Problem]:
    for key in COLOR_KEYS:
        value = holder.get(key)
        if holder.get("type") == "partner_logo" and key == "background":
            continue
        if isinstance(value, str) and not value.startswith("#") and value not in raw["brand"]["colors"]:
            yield f"{path}.{key}", f"there is no {value} under brand.colors"


def _in_elements(raw: Raw) -> Iterator[Problem]:
    styles, variables = raw["brand"].get("styles", {}), raw.get("variables", {})
    for each in written(raw):
        for key in STYLE_KEYS:
            yield from _unknown(each.path, each.raw, key, styles, "brand.styles")
        yield from _unknown(each.path, each.raw, "image", raw.get("images", {}), "images")
        yield from _unknown(each.path, each.raw, "document", raw.get("documents", {}), "documents")
        yield from _unknown(each.path, each.raw, "variable", variables, "variables")
        for at, choice in enumerate(each.raw.get("open", {}).get("style", {}).get("choices", [])):
            if choice not in styles:
                yield f"{each.path}.open.style.choices[{at}]", f"there is no {choice} under brand.styles"
        for path, condition in conditions_with_paths(each.path, each.raw):
            yield from _unknown(path, condition, "variable", variables, "variables")


def conditions_with_paths(path: str, element: Raw) -> Iterator[tuple[str, Raw]]:
    """Yield the conditions of an element or a group, each with its path."""
    when = element.get("when")
    if isinstance(when, list):
        yield from ((f"{path}.when[{at}]", condition) for at, condition in enumerate(when))
    elif when is not None:
        yield f"{path}.when", when


def _unknown(path: str, raw: Raw, key: str, known: Raw, where: str) -> Iterator[Problem]:
    if key in raw and raw[key] not in known:
        yield f"{path}.{key}", f"there is no {raw[key]} under {where}"
