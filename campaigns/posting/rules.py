"""The states of a post, how long things may take, and what an attempt makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from campaigns.networks.rules import Network, Published


class PostState(StrEnum):
    """Where one touch on one account stands."""

    QUEUED = "queued"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


S = PostState

MOVES: Final = {
    S.QUEUED: frozenset({S.PUBLISHING, S.FAILED}),
    # Back to queued only when the network itself says that nothing was published, and to come again.
    S.PUBLISHING: frozenset({S.PUBLISHED, S.FAILED, S.UNCONFIRMED, S.QUEUED}),
    # Looked for at the network, or settled by a person. Never back to queued.
    S.UNCONFIRMED: frozenset({S.PUBLISHED, S.FAILED}),
    # Only a person says "post it again".
    S.FAILED: frozenset({S.QUEUED}),
    S.PUBLISHED: frozenset[PostState](),
}


class Finding(StrEnum):
    """What a person finds when they look for an unconfirmed post."""

    PUBLISHED = S.PUBLISHED.value
    FAILED = S.FAILED.value


# Not accounted for: while one of these exists, the touch is not finished.
OPEN: Final = frozenset({S.QUEUED, S.PUBLISHING, S.UNCONFIRMED})


class Reason(StrEnum):
    """Why a post waits, failed, or is unconfirmed. Shown to people."""

    ACCOUNT_LOST = "account_lost"
    CANNOT_BE_BUILT = "cannot_be_built"
    DOES_NOT_FIT = "does_not_fit"
    GAVE_UP = "gave_up"
    LAUNCH_CANCELLED = "launch_cancelled"
    NETWORK_REFUSED = "network_refused"
    NETWORK_UNAVAILABLE = "network_unavailable"
    NOT_ANSWERED = "not_answered"
    NOT_FOUND_THERE = "not_found_there"
    SAID_BY_A_PERSON = "said_by_a_person"
    TEMPLATE_WITHDRAWN = "template_withdrawn"
    THROTTLED = "throttled"
    WORKER_LOST = "worker_lost"
    NONE = ""


# Longer than any attempt: uploading a picture, waiting until the network has looked at it, and publishing.
LEASE: Final = timedelta(minutes=6)
# How long a job may wait in line before another one is asked for.
PATIENCE: Final = timedelta(minutes=1)
# How soon a post that may not leave now (its launch is paused) is asked about again.
WAIT: Final = timedelta(minutes=1)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(days=1)
# 1, 3, 9, 27, 81 minutes after one another, for as long as the network says for certain that nothing was published.
MOST_TRIES: Final = 6
# When an unconfirmed post is looked for: networks show a post within seconds, or do not have it.
LOOK_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))


def back_off(tries: int) -> timedelta:
    """Return the wait after so many tries: tripled each time."""
    return FIRST_WAIT * int(3 ** min(max(tries - 1, 0), 5))


def next_look(looks: int) -> timedelta | None:
    """Return how long to wait before looking for a post again, after so many looks; None: it is not there."""
    return LOOK_AFTER[looks] if looks < len(LOOK_AFTER) else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt. `wait` is what the network asked for; `published` is what it calls the post."""

    state: PostState
    reason: Reason = Reason.NONE
    detail: str = ""
    wait: timedelta | None = None
    published: Published | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post on its way out: claimed under a mark, allowed to leave."""

    post_id: int
    account_id: int
    network: Network
    tries: int
    mark: datetime
