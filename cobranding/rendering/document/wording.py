"""The words for differences between versions."""

import json
import re
from collections.abc import Mapping
from typing import Any

LONGEST = 60
LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
OPEN = {
    ("content", "added"): "opens the content of {} to partners",
    ("content", "removed"): "locks the content of {}",
    ("position", "added"): "lets partners move {}",
    ("position", "removed"): "no longer lets partners move {}",
    ("position", "changed"): "changes where partners may move {}",
    ("style", "added"): "lets partners choose the style of {}",
    ("style", "removed"): "no longer lets partners choose the style of {}",
    ("style", "changed"): "changes the styles among which partners choose for {}",
}


def named(name: str) -> str:
    """Return a name of the document as people read it."""
    return name.replace("_", " ")


def told_of(name: str, raw: Mapping[str, Any]) -> str:
    """Return what a variable, a format or an element is called: its label, else its name."""
    label = raw.get("label") or named(name).capitalize()
    text = next(iter(label.values())) if isinstance(label, Mapping) else label
    return f"“{text}”"


def further(told: str, key: str) -> str:
    """Return what a part of something is called; a key may be a locale, or nothing where a text is for all."""
    if not key:
        return told
    return f"{told} ({key})" if LOCALE.fullmatch(key) else f"{told}, {named(key)}"


def of_value(told: str, old: Any, new: Any) -> str:
    """Say how a value has changed."""
    if old is None:
        return f"{told}: new, {short(new)}"
    if new is None:
        return f"{told}: no longer {short(old)}"
    return f"{told}: {short(old)} before, {short(new)} now"


def short(value: Any) -> str:
    """Return a value in few characters."""
    text = f"“{value}”" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
