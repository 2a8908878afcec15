"""Sets text with emphasis, links and lists, written in a small part of Markdown; what is no markup stays as it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Box, Color
from cobranding.rendering.typography.bidi import is_turned, levels_of
from cobranding.rendering.typography.breaking import parts_of
from cobranding.rendering.typography.chains import Chain, Run, Unit, unit_of
from cobranding.rendering.typography.fitting import Look, Matter, Paragraph
from cobranding.rendering.typography.paragraphs import cleaned, words_in
from cobranding.rendering.typography.shaping import NoGlyphError
from cobranding.rendering.typography.typeset import SetText, Type, missing, set_matter

PARAGRAPH_GAP = 0.5
"""What stands between paragraphs, in lines."""
BULLET_GAP = 1.0
"""What the text of a list keeps free before it for each step in, in em, besides the bullet."""
MOST_STEPS = 4
MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~])")


class Manner(NamedTuple):
    """Which emphasis a stretch of text has."""

    strong: bool = False
    emphasis: bool = False
    link: bool = False


class Voice(NamedTuple):
    """The typefaces of a stretch of text, its size against the base, and its colour."""

    chain: Chain
    ratio: float
    color: Color


@dataclass(frozen=True, eq=False)
class Voices:
    """How each kind of emphasis is set."""

    by_manner: Mapping[Manner, Voice]
    bullet: str


class Span(NamedTuple):
    """Text of one manner."""

    text: str
    manner: Manner
    url: str = ""


@dataclass(frozen=True)
class Block:
    """Spans up to the next forced break; `marker` is what stands before the first line of a list's item."""

    spans: Sequence[Span]
    steps: int = 0
    marker: str = ""
    gap: float = 0.0


_markdown = MarkdownIt("zero", {"maxNesting": 12}).enable(["emphasis", "link", "list", "escape", "newline"])
_set: Kept[tuple[object, ...], SetText] = Kept(500)


def plainly(value: str) -> str:
    """Return a value so that nothing in it is taken for markup."""
    return MARKUP.sub(r"\\\1", value).replace("\n", "\\\n")


def set_rich_text(text: str, kind: Type, voices: Voices, box: Box, where: str) -> SetText:
    """Set a text with markup in a box; `where` names the box in errors.

    Raises TextOverflow, MissingGlyph.
    """

    def make() -> SetText:
        blocks = list(blocks_of(text, voices.bullet))
        said = " ".join(span.text for block in blocks for span in block.spans)
        try:
            matter = _matter(blocks, kind, voices)
        except NoGlyphError as lacking:
            raise missing(lacking.characters, said, where) from None
        return set_matter(matter, said, kind, box, where)

    return _set.get((text, kind, tuple(voices.by_manner.values()), voices.bullet, box), make)


def blocks_of(text: str, bullet: str) -> Iterator[Block]:
    """Read markup."""
    lists: list[int | None] = []
    marker, gap = "", 0.0
    for token in _markdown.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            marker = bullet if number is None else f"{number}."
            lists[-1] = None if number is None else number + 1
        elif token.type == "inline":
            for spans in _stretches(token.children or []):
                yield Block(spans, min(len(lists), MOST_STEPS), marker, gap)
                marker, gap = "", 0.0
        elif token.type == "paragraph_close" and not token.hidden:
            gap = PARAGRAPH_GAP
        if token.type.endswith("list_close") and not lists:
            gap = PARAGRAPH_GAP


def _stretches(tokens: Sequence[Token]) -> Iterator[list[Span]]:
    """Yield the spans between forced breaks."""
    spans: list[Span] = []
    manner, url = Manner(), ""
    for token in tokens:
        if token.type == "hardbreak":
            yield spans
            spans = []
        elif token.type in ("strong_open", "strong_close"):
            manner = manner._replace(strong=token.nesting > 0)
        elif token.type in ("em_open", "em_close"):
            manner = manner._replace(emphasis=token.nesting > 0)
        elif token.type in ("link_open", "link_close"):
            manner = manner._replace(link=token.nesting > 0)
            url = str(token.attrGet("href") or "") if token.nesting > 0 else ""
        else:
            spans.append(Span(" " if token.type == "softbreak" else token.content, manner, url))
    yield spans


def _matter(blocks: Sequence[Block], kind: Type, voices: Voices) -> Matter:
    """Shape blocks. Raises NoGlyphError."""
    base = voices.by_manner[Manner()]
    paragraphs = []
    for block in blocks:
        spans = [span._replace(text=cleaned(span.text)) for span in block.spans]
        paragraph = replace(_paragraph(spans, kind, voices), gap=block.gap)
        if block.steps:
            widths = (sum(run.word.width / run.word.face.units for run in _marker(base, voices.bullet)), BULLET_GAP)
            paragraph = replace(paragraph, indent=block.steps * sum(widths), bullet=_marker(base, block.marker))
        paragraphs.append(paragraph)
    ratio = max([1.0, *(look.ratio for each in paragraphs for looks in each.looks for look in looks)])
    return Matter.of(paragraphs, ratio)


def _marker(base: Voice, marker: str) -> tuple[Run, ...]:
    marker = cleaned(marker)
    return base.chain.kept_runs(marker, (0,) * len(marker)) if marker else ()


def _paragraph(spans: Sequence[Span], kind: Type, voices: Voices) -> Paragraph:
    text = "".join(span.text for span in spans)
    base, levels = 0, (0,) * len(text)
    if kind.direction == "rtl" or is_turned(text):
        base, levels = levels_of(text, kind.direction, kind.chain.language)
    edges = [at for at, span in enumerate(spans) for _ in span.text]
    units: list[Unit] = []
    looks: list[tuple[Look, ...]] = []
    for start, end in words_in(text):
        at, gap = start, levels[start - 1] if start else base
        before = voices.by_manner[spans[edges[start - 1] if start else 0].manner]
        space = before.chain.space * before.ratio
        for part in parts_of(text[start:end]):
            runs, seen = _runs(text, at, at + len(part), levels, edges, spans, voices)
            at += len(part)
            if runs:
                units.append(unit_of(runs, space, gap, [look.ratio for look in seen]))
                looks.append(seen)
                space = 0.0
    return Paragraph(units, turned=bool(base % 2), looks=looks)


def _runs(  # noqa: PLR0917 -- a stretch of a text, and all that is known about it
    text: str,
    start: int,
    end: int,
    levels: Sequence[int],
    edges: Sequence[int],
    spans: Sequence[Span],
    voices: Voices,
) -> tuple[tuple[Run, ...], tuple[Look, ...]]:
    """Shape a part of a word, span by span."""
    runs: list[Run] = []
    looks: list[Look] = []
    while start < end:
        stop = start
        while stop < end and edges[stop] == edges[start]:
            stop += 1
        span = spans[edges[start]]
        voice = voices.by_manner[span.manner]
        found = voice.chain.kept_runs(text[start:stop], tuple(levels[start:stop]))
        runs.extend(found)
        looks.extend([Look(voice.ratio, voice.color, span.url)] * len(found))
        start = stop
    return tuple(runs), tuple(looks)
