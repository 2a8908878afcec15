"""What a claim needs before it can be submitted: the same rules for the partner before, for finance while reviewing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mdf.claims.rules.payout import Standing, expected, share_due
from mdf.programs.rules import RuleResult
from tcma.kernel.money import Money

# An invoice may be written some days before an activity (a deposit), not years before.
INVOICE_DAYS_BEFORE = 180
INVOICE_PROOF = "invoice"


@dataclass(frozen=True, slots=True)
class Needed:
    """One proof or figure on the list that was fixed when the request was approved."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules look at. `claimed_on` is when the claim was first submitted, or today."""

    today: date
    claimed_on: date
    request_open: bool
    activity_starts_on: date
    claim_until_on: date
    standing: Standing
    supplier: str
    supplier_tax_id: str
    invoice_number: str
    invoiced_on: date | None
    currency: str
    net: Money | None
    tax: Money | None
    asked: Money | None
    proofs_needed: Sequence[Needed]
    proofs_attached: frozenset[str]
    figures_needed: Sequence[Needed]
    figures_given: frozenset[str]


def check(facts: Facts) -> list[RuleResult]:
    """Hold a claim against every rule, in the order in which a person fills it in."""
    return [result for rule in _RULES for result in rule(facts)]


def expected_payout(facts: Facts) -> Money:
    """Return to the cent what an approval in full pays; nothing while the cost is missing or in another currency."""
    if facts.net is None or facts.net.currency != facts.standing.reserved.currency or facts.net.minor <= 0:
        return Money.zero(facts.standing.reserved.currency)
    return expected(facts.standing, facts.net, facts.asked)


def _rule(code: str, field: str, title: str, passed: bool, why: str, fix: str = "") -> RuleResult:  # noqa: PLR0917 (a row of a table)
    return RuleResult(code, field, title, passed, why, "" if passed else fix)


def _request(facts: Facts) -> list[RuleResult]:
    is_open = facts.request_open
    why = "The request is approved and holds money." if is_open else "The request is not approved any more."
    return [_rule("request_open", "request_id", "Approved request", is_open, why, "Ask for a new request.")]


def _window(facts: Facts) -> list[RuleResult]:
    on_time = facts.claimed_on <= facts.claim_until_on
    until = f"Claims can be submitted until {facts.claim_until_on:%d %B %Y}."
    return [_rule("claim_window", "request_id", "On time", on_time, until, "Ask the brand to extend the request.")]


def _supplier(facts: Facts) -> list[RuleResult]:
    named = bool(facts.supplier.strip())
    numbered = any(sign.isalnum() for sign in facts.invoice_number)
    who = f"The invoice is from {facts.supplier}." if named else "The supplier is missing."
    number = f"The invoice has the number {facts.invoice_number}." if numbered else "The invoice number is missing."
    return [
        _rule("supplier", "supplier", "Supplier", named, who, "Write the name as on the invoice."),
        _rule(
            "invoice_number",
            "invoice_number",
            "Invoice number",
            numbered,
            number,
            "Write the number as on the invoice.",
        ),
    ]


def _invoiced_on(facts: Facts) -> list[RuleResult]:
    day, title = facts.invoiced_on, "Invoice date"
    if day is None:
        fix = "Write the date as on the invoice."
        return [_rule("invoiced_on", "invoiced_on", title, False, "The invoice date is missing.", fix)]
    early = (facts.activity_starts_on - day).days > INVOICE_DAYS_BEFORE
    late = day > facts.today
    fix = f"It must be of the {INVOICE_DAYS_BEFORE} days before the activity, or later."
    if late:
        fix = "An invoice cannot be of the future."
    return [_rule("invoiced_on", "invoiced_on", title, not (early or late), f"The invoice is of {day:%d %B %Y}.", fix)]


def _amounts(facts: Facts) -> list[RuleResult]:
    currency, net, tax = facts.standing.reserved.currency, facts.net, facts.tax
    if net is None or net.minor <= 0:
        return [_rule("net", "net", "Net amount", False, "The net amount is missing.", "Write the amount before tax.")]
    if net.currency != currency:
        why, fix = f"The invoice is in {net.currency}.", f"This fund pays in {currency}."
        return [_rule("currency", "net", "Currency", False, why, fix)]
    results = [_rule("net", "net", "Net amount", True, f"The cost before tax is {net}.")]
    if tax is not None:
        passed = tax.currency == currency and 0 <= tax.minor <= net.minor
        fix = f"It is in {currency}, and between 0 and the net amount."
        results.append(_rule("tax", "tax", "Tax", passed, f"The tax is {tax}.", fix))
    return results + _reservation(facts.standing, net, facts.asked)


def _reservation(standing: Standing, net: Money, asked: Money | None) -> list[RuleResult]:
    share, remaining = share_due(standing, net), standing.remaining
    left = f"{remaining} of {standing.reserved} are left of the reservation."
    if remaining.minor == 0:
        fix = "Nothing more can be claimed from this request."
        return [_rule("reservation", "net", "Reservation", False, left, fix)]
    percent = f"{standing.share_percent.normalize():f} %"
    if asked is not None:
        most = min(share, remaining)
        passed = asked.currency == net.currency and 0 < asked.minor <= most.minor
        why = f"You ask for {asked}, and {most} can be paid: {percent} of the cost; {left}"
        fix = "Ask for an amount up to that, or leave it empty for all that is due."
        return [_rule("reservation", "asked", "Amount asked for", passed, why, fix)]
    capped = f" The share is {share}, more than is left: you get {remaining}." if share > remaining else ""
    why = f"{percent} of the cost is reimbursed. {left}{capped}"
    return [_rule("reservation", "net", "Reservation", True, why)]


def _proofs(facts: Facts) -> list[RuleResult]:
    return [
        _given("proof", needed, needed.key in facts.proofs_attached, "attached", "Attach a file.")
        for needed in facts.proofs_needed
    ]


def _figures(facts: Facts) -> list[RuleResult]:
    return [
        _given("figures", needed, needed.key in facts.figures_given, "reported", "Report the figure.")
        for needed in facts.figures_needed
    ]


def _given(what: str, needed: Needed, given: bool, verb: str, fix: str) -> RuleResult:
    why = f"{needed.name}: {verb}." if given else f"{needed.name}: missing."
    return _rule(f"{what}:{needed.key}", f"{what}.{needed.key}", needed.name, given, why, fix)


def check_duplicates(*, invoice_taken: bool, proofs_taken: Sequence[str]) -> list[RuleResult]:
    """Tell whether the invoice or a file is in another claim already; never in whose."""
    invoice = "This invoice has been claimed already." if invoice_taken else "This invoice was not claimed before."
    files = "A file is attached to another claim already." if proofs_taken else "No file was used for another claim."
    field = f"proof.{proofs_taken[0]}" if proofs_taken else "proof"
    return [
        _rule(
            "duplicate_invoice",
            "invoice_number",
            "Claimed once",
            not invoice_taken,
            invoice,
            "Each invoice is reimbursed once.",
        ),
        _rule(
            "duplicate_file",
            field,
            "Own proof",
            not proofs_taken,
            files,
            "Attach the proof that belongs to this claim.",
        ),
    ]


SIMILAR_INVOICE = "similar_invoice"


def check_similar(claim_ids: Sequence[int]) -> list[RuleResult]:
    """Warn that other claims of the partner have this number and amount, whatever supplier they name."""
    if not claim_ids:
        return []
    which = ", ".join(str(claim_id) for claim_id in claim_ids)
    why = f"The same invoice number and amount are in claim {which} of this partner."
    fix = "This is a warning: whoever approves it says in the note why this is another invoice."
    return [_rule(SIMILAR_INVOICE, "invoice_number", "No similar claim", False, why, fix)]


_RULES: Sequence[Callable[[Facts], list[RuleResult]]] = (
    _request,
    _window,
    _supplier,
    _invoiced_on,
    _amounts,
    _proofs,
    _figures,
)
