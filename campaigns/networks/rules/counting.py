"""How long a text is, as a network counts it."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

from campaigns.networks.rules.limits import Counting, Limits

LINK: Final = regex.compile(r"https?://[^\s<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`.,;:!?)\]]")
_GRAPHEME: Final = regex.compile(r"\X")
_PICTOGRAPH: Final = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|[#*0-9]\uFE0F?\u20E3")
# docs.x.com, counting characters: these code points weigh one, all others two; so does an emoji, however composed.
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def length(text: str, limits: Limits) -> int:
    """Return how much of a network's limit a text takes."""
    links = 0
    if limits.link_length is not None:
        text, links = LINK.subn("", text)
    return _counted(text, limits.counting) + links * (limits.link_length or 0)


def shown(text: str, limits: Limits) -> str:
    """Return a text as its readers see it: some networks show the beginning of a link alone."""
    return text if limits.link_shown is None else LINK.sub(lambda found: short(found[0], limits), text)


def short(link: str, limits: Limits) -> str:
    """Return a link as a network shows it."""
    plain = link.partition("://")[2]
    most = limits.link_shown
    return plain if most is None or len(plain) <= most else f"{plain[: most - 1]}…"


def _counted(text: str, counting: Counting) -> int:
    if counting is Counting.CHARACTERS:
        return len(text)
    if counting is Counting.GRAPHEMES:
        return len(_GRAPHEME.findall(text))
    return sum(_weight(grapheme) for grapheme in _GRAPHEME.findall(unicodedata.normalize("NFC", text)))


def _weight(grapheme: str) -> int:
    if _PICTOGRAPH.search(grapheme) and not grapheme.isascii():
        return 2
    return sum(1 if any(low <= ord(point) <= high for low, high in _LIGHT) else 2 for point in grapheme)
