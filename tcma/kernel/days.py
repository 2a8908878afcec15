"""Business days, Monday to Friday: the holidays of the partners' countries are not known here."""

from datetime import date, timedelta

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
