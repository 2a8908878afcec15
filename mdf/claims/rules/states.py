"""The states of a claim, what moves it, and what may be done in each state."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission


class ClaimState(StrEnum):
    """Where a claim stands, in the order in which it travels."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    PAYABLE = "payable"
    PAID = "paid"
    REVERSED = "reversed"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


S = ClaimState

# approved: decided, the money is set aside on the claim's payable account, and an edit voids the approval.
# payable: in a payment batch, so nothing about it changes any more until the bank has answered.
MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN, S.EXPIRED}),
    S.SUBMITTED: frozenset({S.INFO_REQUESTED, S.APPROVED, S.REJECTED, S.WITHDRAWN}),
    S.INFO_REQUESTED: frozenset({S.SUBMITTED, S.REJECTED, S.WITHDRAWN, S.EXPIRED}),
    S.APPROVED: frozenset({S.PAYABLE, S.SUBMITTED}),
    S.PAYABLE: frozenset({S.PAID, S.APPROVED}),
    S.PAID: frozenset({S.REVERSED}),
    S.REJECTED: frozenset({S.SUBMITTED, S.DISPUTED, S.WITHDRAWN, S.EXPIRED}),
    S.DISPUTED: frozenset({S.APPROVED, S.REJECTED, S.INFO_REQUESTED, S.WITHDRAWN}),
    S.REVERSED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
}

# Editing keeps the state, except that it takes an approved claim back to review.
EDITABLE = frozenset({S.DRAFT, S.SUBMITTED, S.INFO_REQUESTED, S.APPROVED, S.REJECTED})
# The partner owes an answer: to a question, or to a rejection by putting the claim right.
ANSWERING = frozenset({S.INFO_REQUESTED, S.REJECTED})
# What finance has to decide about.
IN_REVIEW = frozenset({S.SUBMITTED, S.DISPUTED})
# Their invoices and files are taken: nobody else may claim them. A rejected claim is fixable, so it keeps them.
LIVE = frozenset({S.SUBMITTED, S.INFO_REQUESTED, S.APPROVED, S.PAYABLE, S.PAID, S.REVERSED, S.REJECTED, S.DISPUTED})
# The states whose approval counts against the reservation.
REIMBURSED = frozenset({S.APPROVED, S.PAYABLE, S.PAID, S.REVERSED})


def last_day(state: ClaimState, *, claim_until_on: date, answer_by_on: date | None) -> date | None:
    """Return the last day on which the partner can go on with a claim; None while it is not the partner's turn.

    Only a draft lapses with the time for claims. What was submitted in time has its own time for the answer.
    """
    if state is S.DRAFT:
        return claim_until_on
    return answer_by_on or claim_until_on if state in ANSWERING else None


class Action(StrEnum):
    """What a person may do with a claim."""

    EDIT = "edit"
    SUBMIT = "submit"
    ANSWER = "answer"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"
    ASK = "ask"
    APPROVE = "approve"
    REJECT = "reject"


# action -> (permission, the states in which it can be done)
ACTIONS: Mapping[Action, tuple[Permission, frozenset[ClaimState]]] = {
    Action.EDIT: (Permission.MDF_CLAIM_EDIT, EDITABLE),
    Action.SUBMIT: (Permission.MDF_CLAIM_SUBMIT, frozenset({S.DRAFT, S.REJECTED})),
    Action.ANSWER: (Permission.MDF_CLAIM_SUBMIT, frozenset({S.INFO_REQUESTED})),
    Action.DISPUTE: (Permission.MDF_CLAIM_SUBMIT, frozenset({S.REJECTED})),
    Action.WITHDRAW: (
        Permission.MDF_CLAIM_SUBMIT,
        frozenset({S.DRAFT, S.SUBMITTED, S.INFO_REQUESTED, S.REJECTED, S.DISPUTED}),
    ),
    Action.ASK: (Permission.MDF_CLAIM_APPROVE, IN_REVIEW),
    Action.APPROVE: (Permission.MDF_CLAIM_APPROVE, IN_REVIEW),
    Action.REJECT: (Permission.MDF_CLAIM_APPROVE, frozenset({S.SUBMITTED, S.INFO_REQUESTED, S.DISPUTED})),
}


def may(actor: Actor, state: ClaimState) -> dict[str, bool]:
    """Tell which actions somebody can do with a claim in this state."""
    table = ACTIONS.items()
    return {action.value: state in states and actor.can(needed) for action, (needed, states) in table}


class Reason(StrEnum):
    """Why a claim is rejected or reduced: what finance picks from, and the partner reads."""

    INVOICE_UNREADABLE = "invoice_unreadable"
    INVOICE_NOT_TO_PARTNER = "invoice_not_to_partner"
    AMOUNT_DIFFERS = "amount_differs"
    OUTSIDE_DATES = "outside_dates"
    NOT_IN_REQUEST = "not_in_request"
    COST_EXCLUDED = "cost_excluded"
    PROOF_INSUFFICIENT = "proof_insufficient"
    BRAND_RULES_BROKEN = "brand_rules_broken"
    DUPLICATE = "duplicate"
    OTHER = "other"


REASONS: Mapping[Reason, str] = {
    Reason.INVOICE_UNREADABLE: "The invoice cannot be read",
    Reason.INVOICE_NOT_TO_PARTNER: "The invoice is not made out to the partner",
    Reason.AMOUNT_DIFFERS: "The amounts differ from the invoice",
    Reason.OUTSIDE_DATES: "The cost lies outside the dates of the activity",
    Reason.NOT_IN_REQUEST: "The cost was not part of the approved request",
    Reason.COST_EXCLUDED: "The program does not reimburse this kind of cost",
    Reason.PROOF_INSUFFICIENT: "The proof does not show what it has to show",
    Reason.BRAND_RULES_BROKEN: "The activity broke the brand's rules",
    Reason.DUPLICATE: "This was claimed before",
    Reason.OTHER: "Another reason",
}
