"""The two statements: what was approved of a claim, and what was paid for it."""

from datetime import date
from functools import singledispatch

from mdf.statements.facts import ApprovalFacts, PaymentFacts
from mdf.statements.sheet import Line, Sheet, draw
from tcma.kernel.money import Money

# So much of a note stands on the page; the whole of it is in the case's history.
_LONGEST_NOTE = 900


@singledispatch
def render(facts: object) -> bytes:
    """Return the statement of an approval or a payment as PDF."""
    raise TypeError(f"there is no statement of {type(facts).__name__}")


@render.register
def render_approval(facts: ApprovalFacts) -> bytes:
    """Return the statement that says what was approved, how it came about and until when it is paid."""
    cost = [Line("Cost on the invoice, before tax", facts.supplier, _money(facts.cost))]
    if facts.accepted_cost != facts.cost:
        cost.append(
            Line("Cost that is reimbursed", facts.reason or "Up to the reservation", _money(facts.accepted_cost))
        )
    percent = f"{facts.share_percent.normalize():f} %"
    share = Line(
        f"The program's share: {percent}",
        "Applied once over the sum of all claims of the request",
        _money(facts.approved),
    )
    return draw(
        Sheet(
            kind="Approval statement",
            number=f"{facts.claim_id}-{facts.approval_id}",
            dated=_day(facts.approved_on),
            sender=facts.brand,
            recipient=facts.partner,
            subject=facts.title,
            facts=[
                ("Claim", f"No. {facts.claim_id}, for request No. {facts.request_id}"),
                ("Invoice", f"{facts.invoice_number} of {facts.supplier}, {_day(facts.invoiced_on)}"),
                ("Decision", f"Approved {'in full' if facts.in_full else 'in part'} by {facts.approved_by}"),
            ],
            lines=[*cost, share],
            total=Line("Approved", f"To be paid by {_day(facts.pay_by_on)}", _money(facts.approved)),
            note=_short(facts.note),
            small_print=(
                f"This approval is about exactly what was submitted (SHA-256 {facts.money_hash}). "
                "A change of the claim voids it. This statement is not an invoice."
            ),
        )
    )


@render.register
def render_payment(facts: PaymentFacts) -> bytes:
    """Return the statement that says what was paid, when, and how it is found on the bank statement."""
    bank = [("Bank's reference", facts.bank_reference)] if facts.bank_reference else []
    return draw(
        Sheet(
            kind="Payment statement",
            number=str(facts.payment_id),
            dated=_day(facts.paid_on),
            sender=facts.brand,
            recipient=facts.partner,
            subject=facts.title,
            facts=[
                ("Claim", f"No. {facts.claim_id}"),
                ("Invoice", facts.supplier_invoice),
                ("Reference", facts.reference),
                *bank,
            ],
            lines=[Line(f"Claim No. {facts.claim_id}", facts.title, _money(facts.amount))],
            total=Line("Paid", f"On {_day(facts.paid_on)}", _money(facts.amount)),
            note="",
            small_print=f"Payment No. {facts.payment_id} of batch No. {facts.batch_id}. Not an invoice.",
        )
    )


def _money(amount: Money) -> str:
    return f"{amount.currency} {amount.decimal:,}"


def _day(day: date | None) -> str:
    return "–" if day is None else f"{day.day} {day:%B %Y}"


def _short(note: str) -> str:
    return note if len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE].rstrip()} …"
