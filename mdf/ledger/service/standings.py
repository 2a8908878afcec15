"""Read where money stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from mdf.ledger import queries
from mdf.ledger.model import LedgerAccount
from mdf.ledger.rules import AccountKey, AccountKind
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the money of a case stands, by kind of account."""

    currency: str
    minor: dict[AccountKind, int]

    def __getitem__(self, kind: AccountKind) -> Money:
        """Give what stands on the accounts of a kind."""
        return Money(self.minor.get(kind, 0), self.currency)

    def total(self, *kinds: AccountKind) -> Money:
        """Give the sum over some kinds, or over all."""
        return Money(sum(self.minor.get(kind, 0) for kind in kinds or self.minor), self.currency)


def balance(actor: Actor, key: AccountKey, currency: str) -> Money:
    """Return what stands on an account; nothing when it was never used."""
    return Money(queries.balance(actor, key), currency)


def by_fund(actor: Actor, fund_ids: Sequence[int]) -> dict[int, Standing]:
    """Sum where the money of each fund stands."""
    return _standings(queries.sums(actor, LedgerAccount.fund_id, fund_ids))


def by_allocation(actor: Actor, allocation_ids: Sequence[int]) -> dict[int, Standing]:
    """Sum where the money of each allocation stands."""
    return _standings(queries.sums(actor, LedgerAccount.allocation_id, allocation_ids))


def by_request(actor: Actor, request_ids: Sequence[int]) -> dict[int, Standing]:
    """Sum where the money of each request stands, its claims included."""
    return _standings(queries.sums(actor, LedgerAccount.request_id, request_ids))


def by_claim(actor: Actor, claim_ids: Sequence[int]) -> dict[int, Standing]:
    """Sum where the money of each claim stands."""
    return _standings(queries.sums(actor, LedgerAccount.claim_id, claim_ids))


def _standings(rows: Sequence[tuple[int, AccountKind, str, int]]) -> dict[int, Standing]:
    standings: dict[int, Standing] = {}
    for group, kind, currency, total in rows:
        standings.setdefault(group, Standing(currency, {})).minor[kind] = total
    return standings
