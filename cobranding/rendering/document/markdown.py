"""The small part of Markdown that rich text is written in: paragraphs, strong, emphasis, links and bullet lists.

CommonMark, <https://spec.commonmark.org/0.31.2/>, says what is what; anything beyond the small part is refused by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cobranding.rendering.document.tokens import TOKEN


class _Reader(MarkdownIt):
    """Takes every link for one: where it may lead is judged here, with a sentence."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - its name there
        """Take it."""
        return isinstance(url, str)


_reader = _Reader("commonmark").disable(["code", "entity", "autolink", "reference"])

REFUSED = {
    "heading_open": "headings",
    "html_inline": "HTML",
    "html_block": "HTML",
    "image": "pictures",
    "code_inline": "code",
    "fence": "code",
    "blockquote_open": "quotations",
    "hr": "rules",
    "ordered_list_open": "numbered lists",
}
ANY_ADDRESS = "https://token.invalid/"
"""Stands in for a token while the brand's own text is checked: it may be an address or words."""


@dataclass(frozen=True)
class Run:
    """Words in one way of writing; `link` is where they lead, if anywhere. A line break is in the words."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or one entry of a bullet list."""

    runs: tuple[Run, ...]
    bullet: bool = False


def problems(text: str) -> Iterator[str]:
    """Yield what a rich text has that cannot be set; tokens in it are taken for words or an address."""
    depth = 0
    for token in _tokens(TOKEN.sub(ANY_ADDRESS, text)):
        depth += token.nesting if token.type.startswith("bullet_list") else 0
        if token.type in REFUSED:
            yield f"has {REFUSED[token.type]}; paragraphs, **strong**, *emphasis*, links and bullet lists are possible"
        if depth > 1:
            yield "has a list inside a list"
        if token.type == "link_open" and not _leads_outside(str(token.attrs.get("href", ""))):
            yield f"has a link to {str(token.attrs.get('href', ''))[:60]!r}; links start with https://"


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return a rich text that has no problems as paragraphs and entries of lists."""
    blocks: list[Block] = []
    in_list = 0
    for token in _reader.parse(text):
        in_list += token.nesting if token.type in ("list_item_open", "list_item_close") else 0
        if token.type == "inline":
            blocks.append(Block(tuple(_runs(token.children or [])), bullet=in_list > 0))
    return tuple(blocks)


def words_of(text: str) -> str:
    """Return what a reader of a rich text sees, a line a block."""
    return "\n".join("".join(run.text for run in block.runs) for block in blocks_of(text))


def _tokens(text: str) -> Iterator[Token]:
    for token in _reader.parse(text):
        yield token
        yield from token.children or []


def _runs(tokens: list[Token]) -> Iterator[Run]:
    strong = emphasis = 0
    link = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            strong += token.nesting
        elif token.type in ("em_open", "em_close"):
            emphasis += token.nesting
        elif token.type == "link_open":
            link = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            link = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield Run("\n", strong > 0, emphasis > 0, link)
        elif token.content:
            yield Run(token.content, strong > 0, emphasis > 0, link)


def _leads_outside(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host and parts.username is None
