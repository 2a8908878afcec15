"""How a request moves, what it is worth and which rules it meets: pure. A program manager could read it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mdf.ledger.rules import AccountKey, AccountKind, of_claim, of_request
from mdf.programs.rules import ActivityType, RuleResult, Terms, failed
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money, sum_money
from tcma.kernel.permissions import Permission


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

# Where the partner may still change what it asks for.
EDITABLE = frozenset({S.DRAFT, S.REJECTED, S.INFO_REQUESTED})
# Where the requested amount is held on the account `pending`.
HOLDING = frozenset({S.SUBMITTED, S.INFO_REQUESTED})
# Where a request ends by itself once its activity is over.
LAPSING = frozenset({S.DRAFT, S.REJECTED, S.SUBMITTED, S.INFO_REQUESTED})


class Action(StrEnum):
    """What a person may do with a request."""

    EDIT = "edit"
    SUBMIT = "submit"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    LINK = "link"
    DECIDE = "decide"


# action -> (permission, the states in which it can be done); to decide is to approve, reject, decline or ask
ACTIONS: Mapping[Action, tuple[Permission, frozenset[RequestState]]] = {
    Action.EDIT: (Permission.MDF_REQUEST_EDIT, EDITABLE),
    Action.SUBMIT: (Permission.MDF_REQUEST_SUBMIT, frozenset({S.DRAFT, S.REJECTED})),
    Action.ANSWER: (Permission.MDF_REQUEST_SUBMIT, frozenset({S.INFO_REQUESTED})),
    Action.WITHDRAW: (
        Permission.MDF_REQUEST_SUBMIT,
        frozenset(state for state, targets in MOVES.items() if S.WITHDRAWN in targets),
    ),
    Action.LINK: (Permission.MDF_REQUEST_EDIT, frozenset(state for state, targets in MOVES.items() if targets)),
    Action.DECIDE: (Permission.MDF_REQUEST_APPROVE, frozenset({S.SUBMITTED})),
}


def may(actor: Actor, state: RequestState) -> dict[str, bool]:
    """Tell which actions somebody can do with a request in this state."""
    table = ACTIONS.items()
    return {action.value: state in states and actor.can(needed) for action, (needed, states) in table}


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
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a request, as somebody may read it."""

    id: int
    kind: EventKind
    state: RequestState
    by_name: str
    note: str
    at: datetime


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned, as the rules see it."""

    activity_type: str
    starts_on: date
    ends_on: date
    lines: Sequence[tuple[str, Money]]
    currency: str

    @property
    def cost(self) -> Money:
        """Sum the lines."""
        return sum_money((amount for _, amount in self.lines), self.currency)


@dataclass(frozen=True, slots=True)
class PreCheck:
    """What the rules say about a plan, and what would come of it."""

    results: tuple[RuleResult, ...]
    cost: Money
    requested: Money
    share_percent: Decimal
    line_shares: tuple[Money, ...]
    decide_by_on: date
    claim_until_on: date
    program_version_id: int

    @property
    def passed(self) -> bool:
        """Tell whether every rule is met."""
        return all(result.passed for result in self.results)

    def errors(self) -> dict[str, list[str]]:
        """Say for each field what would meet the rules."""
        return failed(self.results)


def reimbursed(cost: Money, activity: ActivityType) -> Money:
    """Give what the brand pays of a cost: its share, rounded half to even to a whole minor unit, up to the cap."""
    share = cost.percent(activity.share_percent)
    cap = activity.caps.get(cost.currency)
    return share if cap is None else min(share, cap)


def line_shares(total: Money, lines: Sequence[Money]) -> tuple[Money, ...]:
    """Divide what is paid among the lines by their amounts with the largest remainder: no cent is lost or made."""
    weights = [line.minor for line in lines]
    return tuple(total.split(weights)) if sum(weights) > 0 else tuple(Money.zero(total.currency) for _ in lines)


def claim_until(ends_on: date, days: int) -> date:
    """Give the last day for claims; where the calendar ends before it, the calendar's last day."""
    return ends_on + min(timedelta(days=days), date.max - ends_on)


def is_past(day: date | None, today: date) -> bool:
    """Tell whether a last day, if there is one, is over."""
    return day is not None and day < today


def check_plan(
    plan: Plan, terms: Terms, *, on: date, period: tuple[date, date], available: Money
) -> tuple[RuleResult, ...]:
    """Hold a plan against every rule of the program. Needs an activity type that the terms know.

    `on` is the day on which the partner asks, `period` the fund's first and last day, `available` what is left.
    """
    activity = terms.activity(plan.activity_type)
    if activity is None:
        raise ValueError("check_plan() takes a known activity type")
    requested = reimbursed(plan.cost, activity)
    results = (
        _lead_time(plan, terms, activity, on),
        _within_period(plan, period),
        _has_cost(plan),
        _cost_kinds(plan, activity),
        _minimum(plan, activity, requested),
        _cap(plan, activity),
        _money_left(requested, available),
    )
    return tuple(result for result in results if result is not None)


def _lead_time(plan: Plan, terms: Terms, activity: ActivityType, on: date) -> RuleResult:
    days = terms.lead_days(activity)
    earliest = on + timedelta(days=days)
    return RuleResult(
        code="lead_time",
        field="starts_on",
        title=f"Asked for at least {days} days before it starts",
        passed=plan.starts_on >= earliest,
        why=f"It starts in {(plan.starts_on - on).days} days, on {plan.starts_on:%d %b %Y}.",
        what_passes=f"A start on {earliest:%d %b %Y} or later.",
    )


def _within_period(plan: Plan, period: tuple[date, date]) -> RuleResult:
    first, last = period
    return RuleResult(
        code="within_period",
        field="ends_on" if plan.ends_on > last else "starts_on",
        title="Takes place in the period of the fund",
        passed=first <= plan.starts_on and plan.ends_on <= last,
        why=f"It runs from {plan.starts_on:%d %b %Y} to {plan.ends_on:%d %b %Y}.",
        what_passes=f"Dates from {first:%d %b %Y} to {last:%d %b %Y}.",
    )


def _has_cost(plan: Plan) -> RuleResult:
    return RuleResult(
        code="has_cost",
        field="lines",
        title="Names what it costs",
        passed=plan.cost.minor > 0,
        why=f"Its {'line comes' if len(plan.lines) == 1 else f'{len(plan.lines)} lines come'} to {plan.cost}.",
        what_passes="At least one line with an amount above zero.",
    )


def _cost_kinds(plan: Plan, activity: ActivityType) -> RuleResult | None:
    if not activity.cost_kinds:
        return None
    names = {item.key: item.name for item in activity.cost_kinds}
    others = sorted({kind for kind, _ in plan.lines if kind not in names})
    return RuleResult(
        code="cost_kinds",
        field="lines",
        title="Only kinds of cost that are reimbursed",
        passed=not others,
        why=f"Not reimbursed: {', '.join(others)}." if others else "Every line is of a kind that is reimbursed.",
        what_passes=f"Lines of these kinds: {', '.join(names.values())}.",
    )


def _minimum(plan: Plan, activity: ActivityType, requested: Money) -> RuleResult | None:
    least = activity.minimums.get(plan.currency)
    if least is None:
        return None
    return RuleResult(
        code="minimum",
        field="lines",
        title=f"Asks for at least {least}",
        passed=requested >= least,
        why=f"It asks for {requested}.",
        what_passes=f"Costs of which {activity.share_percent} % come to {least} or more.",
    )


def _cap(plan: Plan, activity: ActivityType) -> RuleResult:
    share = plan.cost.percent(activity.share_percent)
    cap = activity.caps.get(plan.currency)
    why = f"{activity.share_percent} % of {plan.cost} is {share}."
    if cap is not None and share > cap:
        why += f" More than {cap} is not paid for one request, so {cap} is asked for."
    return RuleResult(
        code="share_and_cap",
        field="lines",
        title=f"The brand pays {activity.share_percent} %" + (f", up to {cap}" if cap is not None else ""),
        passed=True,
        why=why,
        what_passes="Nothing to do: what is above stays with the partner.",
    )


def _money_left(requested: Money, available: Money) -> RuleResult:
    return RuleResult(
        code="money_left",
        field="lines",
        title="Fits into what is left of the allocation",
        passed=requested <= available,
        why=f"It asks for {requested}; {available} is available.",
        what_passes=f"A request of at most {available}.",
    )


def approval_hash(
    *,
    request_id: int,
    partner_id: int,
    allocation_id: int,
    program_version_id: int,
    activity_type: str,
    starts_on: date,
    ends_on: date,
    currency: str,
    lines: Sequence[tuple[str, str, int]],
    requested_minor: int,
    approved_minor: int,
    share_percent: Decimal,
    proof_list: Mapping[str, Any],
) -> bytes:
    """Hash what an approval is about: if any of it changes, the approval no longer holds. SHA-256 of canonical JSON."""
    content = [
        [request_id, partner_id, allocation_id, program_version_id],
        [activity_type, starts_on.isoformat(), ends_on.isoformat(), currency],
        [list(line) for line in lines],
        [requested_minor, approved_minor, str(Decimal(share_percent).quantize(Decimal("0.01")))],
        proof_list,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
