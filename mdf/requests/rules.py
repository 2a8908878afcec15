"""How a request moves, what it is worth and which rules it meets: pure. A program manager could read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mdf.ledger.rules import AccountKey, AccountKind, of_claim, of_request
from tcma.kernel.money import Money


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


S = RequestState
MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED}),
    S.SUBMITTED: frozenset({S.INFO_REQUESTED, S.APPROVED, S.REJECTED, S.DECLINED, S.WITHDRAWN, S.EXPIRED}),
    S.INFO_REQUESTED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED}),
    S.REJECTED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED}),
    S.APPROVED: frozenset({S.CLOSED}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
    S.CLOSED: frozenset(),
}


class EventKind(StrEnum):
    """What can happen to a request."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SUBMITTED = "submitted"
    ASKED = "asked"
    ANSWERED = "answered"
    APPROVED = "approved"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ReservationView:
    """An approved request as claims see it. What was fixed at approval is fixed here."""

    id: int
    partner_id: int
    fund_id: int
    allocation_id: int
    program_id: int
    program_version_id: int
    currency: str
    title: str
    activity_type: str
    state: RequestState
    approved: Money
    committed: Money
    share_percent: Decimal
    proof_list: dict[str, Any]
    starts_on: date
    ends_on: date
    claim_until_on: date
    launch_id: int | None
    requested_by: frozenset[int]
    approved_by: int | None

    @property
    def committed_account(self) -> AccountKey:
        """Give the account that holds what is still reserved."""
        return of_request(
            self.fund_id,
            AccountKind.COMMITTED,
            partner_id=self.partner_id,
            allocation_id=self.allocation_id,
            request_id=self.id,
        )

    def claim_account(self, kind: AccountKind, claim_id: int) -> AccountKey:
        """Give the `payable`, `paid` or `clawed_back` account of one of its claims."""
        return of_claim(
            self.fund_id,
            kind,
            partner_id=self.partner_id,
            allocation_id=self.allocation_id,
            request_id=self.id,
            claim_id=claim_id,
        )
