"""What a text box on a slide says: paragraphs as somebody would have typed them, not the lines they fell into."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cobranding.rendering.document.elements import ContactElement, Direction, Element, RichTextElement, TextElement
from cobranding.rendering.document.model import said
from cobranding.rendering.document.tokens import fill
from cobranding.rendering.layout import Setting
from cobranding.rendering.typography.typeset import SetText

RIGHT_TO_LEFT = ("R", "AL")
MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~])")
_markdown = MarkdownIt("zero").enable(["emphasis", "link", "list", "newline", "escape"])


@dataclass(frozen=True)
class Run:
    """A few words in one manner."""

    text: str
    strong: bool = False
    emphasized: bool = False
    link: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `bullet` is the sign before it, or nothing."""

    runs: tuple[Run, ...]
    bullet: str = ""

    @property
    def text(self) -> str:
        """Return the words without their manner."""
        return "".join(run.text for run in self.runs)


def reads_rightwards(text: str, direction: Direction) -> bool:
    """Tell whether a paragraph reads from left to right: as its style says, else as its first letter does."""
    if direction != "auto":
        return direction == "ltr"
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind == "L" for kind in kinds if kind == "L" or kind in RIGHT_TO_LEFT), True)


def paragraphs_of(element: Element, mark: SetText, setting: Setting) -> tuple[Paragraph, ...]:
    """Return what an element says where a text of it was set."""
    lines = [line.text for line in mark.lines if line.words]
    if isinstance(element, ContactElement):
        return tuple(plain(line) for line in lines)
    if not isinstance(element, TextElement):
        return (plain(" ".join(lines)),)
    words = said(element.text, setting.inputs.locale, setting.inputs.document.locale)
    if isinstance(element, RichTextElement):
        return tuple(rich(fill(words, lambda token: _marked_up(token, setting)), element.bullet))
    return tuple(plain(paragraph) for paragraph in fill(words, setting.value_of).rstrip("\n").split("\n"))


def _marked_up(token: str, setting: Setting) -> str:
    """Return a value as markup; only a value of rich text brings its own."""
    variable = setting.inputs.document.variables.get(token)
    value = setting.value_of(token)
    return value if variable is not None and variable.type == "rich_text" else MARKUP.sub(r"\\\1", value)


def plain(text: str) -> Paragraph:
    """Return a text as one paragraph."""
    return Paragraph((Run(text),))


def rich(text: str, bullet: str) -> Iterator[Paragraph]:
    """Yield the paragraphs and list items of a text with emphasis, links and bullets."""
    inside = 0
    for token in _markdown.parse(text):
        inside += token.nesting if token.type.startswith("list_item") else 0
        if token.type == "inline":
            yield Paragraph(tuple(_runs(token.children or [])), bullet if inside else "")


def _runs(tokens: list[Token]) -> Iterator[Run]:
    manner = Run("")
    for token in tokens:
        if token.type in ("text", "softbreak", "hardbreak"):
            yield replace(manner, text=token.content or " ")
        elif token.type.startswith("strong"):
            manner = replace(manner, strong=token.nesting > 0)
        elif token.type.startswith("em"):
            manner = replace(manner, emphasized=token.nesting > 0)
        elif token.type.startswith("link"):
            manner = replace(manner, link=str(token.attrGet("href") or ""))
