"""The domain doctor: looks at every record that decides what becomes of a domain's mail, and says what to paste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.senders.rules import dmarc, spf
from campaigns.senders.rules.findings import Finding, Standing, Zone, tags
from campaigns.senders.rules.states import KeyState
from tcma.kernel.errors import Unavailable

VERIFY_LABEL = "_tcma"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of a key: its public part in base64."""

    selector: str
    algorithm: str
    public_key: str
    state: KeyState

    @property
    def record(self) -> str:
        """Return the text that publishes the key."""
        return f"v=DKIM1; k={self.algorithm}; p={self.public_key}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be found in the DNS, and where the service's bounces come back to."""

    domain: str
    token: str
    keys: tuple[KeyFacts, ...]
    return_path: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the doctor found, and the selectors whose keys are published as they are here."""

    findings: tuple[Finding, ...]
    published: frozenset[str]

    @property
    def may_send(self) -> bool:
        """Tell whether mail may leave under the domain: it is the organization's, and one of its keys is there."""
        return self._standing("ownership") is Standing.PASS and bool(self.published)

    @property
    def is_certain(self) -> bool:
        """Tell whether what decides was answered; a silent name server is no reason to stop."""
        unanswered = {finding.check for finding in self.findings if finding.standing is Standing.UNANSWERED}
        return not unanswered & {"ownership", "dkim"}

    def as_kept(self) -> list[dict[str, Any]]:
        """Return the findings as they are kept."""
        return [asdict(finding) for finding in self.findings]

    def _standing(self, check: str) -> Standing:
        return next(finding.standing for finding in self.findings if finding.check == check)


def examine(zone: Zone, facts: Facts) -> Report:
    """Look at everything."""
    ownership = _asked("ownership", "Yours to use", lambda: _ownership(zone, facts))
    signatures: list[Finding] = []
    published: set[str] = set()
    for key in facts.keys:
        found = _asked("dkim", _dkim_title(key), lambda key=key: _signature(zone, facts, key))  # type: ignore[misc]
        signatures.append(found)
        if found.standing is Standing.PASS:
            published.add(key.selector)
    rest = (
        _asked(
            "dmarc",
            "DMARC policy",
            lambda: dmarc.check(zone, facts.domain, return_path=facts.return_path, signs=bool(published)),
        ),
        _asked("spf", "SPF record", lambda: spf.check(zone, facts.domain)),
        _asked("mx", "Answers arrive", lambda: _mailboxes(zone, facts.domain)),
        _asked("return_path", "Bounces come back", lambda: _return_path(zone, facts.return_path)),
    )
    return Report((ownership, *signatures, *rest), frozenset(published))


def _asked(check: str, title: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Unavailable as silence:
        return Finding(
            check, title, Standing.UNANSWERED, silence.detail,
            "The domain's name servers did not answer. Nothing changes for now; it is looked at again by itself.",
        )  # fmt: skip


def _ownership(zone: Zone, facts: Facts) -> Finding:
    name = f"{VERIFY_LABEL}.{facts.domain}"
    texts = zone.txt(name)
    if facts.token in {text.strip() for text in texts}:
        return Finding(
            "ownership", "Yours to use", Standing.PASS, "The record is there.",
            "Whoever controls this domain agrees that you send under it. Leave the record where it is.",
        )  # fmt: skip
    return Finding(
        "ownership", "Yours to use", Standing.FAIL, _seen(texts, name),
        "This record shows that whoever controls the domain agrees. Without it nothing leaves under the domain.",
        "TXT", name, facts.token,
    )  # fmt: skip


def _signature(zone: Zone, facts: Facts, key: KeyFacts) -> Finding:
    name = f"{key.selector}._domainkey.{facts.domain}"
    texts = zone.txt(name)
    present = ["".join(tags(text).get("p", "").split()) for text in texts]
    if present == [key.public_key]:
        return Finding(
            "dkim", _dkim_title(key), Standing.PASS, "The key is there, and it is ours.",
            "Mail is signed with this key, and receivers can check it. Leave the record where it is.",
        )  # fmt: skip
    replaces = key.state is KeyState.WAITING and any(other.state is KeyState.SIGNING for other in facts.keys)
    if len(texts) > 1:
        seen = f"{len(texts)} records at {name}: there has to be one."
    elif present and present[0]:
        seen = "There is a key, but another one: it was cut off when it was pasted, or belongs to something else."
    else:
        seen = _seen(texts, name)
    meaning = (
        "This key takes over from the present one as soon as it is there. Until then nothing changes."
        if replaces
        else "Receivers check the signature with this key. Without it your mail counts as forged, so none leaves."
    )
    standing = Standing.WARN if replaces else Standing.FAIL
    return Finding("dkim", _dkim_title(key), standing, seen, meaning, "TXT", name, key.record)


def _mailboxes(zone: Zone, domain: str) -> Finding:
    hosts = zone.mx(domain)
    if any(hosts):
        return Finding(
            "mx", "Answers arrive", Standing.PASS, ", ".join(hosts), "Mail to your domain has a place to go."
        )
    if not hosts and zone.addresses(domain):
        return Finding(
            "mx", "Answers arrive", Standing.WARN, "No MX record, but the domain has a machine.",
            "Answers go to that machine, if it takes mail at all.",
        )  # fmt: skip
    return Finding(
        "mx", "Answers arrive", Standing.WARN, "The domain takes no mail.",
        "Nobody can answer to addresses under this domain, and some receivers refuse mail from it.",
    )  # fmt: skip


def _return_path(zone: Zone, domain: str) -> Finding:
    hosts = zone.mx(domain)
    reading = spf.check(zone, domain)
    if any(hosts) and reading.standing is Standing.PASS:
        return Finding(
            "return_path", "Bounces come back", Standing.PASS, f"{domain}: {', '.join(hosts)}",
            "What cannot be delivered comes back to the portal and is taken off your list.",
        )  # fmt: skip
    missing = reading.seen if any(hosts) else f"{domain} has no MX record."
    return Finding(
        "return_path", "Bounces come back", Standing.WARN, missing,
        "This is the portal's own domain: whoever runs the portal has to set this right, not you.",
    )  # fmt: skip


def _dkim_title(key: KeyFacts) -> str:
    return f"DKIM key {key.selector}"


def _seen(texts: Sequence[str], name: str) -> str:
    if not texts:
        return f"Nothing at {name}"
    return "Something else: " + "; ".join(text[:120] for text in texts[:3])
