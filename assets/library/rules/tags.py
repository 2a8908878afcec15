"""Tags, and what a search looks for."""

import re
import unicodedata
from collections.abc import Iterable

from tcma.kernel.errors import Invalid

MOST_TAGS = 20
LONGEST_TAG = 40
MOST_WORDS = 8


def normal_tags(tags: Iterable[str]) -> list[str]:
    """Give each tag once, in small letters with single spaces, in alphabetical order.

    Raises Invalid.
    """
    normal = sorted({normal_tag(tag) for tag in tags} - {""})
    if len(normal) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in normal):
        sentence = f"Give at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters."
        raise Invalid(sentence, errors={"tags": [sentence]})
    return normal


def normal_tag(tag: str) -> str:
    """Write a tag as it is kept and compared."""
    plain = "".join(c for c in unicodedata.normalize("NFC", tag) if not unicodedata.category(c).startswith("C"))
    return re.sub(r"\s+", " ", plain).strip().lower()


def search_patterns(text: str) -> list[str]:
    """Give a LIKE pattern for each word of a search: all have to be found, anywhere, as they stand."""
    words = text.split()[:MOST_WORDS]
    return ["%" + re.sub(r"([\\%_])", r"\\\1", word) + "%" for word in words]
