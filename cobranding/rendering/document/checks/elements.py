"""What an element is on its own: a box on its page, sizes in their order, texts and links that can be filled in."""

import re
from collections.abc import Iterator

from cobranding.rendering.document import markdown
from cobranding.rendering.document.checks.walking import Placed, Problem
from cobranding.rendering.document.elements import (
    Box,
    ContactElement,
    Element,
    ImageElement,
    LineElement,
    LogoElement,
    QrElement,
    RichTextElement,
    Styled,
)
from cobranding.rendering.document.judging import problem_with
from cobranding.rendering.document.model import Document, Format, Variable
from cobranding.rendering.document.showing import texts_of
from cobranding.rendering.document.tokens import (
    BRAND_TOKENS,
    PARTNER_TOKENS,
    TOKEN,
    VERIFY_URL,
    strays_in,
    tokens_in,
)

FLOWING = ("text", "choice", "number", "date", "link")
"""Types of variables that can stand in a text."""
HELD: dict[type[Element], str] = {ImageElement: "image", LogoElement: "logo", ContactElement: "contact"}
"""The type of the variable that an element may hold."""
LEADS = re.compile(r"^(https://|http://|mailto:|tel:|\{\{)")
ANY_LINK = Variable("link", "link", "", "", editable=False, required=True, default={}, max_length=1000)


def problems(document: Document, placed: Placed) -> Iterator[Problem]:
    """Yield what is wrong with one element."""
    element, path = placed.element, placed.path
    yield from _box(placed)
    if isinstance(element, Styled):
        yield from _sizes(document, element, path)
    for text_path, text in texts_of(element, path):
        flowing = (*FLOWING, "rich_text") if isinstance(element, RichTextElement) else FLOWING
        yield from _tokens(document, text_path, text, flowing)
        if isinstance(element, RichTextElement) and not text_path.startswith(f"{path}.link"):
            yield from ((text_path, sentence) for sentence in markdown.problems(text))
    yield from _link(element, path)
    held = getattr(element, "variable", None)
    if held and document.variables[held].type != HELD[type(element)]:
        yield f"{path}.variable", f"{held} is not of type {HELD[type(element)]}"
    if element.required and element.conditions:
        yield f"{path}.required", "does not go together with when: what is required is always there"


def room_of(element: Element, fmt: Format) -> tuple[Box, str]:
    """Return where an element may stand on a page of known size, and what lies around that."""
    if isinstance(element, Styled | QrElement):
        safe = fmt.safe
        inner = Box(safe, safe, fmt.width - 2 * safe, fmt.height - 2 * safe)
        return inner, "the safe area" if safe else "the trimmed edge"
    return fmt.sheet, "the edge of the page"


def _box(placed: Placed) -> Iterator[Problem]:
    element, path = placed.element, placed.path
    box = element.box
    if not isinstance(element, LineElement) and (box.width <= 0 or box.height <= 0):
        yield f"{path}.box", "needs a width and a height"
    if isinstance(element, LineElement) and (box.width < 0 or box.height < 0):
        yield f"{path}.box", "needs a width and a height of 0 or more"
    if placed.fmt.finished is not None:
        if box.x < 0 or box.y < 0:
            yield f"{path}.box", "reaches over the edge of the page"
        return
    room, edge = room_of(element, placed.fmt)
    if not box.inside(room):
        yield f"{path}.box", f"reaches over {edge}"


def _sizes(document: Document, element: Styled, path: str) -> Iterator[Problem]:
    style = document.styles[element.style]
    if element.smallest is not None and element.smallest > (element.size or style.size):
        yield f"{path}.smallest", "is larger than the size"
    if isinstance(element, LogoElement):
        room = element.box.width - 2 * element.clear_space, element.box.height - 2 * element.clear_space
        if min(room) <= 0:
            yield f"{path}.clear_space", "leaves nothing of the box"
        for key, least, there in (
            ("min_width", element.min_width, room[0]),
            ("min_height", element.min_height, room[1]),
        ):
            if least > there > 0:
                yield f"{path}.{key}", "is more than the box has inside its clear space"


def _tokens(document: Document, path: str, text: str, flowing: tuple[str, ...]) -> Iterator[Problem]:
    for stray in strays_in(text):
        yield path, f"has braces that are no token, near {stray!r}"
    for token in tokens_in(text):
        variable = document.variables.get(token)
        if variable is not None and variable.type not in flowing:
            yield path, f"{{{{{token}}}}} is of type {variable.type} and cannot stand in a text"
        elif variable is None and token not in PARTNER_TOKENS | BRAND_TOKENS | {VERIFY_URL}:
            yield path, f"{{{{{token}}}}} is not a variable of this template, nor a field of partner or brand"


def _link(element: Element, path: str) -> Iterator[Problem]:
    link = element.target if isinstance(element, QrElement) else element.link
    if not link:
        return
    if isinstance(element, QrElement) and tokens_in(link):
        return
    if not LEADS.match(link):
        yield f"{path}.link", "must be an address that starts with https://"
    elif link.startswith("http") and not TOKEN.search(link):
        problem = problem_with(ANY_LINK, link)
        if problem:
            yield f"{path}.link", problem
