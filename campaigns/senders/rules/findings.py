"""What the doctor says of one thing: how it stands, what was seen, what to paste, what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """Say how a thing stands; unanswered is neither good nor bad: nobody could say."""

    PASS = "pass"  # noqa: S105 - a word of the doctor, not a password
    WARN = "warn"
    FAIL = "fail"
    UNANSWERED = "unanswered"


class Zone(Protocol):
    """Look records up; what is not there is empty. Raises Unavailable when nobody answers."""

    def txt(self, name: str) -> Sequence[str]:
        """Return the texts under a name."""

    def mx(self, name: str) -> Sequence[str]:
        """Return the hosts that take mail for a name, the preferred first."""

    def addresses(self, name: str) -> Sequence[str]:
        """Return the addresses of a host."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `record_name` and `record` are what to paste into the DNS, when there is something to paste."""

    check: str
    title: str
    standing: Standing
    seen: str
    meaning: str
    record_type: str = ""
    record_name: str = ""
    record: str = ""


def tags(record: str) -> dict[str, str]:
    """Return the parts of a record of the form `a=1; b=2`; names in small letters, the first of each counts."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found
