"""The states of a payment batch and of its items, and the file that goes to the bank."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from mdf.payments.errors import CurrencyMixed, NothingToPay, SecondPersonNeeded
from tcma.kernel.cells import safe_cell
from tcma.kernel.money import Money, sum_money


class BatchState(StrEnum):
    """Where a payment run stands."""

    DRAFT = "draft"
    RELEASED = "released"
    EXPORTED = "exported"
    SETTLED = "settled"
    CANCELLED = "cancelled"


B = BatchState

BATCH_MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    B.DRAFT: frozenset({B.RELEASED, B.CANCELLED}),
    B.RELEASED: frozenset({B.EXPORTED, B.CANCELLED}),
    B.EXPORTED: frozenset({B.SETTLED}),
    B.SETTLED: frozenset(),
    B.CANCELLED: frozenset(),
}


# Somebody still has to release, export or settle these.
OPEN = frozenset({B.DRAFT, B.RELEASED, B.EXPORTED})


class PaymentState(StrEnum):
    """Where one item of a payment run stands."""

    WAITING = "waiting"
    SETTLED = "settled"
    FAILED = "failed"
    REMOVED = "removed"


P = PaymentState

PAYMENT_MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    P.WAITING: frozenset({P.SETTLED, P.FAILED, P.REMOVED}),
    P.SETTLED: frozenset(),
    P.FAILED: frozenset(),
    P.REMOVED: frozenset(),
}

# A claim is in one of these at most once: a unique index holds it.
LIVE = frozenset({P.WAITING, P.SETTLED})

COLUMNS = ("payment", "payee", "amount", "currency", "reference", "claim", "supplier_invoice", "pay_on")


def total_of(amounts: Sequence[Money]) -> Money:
    """Return what a batch pays in all.

    Raises NothingToPay, CurrencyMixed.
    """
    if not amounts:
        raise NothingToPay
    if len({amount.currency for amount in amounts}) > 1:
        raise CurrencyMixed
    return sum_money(amounts, amounts[0].currency)


def is_second_person(user_id: int | None, *, prepared_by: int | None, approved_by: Iterable[int | None]) -> bool:
    """Tell whether this is a known person who neither prepared the batch nor approved a claim of it."""
    return user_id is not None and user_id != prepared_by and user_id not in set(approved_by)


def check_releaser(user_id: int | None, *, prepared_by: int | None, approved_by: Iterable[int | None]) -> None:
    """Let a second person pass. Raises SecondPersonNeeded."""
    if not is_second_person(user_id, prepared_by=prepared_by, approved_by=approved_by):
        raise SecondPersonNeeded


def payment_reference(batch_id: int, claim_id: int) -> str:
    """Return what the partner's bank statement shows: short enough for every bank (SEPA allows 35 characters)."""
    return f"MDF {batch_id}-{claim_id}"


def batch_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return the batch as CSV (RFC 4180, comma, CRLF) with a heading; each row in the order of COLUMNS."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
