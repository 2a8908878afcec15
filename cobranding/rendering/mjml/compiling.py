"""The page of an e-mail, made once per template version: MJML compiled, styles inlined, safe in the dark, mirrored.

Tokens stay in it for what a partner and a recipient are told; what belongs to one partner comes in afterwards.
"""

import re
from collections.abc import Collection

import css_inline
import mjml as engine

from cobranding.rendering.mjml.conditions import without
from cobranding.rendering.mjml.dark import safe_in_the_dark
from cobranding.rendering.mjml.mirroring import mirrored

RIGHT_TO_LEFT = "right_to_left"
DARK_LOGO = "dark_logo"
"""Two conditions that no template names: the page is read from the right, there is a logo for dark ground."""
EVERYTHING = frozenset({"link.main", "link.flyer", "partner_logo", "no_logo", DARK_LOGO})
FONT_LINKS = re.compile(r"<link[^<>]*>|@import[^;@]*;|<!--\[if !mso\]><!-->\s*<!--<!\[endif\]-->")
BRACE = re.compile(r"&(?:#0*12[35]|#x0*7[bd]|l(?:brace|cub)|r(?:brace|cub));?", re.IGNORECASE)
OPENED, CLOSED = "\ue07b", "\ue07d"
"""Stand for escaped braces while styles are put in place: unescaped, they could become a token."""
HEAD = re.compile(r"<mj-head\s*/>|<mj-head[^<>]*>")
ROOT = re.compile(r"<mjml\b[^<>]*>")
FILLER = "&#847;&zwnj;&nbsp;" * 40
"""Keeps the first words of the mail out of the preview, which shows as much as there is room for."""

_inliner = css_inline.CSSInliner(
    keep_style_tags=True, keep_at_rules=True, remove_inlined_selectors=True, load_remote_stylesheets=False
)


def compile_page(source: str, met: Collection[str]) -> str:
    """Return the page of a body under the conditions that are met.

    Raises ValueError: it is not MJML.
    """
    html: str = engine.mjml2html(_with_head(without(source, met)), disable_comments=False, fonts={})
    page = _inlined(FONT_LINKS.sub("", html))
    page = safe_in_the_dark(page, derived="prefers-color-scheme" not in source, logo=DARK_LOGO in met)
    return mirrored(page) if RIGHT_TO_LEFT in met else page.replace('dir="auto"', 'dir="ltr"')


def _with_head(source: str) -> str:
    """Give the page a title and a preview where the template says none."""
    more = "" if "<mj-title" in source else "<mj-title>{{subject}}</mj-title>"
    if "<mj-preview" in source:
        source = source.replace("</mj-preview>", f"{FILLER}</mj-preview>", 1)
    else:
        more += f"<mj-preview>{{{{preheader}}}}{FILLER}</mj-preview>"
    head = HEAD.search(source)
    if head is None:
        return ROOT.sub(lambda root: f"{root[0]}<mj-head>{more}</mj-head>", source, count=1)
    if head[0].endswith("/>"):
        return source.replace(head[0], f"<mj-head>{more}</mj-head>", 1)
    return source[: head.end()] + more + source[head.end() :]


def _inlined(page: str) -> str:
    """Put styles where they apply, since many programs drop them elsewhere; media queries stay in the head."""
    shielded = BRACE.sub(lambda brace: OPENED if _opens(brace[0]) else CLOSED, page)
    inlined: str = _inliner.inline(shielded)
    return inlined.replace(OPENED, "&#123;").replace(CLOSED, "&#125;")


def _opens(brace: str) -> bool:
    return brace.lower().strip("&;").lstrip("#x0").startswith(("123", "7b", "l"))
