"""What a statement says, before it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends a statement, or to whom it goes: a name, and an address of a few lines."""

    name: str
    address: Sequence[str]


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """One approval of one claim."""

    brand: Party
    partner: Party
    claim_id: int
    request_id: int
    approval_id: int
    title: str
    supplier: str
    invoice_number: str
    invoiced_on: date | None
    cost: Money
    accepted_cost: Money
    share_percent: Decimal
    approved: Money
    in_full: bool
    reason: str
    note: str
    approved_by: str
    approved_on: date
    pay_by_on: date | None
    money_hash: str


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """One payment of one claim."""

    brand: Party
    partner: Party
    payment_id: int
    batch_id: int
    claim_id: int
    title: str
    supplier_invoice: str
    amount: Money
    reference: str
    bank_reference: str
    paid_on: date
