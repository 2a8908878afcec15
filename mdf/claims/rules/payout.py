"""What a claim pays: the share applied once over the sum of all partial claims, and never more than is reserved."""

from dataclasses import dataclass
from decimal import Decimal

from mdf.claims.errors import ClaimAboveAsked, ClaimAboveReservation, ClaimAboveShare, NothingDue
from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a request has been claimed: summed under its lock, over all claims whose approval is in force.

    `reserved` is what the request's approval set aside; `accepted` the cost that was reimbursed so far, `approved` the
    money that was approved for it; `share_percent` is above 0 and at most 100.
    """

    reserved: Money
    accepted: Money
    approved: Money
    share_percent: Decimal

    @property
    def remaining(self) -> Money:
        """Return what the reservation still holds."""
        return max(self.reserved - self.approved, Money.zero(self.reserved.currency))


@dataclass(frozen=True, slots=True)
class Payout:
    """What an approval pays, and the part of the cost that it reimburses."""

    amount: Money
    accepted_cost: Money


def share_due(standing: Standing, cost: Money) -> Money:
    """Return the program's share of this cost on top of the earlier ones, before the reservation is looked at.

    The share is applied to the sum and what was approved is taken off, so many small claims pay what one big one pays.
    """
    total = (standing.accepted + cost).percent(standing.share_percent)
    return max(total - standing.approved, Money.zero(cost.currency))


def due(standing: Standing, cost: Money) -> Money:
    """Return the expected payout: the share of the cost, as far as the reservation still holds it."""
    return min(share_due(standing, cost), standing.remaining)


def expected(standing: Standing, cost: Money, asked: Money | None) -> Money:
    """Return what an approval in full pays: what is due, or less where the partner asks for less."""
    full = due(standing, cost)
    return full if asked is None else min(asked, full)


def check_amount(standing: Standing, cost: Money, amount: Money, *, asked: Money | None) -> None:
    """Let an amount pass that the reservation holds, the share covers and the partner asks for.

    Raises NothingDue, ClaimAboveReservation, ClaimAboveShare, ClaimAboveAsked.
    """
    if amount.minor <= 0 and standing.remaining:
        raise NothingDue(errors={"amount": [NothingDue.message]})
    if amount > standing.remaining or not standing.remaining:
        sentence = f"{amount} is more than is reserved: {standing.remaining} of {standing.reserved} are left."
        raise ClaimAboveReservation(sentence, errors={"amount": [sentence]})
    share = share_due(standing, cost)
    if amount > share:
        sentence = f"{amount} is more than the program pays for {cost}: at {standing.share_percent} % it is {share}."
        raise ClaimAboveShare(sentence, errors={"amount": [sentence]})
    if asked is not None and amount > asked:
        sentence = f"{amount} is more than the partner asks for: {asked}."
        raise ClaimAboveAsked(sentence, errors={"amount": [sentence]})


def settle_amount(standing: Standing, cost: Money, amount: Money, *, asked: Money | None) -> Payout:
    """Return the payout of an approval, with the largest part of the cost whose share is no more than that.

    What is left of the cost is not reimbursed, and can never be paid through a later claim. As the share is at most
    100 %, one more cent of cost pays at most one cent more: so there is a part that pays the amount exactly.
    Raises what `check_amount` raises.
    """
    check_amount(standing, cost, amount, asked=asked)
    low, high = 1, cost.minor
    while low < high:
        middle = (low + high + 1) // 2
        if share_due(standing, Money(middle, cost.currency)) <= amount:
            low = middle
        else:
            high = middle - 1
    return Payout(amount, Money(low, cost.currency))
