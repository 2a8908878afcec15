"""The states of domains, keys and senders, and how they move."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final


class DomainState(StrEnum):
    """Say whether mail may leave under a domain: only while it is verified."""

    ADDED = "added"
    VERIFIED = "verified"
    FAILING = "failing"
    REMOVED = "removed"


class KeyState(StrEnum):
    """Say what a key does: wait for its record, sign, or be there for mail that is still on its way."""

    WAITING = "waiting"
    SIGNING = "signing"
    RETIRED = "retired"


class SenderState(StrEnum):
    """Say whether a sender may be chosen: only when confirmed."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    REMOVED = "removed"


DOMAIN_MOVES: Final[Mapping[DomainState, frozenset[DomainState]]] = {
    DomainState.ADDED: frozenset({DomainState.VERIFIED, DomainState.REMOVED}),
    DomainState.VERIFIED: frozenset({DomainState.FAILING, DomainState.REMOVED}),
    DomainState.FAILING: frozenset({DomainState.VERIFIED, DomainState.REMOVED}),
}
SENDER_MOVES: Final[Mapping[SenderState, frozenset[SenderState]]] = {
    SenderState.UNCONFIRMED: frozenset({SenderState.CONFIRMED, SenderState.REMOVED}),
    SenderState.CONFIRMED: frozenset({SenderState.REMOVED}),
}
# One check may meet records in the middle of a change.
FAILURES_BEFORE_FALLBACK: Final = 2
DOMAINS_EACH: Final = 10
SENDERS_A_DAY: Final = 20
CHECKS_IN_TEN_MINUTES: Final = 10
# A domain that waits for its records is looked at often, for a week; what works is looked at daily.
RECHECK_AFTER: Final[Mapping[DomainState, timedelta]] = {
    DomainState.ADDED: timedelta(minutes=15),
    DomainState.VERIFIED: timedelta(days=1),
    DomainState.FAILING: timedelta(hours=1),
}
PATIENCE_WITH_ADDED: Final = timedelta(days=7)

CODE_LASTS: Final = timedelta(hours=1)
CODE_TRIES: Final = 5
CODES_A_DAY: Final = 5
"""How many codes an address is sent by all partners together: nobody's mailbox is filled from here."""
