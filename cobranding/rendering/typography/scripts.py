"""The writing systems that a template can declare: their characters, and what shaping them takes."""

from collections.abc import Iterable, Mapping
from functools import cache

SCRIPTS: Mapping[str, tuple[range, ...]] = {
    "latin": (range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C), range(0x1E80, 0x1E86), range(0x1E9E, 0x1E9F)),
    "greek": (range(0x384, 0x3CF),),
    "cyrillic": (range(0x400, 0x460), range(0x490, 0x492)),
    "arabic": (range(0x606, 0x61C), range(0x61D, 0x6DD), range(0x6DE, 0x700)),
    "hebrew": (range(0x591, 0x5C8), range(0x5D0, 0x5EB), range(0x5EF, 0x5F5)),
    "devanagari": (range(0x900, 0x980),),
    "thai": (range(0xE01, 0xE3B), range(0xE3F, 0xE5C)),
}
TAGS: Mapping[str, str] = {
    "latin": "Latn",
    "greek": "Grek",
    "cyrillic": "Cyrl",
    "arabic": "Arab",
    "hebrew": "Hebr",
    "devanagari": "Deva",
    "thai": "Thai",
}
"""The names that shaping knows them by (ISO 15924)."""

ALWAYS = (
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    0x2020,
    0x2022,
    0x2026,
    0x2030,
    0x2032,
    0x2033,
    0x2039,
    0x203A,
)
SIGNS = (0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713)
CURRENCIES = (0x20AA, 0x20B9)
"""The shekel and the rupee."""
MARKS = tuple(range(0x300, 0x30D))
"""Combining accents, for letters that no script has ready-made."""
PICTURES = (range(0x2600, 0x27C0), range(0x2B05, 0x2B56), range(0x1F1E6, 0x1F200), range(0x1F300, 0x1FB00))
"""Emoji, which only a typeface of the brand can have."""

COMPLEX = frozenset({"arabic", "hebrew", "devanagari", "thai"})
"""Scripts whose letters join, move or stack: what their typefaces do to them by default is not a matter of taste."""
JOINED = frozenset({"arabic", "devanagari", "thai"})
"""Scripts whose letters are never spaced out."""

SOFT = "\u00ad\ufeff"
"""Taken out of every text: a hyphen that is not there, and the mark of a file's beginning."""
STEERING = "\u200b\u2060\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Says where lines may break and which way text runs, and is not drawn itself."""
JOINERS = "\u200c\u200d\u034f\ufe0e\ufe0f"
"""Goes into shaping without a glyph of its own: joiners, and the choice between a sign and a picture of it."""
INVISIBLE = frozenset(SOFT + STEERING + JOINERS)


def characters_of(scripts: Iterable[str]) -> set[int]:
    """Return the characters that a template of these scripts can write."""
    wanted = {*ALWAYS, *SIGNS, *CURRENCIES, *MARKS}
    for script in ("latin", *scripts):
        for block in SCRIPTS[script]:
            wanted.update(block)
    return wanted


@cache
def script_of(character: str) -> str:
    """Return the script of a letter; an empty text for what all scripts share."""
    code = ord(character)
    if not character.isalpha() and code < 0x300:
        return ""
    return next((script for script, blocks in SCRIPTS.items() if any(code in block for block in blocks)), "")
