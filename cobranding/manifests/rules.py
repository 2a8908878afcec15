"""What somebody who asks about a file is told, and in which case."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

QUESTIONS_PER_NETWORK = 60
QUESTION_WINDOW_S = 900
NETWORK_BITS = 64
"""What one line of a provider is given of IPv6 at least, so that its addresses are one asker. Source: RFC 6177."""
PATIENCE_S = 10.0
"""How long somebody waits for the files of others to be looked at."""


class VerdictState(StrEnum):
    """Say what a file is."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What a stranger learns: the names that stand on the file anyway, the day, and what has become of the version."""

    state: VerdictState
    sentence: str
    template: str = ""
    version_number: int | None = None
    brand: str = ""
    partner: str = ""
    issued_on: date | None = None
    recomputed: bool = False
    not_recomputed_because: str = ""
    successor_number: int | None = None
    withdrawn_reason: str = ""


def network_of(address: str) -> str:
    """Return what counts as one asker: an IPv4 address, however it is written, or the /64 network of an IPv6 one."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((int(known), NETWORK_BITS), strict=False))


def is_trusted(issued_at: datetime, revoked_since: datetime | None) -> bool:
    """Tell whether a key was still in the right hands when it signed."""
    return revoked_since is None or issued_at < revoked_since


def sentence_of(
    state: VerdictState, *, has_file: bool, number: int, successor_number: int | None, withdrawn_reason: str
) -> str:
    """Return the answer in one or two sentences."""
    what = "This file is genuine" if has_file else "A genuine file carries this code"
    if state is VerdictState.ALTERED:
        return "This file was changed after it was made: its bytes are not those of the file whose code it carries."
    if state is VerdictState.SUPERSEDED:
        return f"{what}. There is a newer version of it now: version {successor_number} instead of {number}."
    if state is VerdictState.WITHDRAWN:
        why = f" It says: {withdrawn_reason.rstrip('.')}." if withdrawn_reason else ""
        then = f" Version {successor_number} takes its place." if successor_number else ""
        return f"{what}, but the brand has withdrawn this version: do not use it any more.{why}{then}"
    return f"{what} and up to date."


NOTHING_KNOWN = "We know nothing of this. It was not made here, or it was changed so much that nothing points to us."
NOT_TRUSTED = "There is a record of this, but its signature does not hold: nothing that it says can be trusted."
