"""DMARC as receivers read it (RFC 7489): the policy of a domain, and whether a signature counts for its From line."""

from __future__ import annotations

from campaigns.senders.rules.findings import Finding, Standing, Zone, tags
from campaigns.senders.rules.names import organizational

_POLICIES = frozenset({"none", "quarantine", "reject"})
_TITLE = "DMARC policy"
SUGGESTED = "v=DMARC1; p=none"


def aligned(from_domain: str, other: str, *, mode: str) -> bool:
    """Tell whether a domain vouches for a From line: the same one, or in relaxed mode of the same organization."""
    if mode == "s":
        return from_domain == other
    return organizational(from_domain) == organizational(other)


def check(zone: Zone, domain: str, *, return_path: str, signs: bool) -> Finding:
    """Say what happens to mail from a domain at receivers that read its policy. Raises Unavailable."""
    places = dict.fromkeys([domain, organizational(domain)])
    for place in places:
        records = [text for text in zone.txt(f"_dmarc.{place}") if tags(text).get("v", "").upper() == "DMARC1"]
        if len(records) > 1:
            return _finding(
                Standing.FAIL, f"{len(records)} records at _dmarc.{place}",
                "Receivers ignore the policy when there is more than one. Remove all but one.", "",
            )  # fmt: skip
        if records:
            return _judge(records[0], domain, place, return_path=return_path, signs=signs)
    return _finding(
        Standing.WARN, f"No record at _dmarc.{domain}",
        "Google, Yahoo and Microsoft ask everybody who sends much to have one. This one changes nothing of how your "
        "other mail is treated.", domain,
    )  # fmt: skip


def _judge(record: str, domain: str, place: str, *, return_path: str, signs: bool) -> Finding:
    parts = tags(record)
    policy = parts.get("sp" if place != domain and "sp" in parts else "p", "").lower()
    if policy not in _POLICIES:
        return _finding(
            Standing.FAIL, record, "It names no policy that receivers know: p=none, p=quarantine or p=reject.", place
        )
    # The signature is made by the very domain of the From line, so it counts in strict mode too.
    by_spf = aligned(domain, return_path, mode=parts.get("aspf", "r").lower())
    seen = f"{record} (found at _dmarc.{place})"
    if signs:
        how = "its signature and its return path both vouch" if by_spf else "its signature vouches"
        mode = "strict" if parts.get("adkim", "r").lower() == "s" else "relaxed"
        return _finding(Standing.PASS, seen, f"Mail from here passes: {how} for your domain ({mode} alignment).", "")
    if by_spf:
        return _finding(
            Standing.WARN, seen, "Mail passes by its return path alone, until the signature's key is there.", ""
        )
    what = {"none": "is delivered with a bad mark", "quarantine": "goes to the spam folder", "reject": "is refused"}
    return _finding(
        Standing.WARN if policy == "none" else Standing.FAIL, seen,
        f"Without the signature's key, mail under your domain {what[policy]}. Publish the key first.", "",
    )  # fmt: skip


def _finding(standing: Standing, seen: str, meaning: str, place: str) -> Finding:
    if not place:
        return Finding("dmarc", _TITLE, standing, seen, meaning)
    return Finding("dmarc", _TITLE, standing, seen, meaning, "TXT", f"_dmarc.{place}", SUGGESTED)
