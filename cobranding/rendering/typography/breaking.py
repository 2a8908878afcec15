"""Where lines may break: at spaces, after hyphens, at zero width spaces, between words of Thai (UAX #14, by ICU)."""

import re
from collections.abc import Iterator

import icu

SPACES = re.compile(r"[ \t\u2000-\u2006\u2008-\u200a\u3000]+")
"""A no-break space stays inside its word."""
HYPHENS = "-\u2010\u2012\u2013\u2014"
SEAMS = re.compile(f"[{HYPHENS}\u200b\u0e01-\u0e5b]")
"""What a word needs so that it can be parted."""
THAI = range(0xE01, 0xE5C)


def parts_of(word: str) -> list[str]:
    """Part a word without spaces where a line may break inside it."""
    if SEAMS.search(word) is None:
        return [word]
    breaks = icu.BreakIterator.createLineInstance(icu.Locale.getRoot())
    ends = [end for end in _ends(breaks, word) if end == len(word) or _is_seam(word, end)]
    return [word[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def clusters_of(word: str) -> list[str]:
    """Part a word into what a reader sees as characters: a letter and its marks, a whole emoji."""
    breaks = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    ends = list(_ends(breaks, word))
    return [word[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _ends(breaks: icu.BreakIterator, word: str) -> Iterator[int]:
    """Yield where the parts end, counted in characters."""
    breaks.setText(word)
    units, at, passed = list(breaks), 0, 0
    for unit in units:
        while passed < unit:
            passed += 2 if ord(word[at]) > 0xFFFF else 1
            at += 1
        yield at


def _is_seam(word: str, at: int) -> bool:
    """Tell whether a break is one that readers expect: not within addresses, numbers and names."""
    before, after = word[at - 1], word[at]
    return before in HYPHENS or before == "\u200b" or (ord(before) in THAI and ord(after) in THAI)
