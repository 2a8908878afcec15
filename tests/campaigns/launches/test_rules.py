"""When a touch is due, whatever the clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.launches import rules
from campaigns.launches.errors import LaunchInvalid, NothingToLaunch
from campaigns.launches.rules import LaunchState, TouchState
from tcma.kernel.states import IllegalMove, move

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "UTC",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def touch(key: str, day: int = 0, at: str = "09:00"):
    return {"key": key, "channel": "email", "day_offset": day, "local_time": at}


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Berlin", "2026-11-21T09:00", "2026-11-21T08:00"),
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30"),  # skipped: becomes 03:30 summer time
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),  # repeated: the first one, summer time
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),  # half an hour is skipped there
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45"),  # and repeated
    ],
)
def test_wall_times_become_instants_as_rfc_5545_says(zone, at, expected):
    assert rules.instant(wall(at), zone) == utc(expected)


def test_a_skipped_time_shows_an_hour_later_on_the_wall():
    assert rules.wall_time(rules.instant(wall("2027-03-28T02:30"), "Europe/Berlin"), "Europe/Berlin") == wall(
        "2027-03-28T03:30"
    )


@given(st.datetimes(wall("2020-01-01T00:00"), wall("2035-01-01T00:00")), st.sampled_from(ZONES))
def test_no_wall_time_is_lost_and_none_is_moved_by_more_than_the_change(at, zone):
    shown = rules.wall_time(rules.instant(at, zone), zone)
    assert timedelta(0) <= shown - at <= timedelta(hours=1)


@given(st.datetimes(wall("2020-01-01T00:00"), wall("2035-01-01T00:00")), st.sampled_from(ZONES))
def test_no_zone_is_so_far_ahead_that_the_tick_would_overlook_it(at, zone):
    now = at.replace(tzinfo=UTC)
    due_now = rules.wall_time(now, zone)
    assert due_now <= now.replace(tzinfo=None) + rules.FURTHEST_AHEAD


@given(
    st.lists(st.tuples(st.integers(0, 30), st.times()), min_size=1, max_size=8),
    st.datetimes(wall("2026-01-01T00:00"), wall("2027-01-01T00:00")),
)
def test_no_touch_leaves_before_the_start_and_the_first_leaves_at_it(entries, start):
    entries.sort()
    first = entries[0][0]
    touches = [touch(f"t{n}", day - first, at.strftime("%H:%M")) for n, (day, at) in enumerate(entries)]
    planned = rules.plan(touches, starts_at_local=start, leave_out=[])
    assert planned[0].due_at_local == start
    assert all(one.due_at_local >= start for one in planned)
    for one in planned[1:]:
        day = (one.due_at_local.date() - start.date()).days
        assert day == one.touch["day_offset"] or one.due_at_local == start


def test_later_days_keep_their_own_time():
    planned = rules.plan(
        [touch("a"), touch("b", 0, "17:00"), touch("c", 3, "08:00")],
        starts_at_local=wall("2026-12-01T14:00"),
        leave_out=[],
    )
    assert [one.due_at_local.isoformat(timespec="minutes") for one in planned] == [
        "2026-12-01T14:00",
        "2026-12-01T17:00",
        "2026-12-04T08:00",
    ]


@pytest.mark.parametrize("now", ["2026-12-01T00:05", "2026-12-01T14:00", "2026-12-01T23:59"])
def test_launched_now_everything_of_the_first_day_leaves_now_at_any_hour(now):
    planned = rules.plan_now(
        [touch("a"), touch("b", 0, "17:00"), touch("c", 3, "08:00")], now_local=wall(now), leave_out=[]
    )
    assert [one.due_at_local for one in planned] == [wall(now), wall(now), wall("2026-12-04T08:00")]


def test_the_first_touch_that_is_kept_leaves_at_the_start():
    planned = rules.plan([touch("a"), touch("b", 5)], starts_at_local=wall("2026-12-01T14:00"), leave_out=["a"])
    assert [(one.touch["key"], one.due_at_local) for one in planned] == [("b", wall("2026-12-01T14:00"))]


def test_leaving_out_everything_or_something_unknown_is_refused():
    with pytest.raises(NothingToLaunch):
        rules.plan([touch("a")], starts_at_local=wall("2026-12-01T14:00"), leave_out=["a"])
    with pytest.raises(LaunchInvalid) as refused:
        rules.plan([touch("a")], starts_at_local=wall("2026-12-01T14:00"), leave_out=["z"])
    assert "leave_out" in refused.value.errors


def test_a_start_in_the_past_too_far_ahead_or_with_a_zone_is_refused():
    now = utc("2026-11-21T12:00")
    for at in (wall("2026-11-21T12:58"), wall("2028-01-01T00:00"), utc("2026-12-01T00:00")):
        with pytest.raises(LaunchInvalid) as refused:
            rules.check_start(at, now=now, zone_name="Europe/Berlin")
        assert "starts_at_local" in refused.value.errors
    rules.check_start(wall("2026-11-21T13:00"), now=now, zone_name="Europe/Berlin")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(LaunchInvalid) as refused:
        rules.zone(name)
    assert "time_zone" in refused.value.errors


def test_more_than_an_hour_is_late_unless_a_person_said_go_on_since():
    due = utc("2026-11-21T12:00")
    assert not rules.is_late(due, confirmed_at=None, now=due + timedelta(hours=1))
    assert rules.is_late(due, confirmed_at=None, now=due + timedelta(hours=1, seconds=1))
    assert not rules.is_late(due, confirmed_at=due + timedelta(hours=5), now=due + timedelta(hours=6))
    assert rules.is_late(due, confirmed_at=due - timedelta(days=1), now=due + timedelta(hours=2))


def test_a_launch_is_done_when_nothing_leaves_by_itself_any_more():
    assert rules.is_done([("email", TouchState.FINISHED), ("share", TouchState.DUE)])
    assert not rules.is_done([("email", TouchState.DUE)])
    assert not rules.is_done([("email", TouchState.FANNED_OUT), ("share", TouchState.FINISHED)])
    assert not rules.is_done([("share", TouchState.WAITING)])


def test_values_belong_to_a_touch_and_contain_no_merge_tokens():
    rules.check_values({"a": {"headline": "Hello", "size": 3}}, [touch("a")])
    for values in ({"z": {}}, {"a": "x"}, {"a": {"headline": "{{contact.email}}"}}):
        with pytest.raises(LaunchInvalid):
            rules.check_values(values, [touch("a")])


S = LaunchState
ALLOWED = {
    (S.DRAFT, S.SCHEDULED), (S.DRAFT, S.RUNNING), (S.DRAFT, S.CANCELLED),
    (S.SCHEDULED, S.RUNNING), (S.SCHEDULED, S.PAUSED), (S.SCHEDULED, S.MISSED), (S.SCHEDULED, S.CANCELLED),
    (S.RUNNING, S.PAUSED), (S.RUNNING, S.MISSED), (S.RUNNING, S.COMPLETED), (S.RUNNING, S.CANCELLED),
    (S.PAUSED, S.RUNNING), (S.PAUSED, S.CANCELLED),
    (S.MISSED, S.RUNNING), (S.MISSED, S.CANCELLED),
}  # fmt: skip
T = TouchState
TOUCH_ALLOWED = {
    (T.WAITING, T.DUE), (T.WAITING, T.CANCELLED),
    (T.DUE, T.FANNED_OUT), (T.DUE, T.FINISHED), (T.DUE, T.CANCELLED),
    (T.FANNED_OUT, T.FINISHED), (T.FANNED_OUT, T.CANCELLED),
}  # fmt: skip


@pytest.mark.parametrize("state", LaunchState)
@pytest.mark.parametrize("target", LaunchState)
def test_every_square_of_the_launch_table(state, target):
    if (state, target) in ALLOWED:
        assert move(rules.MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(rules.MOVES, state, target)


@pytest.mark.parametrize("state", TouchState)
@pytest.mark.parametrize("target", TouchState)
def test_every_square_of_the_touch_table(state, target):
    if (state, target) in TOUCH_ALLOWED:
        assert move(rules.TOUCH_MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(rules.TOUCH_MOVES, state, target)


def test_overdue_is_what_waits_although_its_hour_has_come():
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    hour = timedelta(hours=1)
    touches = [
        (TouchState.WAITING, now - hour),
        (TouchState.WAITING, now),
        (TouchState.WAITING, now + hour),
        (TouchState.FINISHED, now - hour),
        (TouchState.CANCELLED, now - hour),
    ]
    assert rules.overdue(touches, now=now) == 2
