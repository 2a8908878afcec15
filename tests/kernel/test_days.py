from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.kernel.days import add_business_days, business_days_between


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 10, date(2026, 12, 4)),  # Saturday counts as from the Friday
        (date(2026, 11, 16), 10, date(2026, 11, 30)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_business_days_leave_out_weekends(start, days, end):
    assert add_business_days(start, days) == end


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_adding_business_days_and_counting_them_agree(start, days):
    assert business_days_between(start, add_business_days(start, days)) == days
