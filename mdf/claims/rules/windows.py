"""Days: until when a question is answered, a claim decided and the money paid. Business days are Monday to Friday."""

from datetime import date, timedelta

ANSWER_BUSINESS_DAYS = 10
DECIDE_BUSINESS_DAYS = 10
PAY_DAYS = 30
_SATURDAY = 5


def add_business_days(start_on: date, days: int) -> date:
    """Return the date that lies so many business days after a date; from a weekend it counts as from the Friday."""
    day = start_on - timedelta(days=max(start_on.weekday() - 4, 0)) if days else start_on
    weeks, rest = divmod(days, 5)
    day += timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < _SATURDAY
    return day


def business_days_between(start_on: date, end_on: date) -> int:
    """Count the business days after a date up to and with another; none when it does not lie later."""
    days = max((end_on - start_on).days, 0)
    return sum((start_on + timedelta(days=day)).weekday() < _SATURDAY for day in range(1, days + 1))


def answer_by(asked_on: date) -> date:
    """Return until when the partner answers a question."""
    return add_business_days(asked_on, ANSWER_BUSINESS_DAYS)


def decide_by(submitted_on: date, *, waited_days: int = 0) -> date:
    """Return until when finance decides; the clock stood still for the business days in which a question was open."""
    return add_business_days(submitted_on, DECIDE_BUSINESS_DAYS + waited_days)


def pay_by(approved_on: date) -> date:
    """Return until when an approved claim is paid."""
    return approved_on + timedelta(days=PAY_DAYS)
