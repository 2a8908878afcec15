"""Which way text runs: levels by the Unicode Bidirectional Algorithm (UAX #9, by ICU), and the order on the line."""

import re
from collections.abc import Sequence
from itertools import groupby

import icu

from cobranding.rendering.document.elements import Direction

TURNED = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""A character without which everything runs from left to right."""
TURNED_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "yi"})
LEFT, RIGHT = 0, 1


def is_turned(text: str) -> bool:
    """Tell whether something in a text may run from right to left."""
    return TURNED.search(text) is not None


def levels_of(text: str, direction: Direction, language: str) -> tuple[int, tuple[int, ...]]:
    """Return the level of a paragraph, and that of each of its characters; odd ones run from right to left.

    `auto` goes by the first letter; a paragraph without any goes by its language.
    """
    otherwise = icu.Bidi.DEFAULT_RTL if language.partition("-")[0] in TURNED_LANGUAGES else icu.Bidi.DEFAULT_LTR
    paragraph = icu.Bidi()
    paragraph.setPara(icu.UnicodeString(text), {"ltr": LEFT, "rtl": RIGHT}.get(direction, otherwise))
    units = paragraph.getLevels() if text else ()
    if len(units) == len(text):
        return paragraph.getParaLevel(), tuple(units)
    levels, at = [], 0
    for character in text:  # ICU counts in units of UTF-16
        levels.append(units[at])
        at += 2 if ord(character) > 0xFFFF else 1
    return paragraph.getParaLevel(), tuple(levels)


def order_of(levels: Sequence[int]) -> list[int]:
    """Return the places of runs from left to right, by their levels (rule L2)."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    for level in range(max(levels, default=0), min(odd, default=1) - 1, -1):
        turned: list[int] = []
        for high, group in groupby(order, key=lambda at: levels[at] >= level):
            places = list(group)
            turned.extend(reversed(places) if high else places)
        order = turned
    return order


def mirrored(text: str) -> str:
    """Return a text with the brackets and the like that stand the other way round from right to left."""
    return "".join(icu.Char.charMirror(character) for character in text)
