"""What a program may say, and how its terms are read: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tcma.kernel.money import Money


class VersionState(StrEnum):
    """A draft is edited; a published version never changes."""

    DRAFT = "draft"
    PUBLISHED = "published"


MOVES: Mapping[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.PUBLISHED}),
    VersionState.PUBLISHED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One proof or one figure that is asked for."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ActivityType:
    """What is reimbursed for one kind of activity, and what must be shown for it.

    `cap` and `minimum` are what the brand pays at most and what must be asked for at least, by currency code in minor
    units; a currency that is not named has neither.
    """

    key: str
    name: str
    share_percent: Decimal
    caps_minor: Mapping[str, int] = field(default_factory=dict)
    minimums_minor: Mapping[str, int] = field(default_factory=dict)
    lead_days: int | None = None
    cost_kinds: tuple[Item, ...] = ()
    proof_of_cost: tuple[Item, ...] = ()
    proof_of_performance: tuple[Item, ...] = ()
    figures: tuple[Item, ...] = ()

    def cap(self, currency: str) -> Money | None:
        """Give the most that the brand pays, if there is a limit in this currency."""
        minor = self.caps_minor.get(currency)
        return None if minor is None else Money(minor, currency)

    def minimum(self, currency: str) -> Money | None:
        """Give the least that may be asked for, if there is a limit in this currency."""
        minor = self.minimums_minor.get(currency)
        return None if minor is None else Money(minor, currency)

    def proof_list(self) -> dict[str, Any]:
        """Write down what a claim must show, in the form in which a request keeps it.

        `{"proof_of_cost": [{"key", "name"}], "proof_of_performance": [...], "figures": [...]}`
        """
        return {
            "proof_of_cost": [{"key": item.key, "name": item.name} for item in self.proof_of_cost],
            "proof_of_performance": [{"key": item.key, "name": item.name} for item in self.proof_of_performance],
            "figures": [{"key": item.key, "name": item.name} for item in self.figures],
        }


class Unused(StrEnum):
    """Where money goes that was reserved and not used."""

    RETURN = "return"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Terms:
    """A program's document, read."""

    activity_types: tuple[ActivityType, ...]
    request_lead_days: int = 14
    claim_within_days: int = 60
    answer_within_business_days: int = 10
    decide_request_business_days: int = 2
    decide_claim_business_days: int = 10
    pay_within_days: int = 30
    keep_documents_years: int = 7
    unused: Unused = Unused.RETURN

    def activity(self, key: str) -> ActivityType | None:
        """Find an activity type by its key."""
        return next((activity for activity in self.activity_types if activity.key == key), None)
