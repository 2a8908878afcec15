"""SPF as receivers read it (RFC 7208): the one record, what it includes, and what makes it count for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from campaigns.senders.rules.findings import Finding, Standing, Zone

LOOKUPS: Final = 10
VOID_LOOKUPS: Final = 2
_TERM: Final = re.compile(
    r"[+?~-]?(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<value>[:/].*)?|(?P<modifier>[a-z][a-z0-9_.-]*)=(?P<to>.*)",
    re.IGNORECASE,
)
_ASKS: Final = frozenset({"include", "a", "mx", "ptr", "exists"})


class _Permerror(Exception):
    """The record counts for nothing; the text says why."""


@dataclass(slots=True)
class _Reading:
    zone: Zone
    lookups: int = 0
    void: int = 0
    visited: list[str] = field(default_factory=list)

    def ask(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise _Permerror(
                f"it takes more than {LOOKUPS} look-ups to read; receivers stop there. Remove what you no longer use."
            )

    def read(self, domain: str) -> str:
        """Read the record of a domain and all that it includes. Raises _Permerror."""
        if domain in self.visited:
            raise _Permerror(f"it includes {domain} in a circle.")
        texts = self.zone.txt(domain)
        records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
        if len(records) > 1:
            raise _Permerror(f"{domain} has {len(records)} SPF records, and receivers accept one only. Join them.")
        if not records:
            self.void += not texts
            if self.void > VOID_LOOKUPS:
                raise _Permerror(f"more than {VOID_LOOKUPS} of the names in it do not exist.")
            if self.visited:
                raise _Permerror(f"it includes {domain}, which has no SPF record.")
            return ""
        self.visited.append(domain)
        for term in records[0].split()[1:]:
            self._follow(domain, term)
        self.visited.remove(domain)
        return records[0]

    def _follow(self, domain: str, term: str) -> None:
        found = _TERM.fullmatch(term)
        if found is None:
            raise _Permerror(f"receivers cannot read {term[:60]!r} in the record of {domain}.")
        name = (found["name"] or "").lower()
        redirect = (found["modifier"] or "").lower() == "redirect"
        if name in _ASKS or redirect:
            self.ask()
        target = found["to"] if redirect else (found["value"] or "").removeprefix(":") if name == "include" else ""
        if (name == "include" or redirect) and not target:
            raise _Permerror(f"{term!r} in the record of {domain} names nothing.")
        # What a macro stands for is known for each mail only.
        if target and "%" not in target:
            self.read(target.lower().rstrip("."))


def check(zone: Zone, domain: str) -> Finding:
    """Say whether a domain's SPF record can be read. Raises Unavailable."""
    title = "SPF record"
    suggested = "v=spf1 mx ~all"
    reading = _Reading(zone)
    try:
        record = reading.read(domain)
    except _Permerror as problem:
        return Finding(
            "spf", title, Standing.WARN, f"Counts for nothing: {problem}",
            "Mail from here passes by its DKIM signature and does not need this record, but your other mail does: "
            "with a broken SPF record its recipients take it for suspicious.",
        )  # fmt: skip
    if not record:
        return Finding(
            "spf", title, Standing.WARN, "No SPF record.",
            "Mail from here passes by its DKIM signature. Some providers distrust domains without any SPF record; "
            "this one says that your own mail servers may send.",
            "TXT", domain, suggested,
        )  # fmt: skip
    return Finding(
        "spf", title, Standing.PASS, f"{record} ({reading.lookups} of {LOOKUPS} look-ups)",
        "Receivers can read which servers send your mail.",
    )  # fmt: skip
