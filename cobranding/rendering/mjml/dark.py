"""Makes the page of an e-mail safe where a mail program shows it dark.

Light surfaces become dark ones of the same hue, and the words on them so light that they are read as well as before.
Dark surfaces, buttons and pictures stay as the brand made them. Why: docs/decisions/0014.
"""

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ImageColor

from cobranding.rendering.mjml.tags import VOID, Tag, declarations, rewritten

Rgb = tuple[int, int, int]

SURFACE = 0.8
"""From this lightness on, a ground is paper, which turns dark; below, it is a colour that the brand has chosen."""
DARKEST, DARK = 0.07, 0.16
DEEPENED = 0.8
"""A white page becomes DARK; for each share that it is darker than white, it becomes this much darker still."""
MOST_SATURATED = 0.35
LEAST_CONTRAST, MOST_CONTRAST = 4.5, 12.0
"""Words are read at 4.5 (WCAG 2.2, 1.4.3) or better; more than 12 glares on a dark screen."""
LEAST_EDGE = 1.5
LINK = (0, 0, 238)
"""What a link looks like that nobody has given a colour."""
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LOGO = "{{partner_logo}}"
DARK_LOGO = "{{partner_logo_dark}}"
QUIET = "quiet"
"""A class for small print that is put under a finished page."""
METAS = '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
ROOT = ":root{color-scheme:light dark;supported-color-schemes:light dark}"
ADDRESS = re.compile(r"url\([^)]*\)")
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)|\b[a-z]+\b")
DISPLAY = re.compile(r"(?<![a-z-])display:[^;]*;?")
SWAP = (".logo-light", "display:none!important"), (".logo-dark", "display:block!important")


def safe_in_the_dark(page: str, *, derived: bool, logo: bool) -> str:
    """Return a page with rules for dark mode; `derived`: from its own colours, `logo`: with a logo for dark ground."""
    rules: list[tuple[str, str]] = []
    if derived:
        darkener = _Darkener(logo=logo)
        page = rewritten(page, darkener.change)
        rules += darkener.rules()
    elif logo:
        page = rewritten(page, lambda tag: _both_logos(tag) if _is_logo(tag) else None)
    if logo:
        rules += SWAP
    return page.replace("<head>", f"<head>{METAS}", 1).replace("</head>", f"{_styles(rules)}</head>", 1)


def _styles(rules: list[tuple[str, str]]) -> str:
    """Write the rules twice, apart: Gmail drops the whole of a style element that holds a selector it does not know."""
    for_all = "".join(f"{name}{{{style}}}" for name, style in rules)
    outlook = "".join(
        f"{_in_outlook(name, 'b' if part.startswith('background') else 'c')}{{{part}}}"
        for name, style in rules
        for part in style.split(";")
    )
    return (
        f'<style type="text/css">{ROOT}</style>'
        f'<style type="text/css">@media (prefers-color-scheme:dark){{{for_all}}}</style>'
        f'<style type="text/css">{outlook}</style>'
    )


def _in_outlook(selectors: str, changed: str) -> str:
    """Return selectors for Outlook's web and phone programs, which mark what they have recoloured themselves."""
    return ",".join(f"[data-ogs{changed}] {selector}" for selector in selectors.split(","))


def _is_logo(tag: Tag) -> bool:
    return tag.name == "img" and tag.get("src") == LOGO


def _both_logos(tag: Tag) -> str:
    """Put the logo for dark ground beside the other one; unseen until it is dark, and never seen by Outlook's Word."""
    unseen = DISPLAY.sub("", tag.get("style")).rstrip("; ") + ";display:none"
    other = tag.having("src", DARK_LOGO).having("style", unseen).having("class", "logo-dark")
    return f"{tag.of_class('logo-light')}<!--[if !mso]><!-->{other}<!--<![endif]-->"


@dataclass(frozen=True)
class _Ground:
    """What an element stands on, and the colour of words on it; `fixed`: it stays as it is in the dark."""

    paper: Rgb = WHITE
    ink: Rgb = BLACK
    fixed: bool = False
    hidden: bool = False


class _Darkener:
    """Walks through a page and gives a class to each element that has colours; equal ones share theirs."""

    def __init__(self, *, logo: bool) -> None:
        self.logo = logo
        self.open: list[tuple[str, _Ground]] = []
        self.classes: dict[str, str] = {}

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield the selectors with what they say."""
        yield from ((f".{name}", style) for style, name in self.classes.items())
        yield f".{QUIET},.{QUIET} a", f"color:{_hex(lightened((85, 85, 85), WHITE, darkened(WHITE)))}!important"

    def change(self, tag: Tag) -> Tag | str | None:
        """Return the tag with its class, if it needs one; a logo on paper with the one for dark ground beside it."""
        if tag.closing:
            while self.open and self.open.pop()[0] != tag.name:
                pass
            return None
        around = self.open[-1][1] if self.open else _Ground()
        said = declarations(tag.get("style"))
        ground = _ground_of(tag, said, around)
        if tag.name not in VOID:
            self.open.append((tag.name, ground))
        style = "" if ground.hidden else ";".join(_dark_style(tag, said, ground, around))
        if not style:
            return None
        name = self.classes.setdefault(style, f"d{len(self.classes)}")
        changed = tag.of_class(name)
        return _both_logos(changed) if self.logo and _is_logo(tag) else changed


def _ground_of(tag: Tag, said: list[tuple[str, str]], around: _Ground) -> _Ground:
    values = dict(said)
    paper = _paper_of(tag, values)
    ink = _color_in(values.get("color", ""))
    if ink is None:
        ink = LINK if tag.name == "a" and tag.get("href") else around.ink
    pictured = "url(" in tag.get("style") or bool(tag.get("background"))
    return _Ground(
        paper=paper or around.paper,
        ink=ink,
        fixed=pictured or (around.fixed if paper is None else not _is_paper(paper)),
        hidden=around.hidden or values.get("display") == "none",
    )


def _dark_style(tag: Tag, said: list[tuple[str, str]], ground: _Ground, around: _Ground) -> Iterator[str]:
    values = dict(said)
    if tag.name == "img":
        if not ground.fixed:  # a picture that is partly transparent keeps the ground that it was made for
            yield f"background-color:{_hex(ground.paper)}!important"
        return
    paper = _paper_of(tag, values)
    if paper is not None and not (ground.fixed and _is_paper(paper)):
        yield f"background-color:{_hex(paper if ground.fixed else darkened(paper))}!important"
    if paper is not None or "color" in values or tag.name in ("a", "body"):
        ink = ground.ink if ground.fixed else lightened(ground.ink, ground.paper, darkened(ground.paper))
        yield f"color:{_hex(ink)}!important"
    edge = next((_color_in(value) for name, value in said if name.startswith("border") and _color_in(value)), None)
    if edge is not None and not around.fixed:
        dark = lightened(edge, around.paper, darkened(around.paper), least=LEAST_EDGE)
        yield f"border-color:{_hex(dark)}!important"


def _paper_of(tag: Tag, values: dict[str, str]) -> Rgb | None:
    for value in (values.get("background-color", ""), values.get("background", ""), tag.get("bgcolor")):
        found = _color_in(value)
        if found is not None:
            return found
    return None


def _color_in(value: str) -> Rgb | None:
    """Return the first colour that is named in the value of a property."""
    for word in COLOR.findall(ADDRESS.sub("", value)):
        try:
            return ImageColor.getrgb(word)[:3]
        except ValueError:
            continue
    return None


def _is_paper(color: Rgb) -> bool:
    return _lightness(color) >= SURFACE


def _lightness(color: Rgb) -> float:
    return (max(color) + min(color)) / 510


def darkened(paper: Rgb) -> Rgb:
    """Return what a ground becomes in the dark: paper turns dark, a colour stays."""
    if not _is_paper(paper):
        return paper
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in paper))
    deep = max(DARKEST, DARK - (1 - lightness) * DEEPENED)
    return _rgb(hue, deep, min(saturation, MOST_SATURATED))


def lightened(ink: Rgb, paper: Rgb, dark: Rgb, least: float = LEAST_CONTRAST) -> Rgb:
    """Return the colour of words on a ground that was `paper` and is `dark`: as easily read as before."""
    wanted = min(max(contrast(ink, paper), least), MOST_CONTRAST if least == LEAST_CONTRAST else LEAST_CONTRAST)
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in ink))
    for percent in range(round(min(lightness, 1 - lightness) * 100), 101):
        found = _rgb(hue, percent / 100, saturation)
        if contrast(found, dark) >= wanted:
            return found
    return WHITE


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours (WCAG 2.2), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Rgb) -> float:
    shares = (part / 255 for part in color)
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(hue: float, lightness: float, saturation: float) -> Rgb:
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
