"""Writes set texts as operators of a PDF page: by glyph ids, so that what is measured is what is printed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from cobranding.rendering.document.model import Format
from cobranding.rendering.pdf.colors import filled_with
from cobranding.rendering.pdf.drawing import up
from cobranding.rendering.pdf.reading import READING, WIDTH, as_read
from cobranding.rendering.typography.fitting import Look
from cobranding.rendering.typography.fonts import FontKey
from cobranding.rendering.typography.placing import Line, Placed
from cobranding.rendering.typography.shaping import Word
from cobranding.rendering.typography.typeset import SetText

UNREAD = "/Span <</ActualText <FEFF0009>>> BDC\n"
"""Begins glyphs that readers pass over, because a layer says what they mean."""


def text_operators(text: SetText, fonts: Mapping[FontKey, str], fmt: Format) -> str:
    """Write a set text."""
    plain = Look(1.0, text.color)
    first = _face(fonts[text.face.key], text.size, plain)
    out, current = ["BT\n", first], first
    for line in text.lines:
        if not line.words:
            continue
        x, y = line.x + fmt.bleed, up(fmt, line.y)
        if line.looks:
            out.extend(_mixed(line, text, fonts, x, y))
            current = ""
            continue
        if current != first:
            out.append(first)
            current = first
        shown = f"1 0 0 1 {x:.3f} {y:.3f} Tm\n{_plain(line, text)}\n"
        out.append(shown if _says_itself(line) else f"{_told(line)}{shown}EMC\n")
    out.append("ET\n")
    return "".join(out)


def _face(name: str, size: float, look: Look) -> str:
    return f"/{name} {size * look.ratio:g} Tf\n{filled_with(look.color)}\n"


def _says_itself(line: Line) -> bool:
    """Tell whether readers find the line in its glyphs."""
    return all(word.exact and not word.raised for _, word in line.words)


def _told(line: Line) -> str:
    """Begin glyphs that stand for no single character, or stand far apart: readers are told what they mean."""
    return f"/Span <</ActualText <FEFF{line.text.encode('utf-16-be').hex().upper()}>>> BDC\n"


def _plain(line: Line, text: SetText) -> str:
    """Write a line of one face as one TJ, with a real space between words so that text can be found and copied."""
    if any(word.raised for _, word in line.words):
        return "\n".join(_glyph_by_glyph(at, word, text.size) for at, word in line.words)
    face = text.face
    words = [word.operands for _, word in line.words]
    if len(words) == 1:
        return f"[{words[0]}] TJ"
    (at, word), (beside, _) = line.words[:2]
    gap = (beside - at) / text.size * 1000 - (word.width + face.space) * 1000 / face.units
    space = f"<{face.characters.get(0x20, 0):04X}>"
    return f"[{(f'{space}{-gap:.0f} ' if round(gap) else space).join(words)}] TJ"


def _glyph_by_glyph(at: float, word: Word, size: float) -> str:
    """Write a word where some glyphs stand above or below the line."""
    out, pen, em = [], at, size / word.face.units
    for glyph in word.glyphs:
        x, y = pen + glyph.dx * em, glyph.dy * em
        out.append(f"{x:.3f} {y:.3f} Td <{glyph.gid:04X}> Tj {-x:.3f} {-y:.3f} Td")
        pen += glyph.advance * em
    return "\n".join(out)


def _mixed(line: Line, text: SetText, fonts: Mapping[FontKey, str], x: float, y: float) -> Iterator[str]:
    """Write a line whose words differ in their face, look or direction."""
    if line.turned:
        yield _layer(line, text, fonts, x, y)
        yield UNREAD
    elif not _says_itself(line):
        yield _told(line)
    for run in _runs(line):
        (at, word), look = run[0]
        yield f"{_face(fonts[word.face.key], text.size, look)}1 0 0 1 {x:.3f} {y:.3f} Tm\n"
        spaced = not line.turned
        if any(each.raised for (_, each), _ in run):
            yield "".join(f"{_glyph_by_glyph(at, each, text.size * look.ratio)}\n" for (at, each), _ in run)
        else:
            yield f"{at:.3f} 0 Td\n{_row([placed for placed, _ in run], text.size * look.ratio, spaced=spaced)}\n"
    if line.turned or not _says_itself(line):
        yield "EMC\n"


def _runs(line: Line) -> Iterator[list[tuple[Placed, Look]]]:
    """Yield the words beside each other that have the same face and look."""
    run: list[tuple[Placed, Look]] = []
    for placed, look in zip(line.words, line.looks, strict=True):
        if run and (run[-1][0][1].face is not placed[1].face or run[-1][1] != look):
            yield run
            run = []
        run.append((placed, look))
    yield run


def _row(words: Sequence[Placed], size: float, *, spaced: bool) -> str:
    """Write words of one face as one TJ; `spaced` writes the spaces between them as characters."""
    out = [words[0][1].operands]
    for (at, word), (beside, after) in pairwise(words):
        face = word.face
        gap = (beside - at) / size * 1000 - word.width * 1000 / face.units
        space = face.space * 1000 / face.units
        if spaced and gap > space / 2:
            out.append(f"<{face.characters.get(0x20, 0):04X}>")
            gap -= space
        out.append(f"{-gap:.1f} " if abs(gap) >= 0.05 else "")
        out.append(after.operands)
    return f"[{''.join(out)}] TJ"


def _layer(line: Line, text: SetText, fonts: Mapping[FontKey, str], x: float, y: float) -> str:
    """Write what readers find in a line, as wide as the line is."""
    codes = as_read(line.text).encode("utf-16-be")
    natural = len(codes) / 2 * WIDTH / 1000 * text.size
    scale = line.width / natural * 100 if natural and line.width else 100
    return (
        f"/{fonts[READING]} {text.size:g} Tf 3 Tr {scale:.3f} Tz\n"
        f"1 0 0 1 {x:.3f} {y:.3f} Tm\n<{codes.hex().upper()}> Tj\n0 Tr 100 Tz\n"
    )
