"""What is counted of a kit's readers, and how the brand's own web statistics tell where visitors come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from campaigns.kits.rules import reading as read

UTM_NAMES: Final = ("source", "medium", "campaign", "term", "content")
UTM_TOKENS: Final = frozenset({"partner", "kit", "launch", "touch", "channel"})
MOST_UTM_CHARS: Final = 100
_TOKEN: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class Tracking(StrEnum):
    """Say what is counted: opens and clicks, clicks alone, or nothing (links then lead straight to their targets)."""

    ALL = "all"
    CLICKS = "clicks"
    NONE = "none"


def read_tracking(raw: object, problems: read.Problems) -> str:
    """Read what is counted."""
    return read.one_of(raw, [one.value for one in Tracking], "tracking", problems)


def read_utm(raw: object, problems: read.Problems) -> dict[str, str]:
    """Read the parameters that are added to the addresses of links: name -> text, with tokens in it."""
    if not isinstance(raw, Mapping):
        read.note(problems, "utm", f"Give texts for {', '.join(UTM_NAMES)}.")
        return {}
    read.refuse_unknown(raw, UTM_NAMES, "utm.", problems)
    utm: dict[str, str] = {}
    for name in UTM_NAMES:
        text = read.plain(raw.get(name) or "", f"utm.{name}", MOST_UTM_CHARS, problems).strip()
        unknown = set(_TOKEN.findall(text)) - UTM_TOKENS
        if unknown:
            possible = ", ".join(f"{{{{{token}}}}}" for token in sorted(UTM_TOKENS))
            read.note(problems, f"utm.{name}", f"{{{{{min(unknown)}}}}} is not known here. Possible: {possible}.")
        if text:
            utm[name] = text
    return utm


def with_utm(url: str, utm: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return an address with the parameters that it does not carry itself already; its other parts stay as they are."""
    if not utm:
        return url
    parts = urlsplit(url)
    present = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {
        f"utm_{name}": _TOKEN.sub(lambda found: values.get(found[1], ""), utm[name])
        for name in UTM_NAMES
        if name in utm and f"utm_{name}" not in present
    }
    query = "&".join(part for part in (parts.query, urlencode(added)) if part)
    return urlunsplit(parts._replace(query=query))


def tracking_of(document: Mapping[str, Any]) -> Tracking:
    """Return what a stored document says is counted."""
    return Tracking(document.get("tracking") or Tracking.ALL)
