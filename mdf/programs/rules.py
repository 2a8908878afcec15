"""What a program may say, and how its document is read: pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from mdf.programs.errors import DateTooFar, DocumentInvalid
from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money

T = TypeVar("T")

LONGEST_NAME = 200
MOST_ITEMS = 50


class VersionState(StrEnum):
    """A draft is edited; a published version never changes."""

    DRAFT = "draft"
    PUBLISHED = "published"


MOVES: Mapping[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.PUBLISHED}),
    VersionState.PUBLISHED: frozenset(),
}


class Unused(StrEnum):
    """Where money goes that was reserved and not used."""

    RETURN = "return"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Item:
    """One proof, one figure or one kind of cost."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ActivityType:
    """What is reimbursed for one kind of activity, and what must be shown for it.

    A cap is the most that the brand pays for one request, a minimum the least that may be asked for; both by currency,
    and a currency that is not named has neither.
    """

    key: str
    name: str
    share_percent: Decimal
    caps: Mapping[str, Money] = field(default_factory=dict)
    minimums: Mapping[str, Money] = field(default_factory=dict)
    lead_days: int | None = None
    cost_kinds: tuple[Item, ...] = ()
    proof_of_cost: tuple[Item, ...] = ()
    proof_of_performance: tuple[Item, ...] = ()
    figures: tuple[Item, ...] = ()

    def proof_list(self) -> dict[str, Any]:
        """Write down what a claim must show, in the form in which a request keeps it.

        `{"proof_of_cost": [{"key", "name"}], "proof_of_performance": [...], "figures": [...]}`
        """
        return {
            name: [{"key": item.key, "name": item.name} for item in items]
            for name, items in (
                ("proof_of_cost", self.proof_of_cost),
                ("proof_of_performance", self.proof_of_performance),
                ("figures", self.figures),
            )
        }


# The windows, in days or years, with the values that hold when a document does not name them.
WINDOWS: Mapping[str, int] = {
    "request_lead_days": 14,
    "claim_within_days": 60,
    "answer_within_business_days": 10,
    "decide_request_business_days": 2,
    "decide_claim_business_days": 10,
    "pay_within_days": 30,
    "keep_documents_years": 7,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """A program's document, read."""

    activity_types: tuple[ActivityType, ...]
    request_lead_days: int = WINDOWS["request_lead_days"]
    claim_within_days: int = WINDOWS["claim_within_days"]
    answer_within_business_days: int = WINDOWS["answer_within_business_days"]
    decide_request_business_days: int = WINDOWS["decide_request_business_days"]
    decide_claim_business_days: int = WINDOWS["decide_claim_business_days"]
    pay_within_days: int = WINDOWS["pay_within_days"]
    keep_documents_years: int = WINDOWS["keep_documents_years"]
    unused: Unused = Unused.RETURN

    def activity(self, key: str) -> ActivityType | None:
        """Find an activity type by its key."""
        return next((activity for activity in self.activity_types if activity.key == key), None)

    def lead_days(self, activity: ActivityType) -> int:
        """Give how many days before its start an activity is asked for."""
        return self.request_lead_days if activity.lead_days is None else activity.lead_days


@dataclass(frozen=True, slots=True)
class ProgramVersionView:
    """A version of a program as other rooms see it."""

    id: int
    program_id: int
    program_name: str
    number: int
    state: VersionState
    valid_from_on: date | None
    document: Mapping[str, Any]
    terms: Terms


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule of a program held against a case: why it passes or not, and what would pass.

    `field` is the field of the form that it is about.
    """

    code: str
    field: str
    title: str
    passed: bool
    why: str
    what_passes: str

    def as_data(self) -> dict[str, Any]:
        """Write it down as a decision keeps it."""
        return asdict(self)


# What is planned, invoiced or put in force lies within these years of today; the periods of funds lie further apart.
YEARS_OF_ACTIVITIES = 5
YEARS_OF_FUNDS = 10


def check_reach(today: date, days: Mapping[str, date | None], years: int = YEARS_OF_ACTIVITIES) -> None:
    """Let dates pass that lie within some years of today, before or after; named by their fields. Raises DateTooFar."""
    reach = timedelta(days=366 * years)
    sentence = f"Write a date within {years} years of today."
    errors = {field: [sentence] for field, day in days.items() if day is not None and abs(day - today) > reach}
    if errors:
        raise DateTooFar(sentence, errors=errors)


def failed(results: Iterable[RuleResult]) -> dict[str, list[str]]:
    """Return what does not pass as field -> sentences, each with what would pass."""
    errors: dict[str, list[str]] = {}
    for result in results:
        if not result.passed:
            errors.setdefault(result.field, []).append(f"{result.why} {result.what_passes}".strip())
    return errors


def read(document: Any) -> Terms:
    """Read a program's document; every fault is named with its place.

    Raises DocumentInvalid.
    """
    reader = _Reader()
    terms = reader.terms(document)
    if reader.faults:
        raise DocumentInvalid(errors=reader.faults)
    return terms


class _Reader:
    """Collects all faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: dict[str, list[str]] = {}

    def fault(self, place: str, sentence: str) -> None:
        self.faults.setdefault(place, []).append(sentence)

    def terms(self, document: Any) -> Terms:
        known = {"activity_types", "unused", *WINDOWS}
        content = self.mapping(document, "document", known)
        windows = {
            name: self.number(content.get(name, default), f"document.{name}", 0, 3650)
            for name, default in WINDOWS.items()
        }
        unused = content.get("unused", Unused.RETURN.value)
        if unused not in {word.value for word in Unused}:
            self.fault("document.unused", 'Say "return" (to the partner) or "expire".')
            unused = Unused.RETURN.value
        activities = self.listed(content.get("activity_types"), "document.activity_types", self.activity)
        if not activities:
            self.fault("document.activity_types", "Name at least one activity type.")
        self.distinct([activity.key for activity in activities], "document.activity_types")
        return Terms(activity_types=activities, unused=Unused(unused), **windows)

    def activity(self, value: Any, place: str) -> ActivityType:
        known = {
            "key",
            "name",
            "share_percent",
            "caps",
            "minimums",
            "lead_days",
            "cost_kinds",
            "proof_of_cost",
            "proof_of_performance",
            "figures",
        }
        content = self.mapping(value, place, known)
        lead = content.get("lead_days")
        return ActivityType(
            key=self.key(content.get("key"), f"{place}.key"),
            name=self.text(content.get("name"), f"{place}.name"),
            share_percent=self.percent(content.get("share_percent"), f"{place}.share_percent"),
            caps=self.amounts(content.get("caps", {}), f"{place}.caps"),
            minimums=self.amounts(content.get("minimums", {}), f"{place}.minimums"),
            lead_days=None if lead is None else self.number(lead, f"{place}.lead_days", 0, 3650),
            cost_kinds=self.items(content.get("cost_kinds", []), f"{place}.cost_kinds"),
            proof_of_cost=self.items(content.get("proof_of_cost", []), f"{place}.proof_of_cost"),
            proof_of_performance=self.items(content.get("proof_of_performance", []), f"{place}.proof_of_performance"),
            figures=self.items(content.get("figures", []), f"{place}.figures"),
        )

    def items(self, value: Any, place: str) -> tuple[Item, ...]:
        found = self.listed(value, place, self.item)
        self.distinct([item.key for item in found], place)
        return found

    def item(self, value: Any, place: str) -> Item:
        content = self.mapping(value, place, {"key", "name"})
        return Item(self.key(content.get("key"), f"{place}.key"), self.text(content.get("name"), f"{place}.name"))

    def mapping(self, value: Any, place: str, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.fault(place, "This must be an object.")
            return {}
        for name in sorted(set(value) - known, key=str):
            self.fault(f"{place}.{name}", "There is no such rule.")
        return value

    def listed(self, value: Any, place: str, read_one: Callable[[Any, str], T]) -> tuple[T, ...]:
        if not isinstance(value, list):
            self.fault(place, "This must be a list.")
            return ()
        if len(value) > MOST_ITEMS:
            self.fault(place, f"At most {MOST_ITEMS} entries.")
            return ()
        return tuple(read_one(entry, f"{place}.{position}") for position, entry in enumerate(value))

    def distinct(self, keys: list[str], place: str) -> None:
        for key in sorted({key for key in keys if key and keys.count(key) > 1}):
            self.fault(place, f"The key {key} comes more than once.")

    def key(self, value: Any, place: str) -> str:
        if isinstance(value, str) and value.isascii() and value.isidentifier() and value == value.lower():
            return value
        self.fault(place, 'A key has small letters, digits and underscores, such as "paid_search".')
        return ""

    def text(self, value: Any, place: str) -> str:
        if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_NAME:
            return value.strip()
        self.fault(place, f"Write a text of 1 to {LONGEST_NAME} characters.")
        return ""

    def number(self, value: Any, place: str, least: int, most: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(place, f"Write a whole number from {least} to {most}.")
        return least

    def percent(self, value: Any, place: str) -> Decimal:
        try:
            share = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            share = Decimal("NaN")
        if share.is_finite() and 0 < share <= 100 and share == round(share, 2):
            return share
        self.fault(place, 'Write a share above 0 and up to 100, such as "50" or "33.33".')
        return Decimal(100)

    def amounts(self, value: Any, place: str) -> dict[str, Money]:
        if not isinstance(value, Mapping):
            self.fault(place, 'Write amounts by currency, such as {"EUR": "5000.00"}.')
            return {}
        amounts: dict[str, Money] = {}
        for currency, amount in value.items():
            try:
                money = Money.parse(amount, currency) if isinstance(amount, str) else None
            except DomainError as error:
                self.fault(f"{place}.{currency}", error.detail)
                continue
            if money is None or money.minor <= 0 or money.currency != currency:
                self.fault(f"{place}.{currency}", 'Write an amount above zero as text, such as {"EUR": "5000.00"}.')
            else:
                amounts[currency] = money
        return amounts
