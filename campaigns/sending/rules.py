"""The states of a delivery, how long things may take, and what a mail server's answer means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    """Where one touch to one recipient stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


S = DeliveryState

MOVES: Final = {
    S.QUEUED: frozenset({S.CLAIMED, S.SKIPPED}),
    # Never back to queued: what is claimed is on its way out, and may have left.
    S.CLAIMED: frozenset({S.SENT, S.DEFERRED, S.FAILED, S.SKIPPED, S.UNKNOWN}),
    S.DEFERRED: frozenset({S.CLAIMED, S.SKIPPED}),
    # A late answer, an event of the provider, or a person settles it; only a person may say "send it again".
    S.UNKNOWN: frozenset({S.SENT, S.DEFERRED, S.FAILED, S.BOUNCED, S.COMPLAINED, S.QUEUED}),
    S.SENT: frozenset({S.BOUNCED, S.COMPLAINED}),
    S.BOUNCED: frozenset({S.COMPLAINED}),
    # Only a person says "try again", and only where a second try could mend it.
    S.FAILED: frozenset({S.QUEUED}),
    S.SKIPPED: frozenset[DeliveryState](),
    S.COMPLAINED: frozenset[DeliveryState](),
}

# Still to leave: while one of these exists, the touch is not finished.
OPEN: Final = frozenset({S.QUEUED, S.CLAIMED, S.DEFERRED})
# Nobody holds it: a claim may take it, once it is due.
OWED: Final = frozenset({S.QUEUED, S.DEFERRED})
# Left the house, as far as anybody knows.
LEFT: Final = frozenset({S.SENT, S.BOUNCED, S.COMPLAINED})


class Reason(StrEnum):
    """Why a delivery failed, waits, was skipped, or is unknown. Shown to people; carries no address."""

    ALREADY_MAILED = "already_mailed"
    CANNOT_BE_BUILT = "cannot_be_built"
    CONNECTION_LOST = "connection_lost"
    CONTACT_ERASED = "contact_erased"
    CONTENT_REFUSED = "content_refused"
    DOMAIN_UNKNOWN = "domain_unknown"
    GAVE_UP = "gave_up"
    LAUNCH_CANCELLED = "launch_cancelled"
    MAILBOX_FULL = "mailbox_full"
    MAIL_SERVER_UNAVAILABLE = "mail_server_unavailable"
    NO_CONSENT = "no_consent"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    REFUSED = "refused"
    SENDER_REFUSED = "sender_refused"
    SUPPRESSED = "suppressed"
    TEMPLATE_WITHDRAWN = "template_withdrawn"
    TOO_MANY_MAILS = "too_many_mails"
    THROTTLED = "throttled"
    WORKER_LOST = "worker_lost"
    NONE = ""


# Reasons that may be over when a person asks again; an address or a domain that does not exist is not among them.
RETRYABLE: Final = frozenset(
    {
        Reason.CANNOT_BE_BUILT,
        Reason.CONTENT_REFUSED,
        Reason.GAVE_UP,
        Reason.MAILBOX_FULL,
        Reason.REFUSED,
        Reason.SENDER_REFUSED,
    }
)

# A worker that shows no sign of life for this long has lost what it claimed. Renewed with every part.
LEASE: Final = timedelta(seconds=30)
# Rows claimed and handed over between two commits: the most that a crash can leave unknown.
PART_ROWS: Final = 100
FIRST_PART_ROWS: Final = 5
# Parts are made as large as fits this time: on a slow server they are small, and the lease outlives them by far.
PART_TIME: Final = timedelta(milliseconds=250)
# A partner's turn ends after this time, so that a slow server or a long list starves nobody; and after this shorter
# time when somebody else is waiting.
TURN: Final = timedelta(seconds=5)
TURN_WITH_OTHERS: Final = timedelta(milliseconds=500)
# A partner that owes no more than this is served before those with long lists.
FEW_ROWS: Final = 1_000
# Contacts looked at by one job of a fan-out: nobody waits for longer than these take.
FAN_OUT_CONTACTS: Final = 10_000
# Rows held back at once when their letter cannot be built.
UNBUILT_ROWS: Final = 10_000
# How long a message to the workers may stay unanswered before the sweep asks again.
PATIENCE: Final = timedelta(seconds=20)
# When no server answers, everybody waits; this is nobody's attempt.
OUTAGE_PAUSE: Final = timedelta(seconds=30)

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=4)
# 1, 3, 9, 27, 81 minutes, then every four hours: the last attempt is about two and a half days after the first.
MOST_ATTEMPTS: Final = 18
# A letter that cannot be built seldom mends itself: three tries, over four minutes.
MOST_BUILDS: Final = 3


def back_off(attempts: int, jitter: float = 0.5) -> timedelta:
    """Return the wait after so many attempts: tripled each time, bounded, spread by a tenth (`jitter` in 0..1)."""
    wait = FIRST_WAIT * int(3 ** min(max(attempts - 1, 0), 10))
    return min(wait, LONGEST_WAIT) * (0.95 + jitter / 10)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer of the mail server makes of a delivery."""

    state: DeliveryState
    reason: Reason
    detail: str = ""


# RFC 3463: the class says whether it is for good, the subject and detail say why. The longest match counts.
_BY_ENHANCED_CODE: Final = {
    "1.0": Reason.RECIPIENT_UNKNOWN,
    "1.1": Reason.RECIPIENT_UNKNOWN,
    "1.2": Reason.DOMAIN_UNKNOWN,
    "1.3": Reason.RECIPIENT_UNKNOWN,
    "1.6": Reason.RECIPIENT_UNKNOWN,
    "1.7": Reason.SENDER_REFUSED,
    "1.8": Reason.SENDER_REFUSED,
    "1.10": Reason.DOMAIN_UNKNOWN,
    "2.1": Reason.RECIPIENT_UNKNOWN,
    "2.2": Reason.MAILBOX_FULL,
    "4.4": Reason.DOMAIN_UNKNOWN,
    "6": Reason.CONTENT_REFUSED,
    "7": Reason.CONTENT_REFUSED,
}
_BY_REPLY_CODE: Final = {
    550: Reason.RECIPIENT_UNKNOWN,
    551: Reason.RECIPIENT_UNKNOWN,
    552: Reason.MAILBOX_FULL,
    553: Reason.RECIPIENT_UNKNOWN,
    554: Reason.CONTENT_REFUSED,
}


def refused(code: int, enhanced_code: str, text: str) -> Verdict:
    """Read a final refusal (5xx)."""
    status = enhanced_code.partition(".")[2]
    reason = _BY_ENHANCED_CODE.get(status) or _BY_ENHANCED_CODE.get(status.partition(".")[0])
    return Verdict(S.FAILED, reason or _BY_REPLY_CODE.get(code, Reason.REFUSED), without_addresses(f"{code} {text}"))


def deferred(code: int, enhanced_code: str, text: str, *, attempts: int) -> Verdict:
    """Read "come again later" (4xx); after the last attempt it is a failure that says so."""
    detail = without_addresses(f"{code} {text}")
    if attempts >= MOST_ATTEMPTS:
        return Verdict(S.FAILED, Reason.GAVE_UP, detail)
    status = enhanced_code.partition(".")[2]
    return Verdict(S.DEFERRED, Reason.MAILBOX_FULL if status == "2.2" else Reason.THROTTLED, detail)


def lost(text: str) -> Verdict:
    """Read a connection that broke after the message began: nobody knows."""
    return Verdict(S.UNKNOWN, Reason.CONNECTION_LOST, without_addresses(text))


# It begins only where a word begins, so that a long word is read once and not once for each of its letters.
_ADDRESS: Final = re.compile(r"<?(?<![^\s<>@,;:\"()])[^\s<>@,;:\"()]+@[^\s<>@,;\"()]+>?")


def without_addresses(text: str) -> str:
    """Take mail addresses out of a server's words: the brand may read the reason, never the recipient."""
    return _ADDRESS.sub("<address>", text)[:300]


@dataclass(frozen=True, slots=True)
class Shift:
    """One turn at work: the touch whose mails leave, and the mark under which this job claims its parts."""

    partner_id: int
    kit_id: int
    touch_id: int
    template_version_ids: frozenset[int]
    mark: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery on its way out: already marked, allowed, and addressed."""

    delivery_id: int
    message_id: str
    attempts: int
    email: str
    first_name: str
    last_name: str
    company: str
    locale: str


# Where a part ended, in the order in which rows are claimed: (retry_at, id).
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What was claimed at once: those that may leave, addressed; and where to go on, unless nothing more is owed."""

    parcels: tuple[Parcel, ...]
    after: Place | None


def next_part_rows(rows: int, took: timedelta) -> int:
    """Return how many rows to hand over next, after `rows` took so long: four times as many, if they fit the time."""
    fitting = int(rows * PART_TIME / took) if took > timedelta(0) else PART_ROWS
    return max(1, min(4 * rows, fitting, PART_ROWS))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel; `attempts` counts this one if a server spoke about it."""

    delivery_id: int
    verdict: Verdict
    attempts: int
    wait: timedelta = timedelta(0)


def unbuilt(delivery_id: int, detail: str, *, builds: int, attempts: int) -> Outcome:
    """Hold back a delivery whose letter cannot be built (a file missing, a text too long): a few tries, then no.

    `builds` counts those tries, this one too. No server spoke about it, so `attempts` stays what it was.
    """
    state = S.FAILED if builds >= MOST_BUILDS else S.DEFERRED
    verdict = Verdict(state, Reason.CANNOT_BE_BUILT, without_addresses(detail))
    return Outcome(delivery_id, verdict, attempts, back_off(builds))


class Standing(StrEnum):
    """Whether deliveries of a touch may leave: go, wait (paused), or never again."""

    GO = "go"
    WAIT = "wait"
    LAUNCH_CANCELLED = "launch_cancelled"
    TEMPLATE_WITHDRAWN = "template_withdrawn"
