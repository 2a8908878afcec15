"""Read one value of a document as it came, or note what is wrong with it and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.kits.rules.tokens import locale_tag

MAX_DAY_OFFSET = 365

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_URL = re.compile(r"https?://[^\s<>\"'{}]+", re.ASCII)

Problems = dict[str, list[str]]


def note(problems: Problems, place: str, sentence: str) -> None:
    """Remember what is wrong at a place."""
    problems.setdefault(place, []).append(sentence)


def refuse_unknown(raw: Mapping[Any, Any], known: Iterable[str], prefix: str, problems: Problems) -> None:
    """Note each field that does not exist."""
    for name in raw.keys() - set(known):
        note(problems, f"{prefix}{name}", "There is no such field.")


def plain(raw: object, place: str, limit: int, problems: Problems) -> str:
    """Read a text of bounded length without control characters."""
    if not isinstance(raw, str):
        note(problems, place, "Give a text.")
        return ""
    if len(raw) > limit:
        note(problems, place, f"This has {len(raw)} characters, at most {limit} fit.")
    if any(ord(character) < 32 and character not in "\n\r\t" for character in raw):
        note(problems, place, "This contains control characters.")
    return raw


def matching(raw: object, pattern: re.Pattern[str], place: str, sentence: str, problems: Problems) -> str:
    """Read a text of a given form."""
    if isinstance(raw, str) and pattern.fullmatch(raw):
        return raw
    note(problems, place, sentence)
    return ""


def locale(raw: object, place: str, problems: Problems) -> str:
    """Read a locale as its BCP 47 tag."""
    tag = locale_tag(raw) if isinstance(raw, str) else raw
    return matching(tag, _LOCALE, place, "Give a locale such as en, de or pt-BR.", problems)


def one_of(raw: object, possible: list[str], place: str, problems: Problems) -> str:
    """Read one word of a list."""
    if isinstance(raw, str) and raw in possible:
        return str(raw)
    note(problems, place, f"Choose one of: {', '.join(possible)}.")
    return ""


def row_id(raw: object, place: str, problems: Problems) -> int | None:
    """Read the id of a row, or nothing."""
    if raw is None:
        return None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 2**63:
        return raw
    note(problems, place, "Give the number of a template version.")
    return None


def day(raw: object, place: str, problems: Problems) -> int:
    """Read a number of days."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= MAX_DAY_OFFSET:
        return raw
    note(problems, place, f"Give a number of days from 0 to {MAX_DAY_OFFSET}.")
    return 0


def url(raw: object, place: str, problems: Problems) -> str:
    """Read a full web address."""
    return matching(raw, _URL, place, "Give a full address that begins with https://.", problems)
