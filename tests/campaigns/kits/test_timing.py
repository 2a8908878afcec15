"""When touches may leave: on which weekdays, and not in quiet hours, whatever the hour at which they were planned."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.kits.errors import KitDocumentInvalid
from campaigns.kits.rules import WEEKDAYS, Hours, check_document, hours_of

WEEK = frozenset(WEEKDAYS[:5])
NIGHT = Hours(quiet_from=time(20), quiet_until=time(8))
NOON = Hours(quiet_from=time(12), quiet_until=time(14))
OFFICE = Hours(WEEK, time(18), time(9))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("hours", "planned", "leaves"),
    [
        (Hours(), "2026-12-05T03:00", "2026-12-05T03:00"),
        (NIGHT, "2026-12-01T09:00", "2026-12-01T09:00"),
        (NIGHT, "2026-12-01T07:59", "2026-12-01T08:00"),
        (NIGHT, "2026-12-01T08:00", "2026-12-01T08:00"),
        (NIGHT, "2026-12-01T20:00", "2026-12-02T08:00"),
        (NIGHT, "2026-12-31T23:30", "2027-01-01T08:00"),
        (NOON, "2026-12-01T12:30", "2026-12-01T14:00"),
        (Hours(WEEK), "2026-12-05T10:30", "2026-12-07T10:30"),  # a Saturday
        (OFFICE, "2026-12-04T18:30", "2026-12-07T09:00"),  # a Friday evening
        (OFFICE, "2026-12-06T23:00", "2026-12-07T09:00"),
        (Hours(frozenset({"wed"})), "2026-12-03T10:00", "2026-12-09T10:00"),
    ],
)
def test_what_falls_outside_waits_for_the_next_hour_that_is_allowed(hours, planned, leaves):
    assert hours.next_allowed(at(planned)) == at(leaves)


hour = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    st.datetimes(min_value=at("2026-01-01T00:00"), max_value=at("2030-01-01T00:00")),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(frozenset),
    hour,
    hour,
)
def test_the_next_allowed_time_is_allowed_soon_and_never_earlier(planned, days, begins, ends):
    hours = Hours(days, begins, ends) if begins != ends else Hours(days)
    found = hours.next_allowed(planned)
    assert hours.allows(found)
    assert timedelta(0) <= found - planned <= timedelta(days=8)
    assert hours.next_allowed(found) == found


def document(**fields):
    return check_document({"touches": [], **fields})


def test_hours_and_goals_are_kept_as_they_were_given():
    kept = document(
        quiet_hours={"from": "20:00", "until": "08:00"}, weekdays=["fri", "mon"], goals={"clicked": 3, "opened": 25.5}
    )
    assert kept["weekdays"] == ["mon", "fri"]
    assert kept["goals"] == {"opened": 25.5, "clicked": 3.0}
    assert hours_of(kept) == Hours(frozenset({"mon", "fri"}), time(20), time(8))
    assert hours_of(document()) == Hours()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"quiet_hours": {"from": "25:00", "until": "08:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": "20:00"}}, "quiet_hours.until"),
        ({"quiet_hours": {"from": "20:00", "until": "20:00"}}, "quiet_hours.until"),
        ({"quiet_hours": {"from": "20:00", "until": "21:00", "x": "1"}}, "quiet_hours.x"),
        ({"quiet_hours": "nights"}, "quiet_hours"),
        ({"weekdays": ["monday"]}, "weekdays"),
        ({"weekdays": "mon"}, "weekdays"),
        ({"goals": {"clicked": 0}}, "goals.clicked"),
        ({"goals": {"clicked": 101}}, "goals.clicked"),
        ({"goals": {"clicked": True}}, "goals.clicked"),
        ({"goals": {"revenue": 5}}, "goals.revenue"),
        ({"goals": [3]}, "goals"),
    ],
)
def test_hours_and_goals_that_mean_nothing_are_refused_with_their_place(fields, place):
    with pytest.raises(KitDocumentInvalid) as refusal:
        document(**fields)
    assert place in refusal.value.errors
