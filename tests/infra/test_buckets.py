"""Token buckets in a real Valkey, against a model of them that a reader can check in his head."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tcma.infra import buckets, cache
from tcma.infra.buckets import Bucket, give_back, left, take

_names = itertools.count()
# A token in three years: time that passes between two lines of a test refills nothing.
HARDLY = 1e-8


def fresh(capacity: int, per_second: float = HARDLY) -> Bucket:
    return Bucket(f"test:{next(_names)}", capacity, per_second)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    capacities=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    takings=st.lists(st.tuples(st.integers(0, 20), st.sets(st.integers(0, 2), min_size=1)), max_size=12),
)
def test_what_is_granted_is_what_the_emptiest_holds_and_all_lose_the_same(world, capacities, takings):
    full = [fresh(capacity) for capacity in capacities]
    model = list(capacities)
    for wanted, chosen in takings:
        numbers = sorted(number for number in chosen if number < len(full))
        if not numbers:
            continue
        expected = min([wanted, *(model[number] for number in numbers)])
        assert take(wanted, [full[number] for number in numbers]).granted == expected
        for number in numbers:
            model[number] -= expected
    assert [left(bucket) for bucket in full] == model


def test_without_a_limit_all_may_go(world):
    assert take(500, []) == buckets.Taken(500, 0.0)


def test_an_empty_bucket_says_when_one_more_may_go(world):
    bucket = fresh(2, per_second=0.01)
    assert take(5, [bucket]).granted == 2
    refused = take(1, [bucket])
    assert refused.granted == 0
    assert refused.wait_s == pytest.approx(100, abs=2)


def test_time_that_passes_refills_up_to_the_brim(world):
    bucket = fresh(10, per_second=1.0)
    assert take(10, [bucket]).granted == 10
    with cache.redis() as client:
        client.hincrby(f"bucket:{bucket.key}", "at", -4_200)
    assert take(10, [bucket]).granted == 4
    with cache.redis() as client:
        client.hincrby(f"bucket:{bucket.key}", "at", -3_600_000)
    assert take(100, [bucket]).granted == 10


def test_a_days_share_does_not_refill_and_waits_for_the_end_of_the_day(world):
    day = Bucket(f"test:{next(_names)}", 3, 0.0, ends_in_s=5_000)
    assert take(9, [day]).granted == 3
    assert take(1, [day]) == buckets.Taken(0, 5_000)
    assert left(day) == 0


def test_what_one_limit_refuses_is_not_used_up_in_the_others(world):
    wide, narrow = fresh(100), fresh(1)
    take(1, [narrow])
    assert take(10, [wide, narrow]).granted == 0
    assert left(wide) == 100


def test_what_did_not_leave_is_given_back(world):
    bucket = fresh(5)
    take(5, [bucket])
    give_back(2, [bucket])
    assert take(5, [bucket]).granted == 2
