"""What accounts exist, which may go negative, and how one business event moves money: pure arithmetic."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from mdf.ledger.errors import CurrenciesMixed, NothingToPost
from tcma.kernel.money import Money


class AccountKind(StrEnum):
    """Where money stands, in the order in which it travels."""

    FUNDING = "funding"
    UNALLOCATED = "unallocated"
    AVAILABLE = "available"
    PENDING = "pending"
    COMMITTED = "committed"
    PAYABLE = "payable"
    PAID = "paid"
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"


OF_FUND = frozenset({AccountKind.FUNDING, AccountKind.UNALLOCATED})
OF_ALLOCATION = frozenset({AccountKind.AVAILABLE, AccountKind.EXPIRED})
OF_REQUEST = frozenset({AccountKind.PENDING, AccountKind.COMMITTED})
OF_CLAIM = frozenset({AccountKind.PAYABLE, AccountKind.PAID, AccountKind.CLAWED_BACK})

# Funding is the source of all money: its balance is the negative of the budget. Nothing else may owe.
MAY_GO_NEGATIVE = frozenset({AccountKind.FUNDING})

FIRST_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class AccountKey:
    """The address of an account. A deeper account names its parents too, so that sums by allocation need no joins.

    Build one with `of_fund`, `of_allocation`, `of_request` or `of_claim`.
    """

    fund_id: int
    kind: AccountKind
    partner_id: int | None = None
    allocation_id: int | None = None
    request_id: int | None = None
    claim_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse an address that is too deep or too shallow for its kind."""
        deep = (self.allocation_id is not None, self.request_id is not None, self.claim_id is not None)
        expected = (
            self.kind not in OF_FUND,
            self.kind in OF_REQUEST | OF_CLAIM,
            self.kind in OF_CLAIM,
        )
        if deep != expected or (self.partner_id is not None) != deep[0]:
            raise ValueError(f"{self.kind} cannot be addressed by {self}")


def of_fund(fund_id: int, kind: AccountKind) -> AccountKey:
    """Address `funding` or `unallocated` of a fund."""
    return AccountKey(fund_id, kind)


def of_allocation(fund_id: int, kind: AccountKind, *, partner_id: int, allocation_id: int) -> AccountKey:
    """Address `available` or `expired` of a partner's allocation."""
    return AccountKey(fund_id, kind, partner_id, allocation_id)


def of_request(fund_id: int, kind: AccountKind, *, partner_id: int, allocation_id: int, request_id: int) -> AccountKey:
    """Address `pending` or `committed` of a request."""
    return AccountKey(fund_id, kind, partner_id, allocation_id, request_id)


def of_claim(
    fund_id: int, kind: AccountKind, *, partner_id: int, allocation_id: int, request_id: int, claim_id: int
) -> AccountKey:
    """Address `payable`, `paid` or `clawed_back` of a claim."""
    return AccountKey(fund_id, kind, partner_id, allocation_id, request_id, claim_id)


@dataclass(frozen=True, slots=True)
class Posting:
    """Move a positive amount from one account to another."""

    source: AccountKey
    target: AccountKey
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """Half of a posting: what one account gains (positive) or gives (negative), in minor units."""

    line: int
    account: AccountKey
    amount_minor: int
    currency: str


def entries(fund_id: int, postings: Sequence[Posting]) -> list[Entry]:
    """Write each posting as two entries that cancel out. Zero amounts are left out.

    Raises NothingToPost, CurrenciesMixed.
    """
    lines = [posting for posting in postings if posting.amount.minor != 0]
    if not lines:
        raise NothingToPost
    if len({posting.amount.currency for posting in lines}) > 1:
        raise CurrenciesMixed
    written: list[Entry] = []
    for number, posting in enumerate(lines, start=1):
        if posting.amount.minor < 0:
            raise ValueError("a posting moves a positive amount; swap its accounts to go back")
        if {posting.source.fund_id, posting.target.fund_id} != {fund_id} or posting.source == posting.target:
            raise ValueError("a posting joins two different accounts of its fund")
        currency = posting.amount.currency
        written.append(Entry(number, posting.source, -posting.amount.minor, currency))
        written.append(Entry(number, posting.target, posting.amount.minor, currency))
    return written


def net(written: Iterable[Entry]) -> dict[AccountKey, int]:
    """Sum the entries by account."""
    sums: dict[AccountKey, int] = defaultdict(int)
    for entry in written:
        sums[entry.account] += entry.amount_minor
    return dict(sums)


def overdrawn(balances: Mapping[AccountKey, int], changes: Mapping[AccountKey, int]) -> list[AccountKey]:
    """Name the accounts that the changes would take below zero although they may not go there."""
    return [
        key
        for key, change in changes.items()
        if change < 0 and key.kind not in MAY_GO_NEGATIVE and balances.get(key, 0) + change < 0
    ]


def transaction_hash(
    *,
    previous: bytes,
    fund_id: int,
    sequence: int,
    partner_id: int | None,
    kind: str,
    reference: str,
    note: str,
    posted_at: datetime,
    actor_id: int | None,
    lines: Sequence[tuple[int, int, int, str]],
) -> bytes:
    """Hash a transaction together with the hash of the one before it, so that no past one can change unnoticed.

    `lines` are (line, account id, amount in minor units, currency). SHA-256 over canonical JSON.
    """
    content = [
        previous.hex(),
        fund_id,
        sequence,
        partner_id,
        kind,
        reference,
        note,
        posted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor_id,
        sorted(list(line) for line in lines),
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode()).digest()
