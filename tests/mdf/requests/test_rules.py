"""What a request is worth and which rules it meets: by example and by property."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.programs import rules as program_rules
from mdf.requests import rules
from mdf.requests.rules import MOVES, Plan, RequestState
from tcma.kernel.actor import SYSTEM, Actor, Scope
from tcma.kernel.money import Money, sum_money
from tcma.kernel.states import IllegalMove, move
from tests.factories import mdf

TODAY = date(2026, 3, 2)
PERIOD = (date(2026, 1, 1), date(2026, 12, 31))
TERMS = program_rules.read(mdf.document())


def eur(minor):
    return Money(minor, "EUR")


def plan(minor=200_000, *, kind="media", start=30, days=10):
    starts_on = TODAY + timedelta(days=start)
    return Plan("email_campaign", starts_on, starts_on + timedelta(days=days), [(kind, eur(minor))], "EUR")


def failing(checked):
    return {result.code for result in checked if not result.passed}


def check(plan, available=10_000_00):
    return rules.check_plan(plan, TERMS, on=TODAY, period=PERIOD, available=eur(available))


def test_a_sound_plan_meets_every_rule_and_each_rule_says_why():
    results = check(plan())
    assert failing(results) == set()
    assert all(result.why and result.what_passes and result.title for result in results)
    assert {result.code for result in results} == {
        "lead_time",
        "within_period",
        "has_cost",
        "cost_kinds",
        "minimum",
        "share_and_cap",
        "money_left",
    }


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (plan(start=13), "lead_time"),
        (plan(start=330), "within_period"),
        (plan(kind="hospitality"), "cost_kinds"),
        (plan(9_998), "minimum"),
        (Plan("email_campaign", TODAY + timedelta(days=30), TODAY + timedelta(days=31), [], "EUR"), "has_cost"),
    ],
)
def test_each_rule_refuses_what_it_is_about(bad, code):
    assert code in failing(check(bad))


def test_the_lead_time_is_met_on_its_last_day():
    assert "lead_time" not in failing(check(plan(start=14)))


def test_asking_for_more_than_is_left_says_how_much_would_pass():
    [result] = [one for one in check(plan(), available=99_999) if not one.passed]
    assert result.code == "money_left"
    assert "999.99 EUR" in result.what_passes


shares = st.integers(1, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@given(cost=st.integers(0, 10**12), share=shares, cap=st.none() | st.integers(1, 10**12))
def test_what_is_reimbursed_is_the_share_up_to_the_cap(cost, share, cap):
    activity = program_rules.ActivityType("a", "A", share, caps={} if cap is None else {"EUR": eur(cap)})
    paid = rules.reimbursed(eur(cost), activity)
    exact = Decimal(cost) * share / 100
    assert 0 <= paid.minor <= cost
    assert cap is None or paid.minor <= cap
    if cap is None or exact < cap:
        assert abs(Decimal(paid.minor) - exact) <= Decimal("0.5")


@given(cost=st.integers(0, 10**12), more=st.integers(0, 10**12), share=shares, cap=st.integers(1, 10**12))
def test_spending_more_never_brings_less(cost, more, share, cap):
    activity = program_rules.ActivityType("a", "A", share, caps={"EUR": eur(cap)})
    assert rules.reimbursed(eur(cost), activity) <= rules.reimbursed(eur(cost + more), activity)


@given(total=st.integers(0, 10**12), lines=st.lists(st.integers(1, 10**10), min_size=1, max_size=30))
def test_the_parts_of_the_lines_sum_to_the_whole_and_are_fair_to_a_cent(total, lines):
    parts = rules.line_shares(eur(total), [eur(line) for line in lines])
    assert sum_money(parts, "EUR") == eur(total)
    for part, line in zip(parts, lines, strict=True):
        assert abs(Decimal(part.minor) - Decimal(total) * line / sum(lines)) < 1


@pytest.mark.parametrize("state", RequestState)
def test_an_action_is_offered_in_its_states_to_whoever_holds_the_permission(state):
    everybody, nobody = rules.may(SYSTEM, state), rules.may(Actor(scope=Scope.BRAND), state)
    assert not any(nobody.values())
    targets = rules.MOVES[state]
    assert everybody == {
        "edit": state in rules.EDITABLE,
        "submit": RequestState.SUBMITTED in targets and state is not RequestState.INFO_REQUESTED,
        "answer": state is RequestState.INFO_REQUESTED,
        "withdraw": RequestState.WITHDRAWN in targets,
        "link": bool(targets),
        "decide": RequestState.APPROVED in targets,
    }


FACTS = {
    "request_id": 1,
    "partner_id": 2,
    "allocation_id": 3,
    "program_version_id": 4,
    "activity_type": "a",
    "starts_on": TODAY,
    "ends_on": TODAY,
    "currency": "EUR",
    "lines": [("media", "x", 100)],
    "requested_minor": 50,
    "approved_minor": 50,
    "share_percent": Decimal(50),
    "proof_list": {"figures": []},
}


@pytest.mark.parametrize(
    "change",
    [
        {"allocation_id": 9},
        {"activity_type": "b"},
        {"ends_on": TODAY + timedelta(days=1)},
        {"lines": [("media", "x", 101)]},
        {"lines": [("media", "y", 100)]},
        {"approved_minor": 49},
        {"share_percent": Decimal("50.01")},
        {"proof_list": {"figures": [{"key": "leads", "name": "Leads"}]}},
        {"currency": "USD"},
    ],
)
def test_the_approval_hash_changes_with_everything_that_concerns_money(change):
    assert rules.approval_hash(**FACTS) != rules.approval_hash(**{**FACTS, **change})


def test_the_approval_hash_is_the_same_for_50_and_50_00():
    assert rules.approval_hash(**FACTS) == rules.approval_hash(**{**FACTS, "share_percent": Decimal("50.00")})


@pytest.mark.parametrize("state", RequestState)
@pytest.mark.parametrize("target", RequestState)
def test_a_request_moves_only_as_the_table_says(state, target):
    if target in MOVES[state]:
        assert move(MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(MOVES, state, target)


def test_final_states_stay():
    final = {state for state, targets in MOVES.items() if not targets}
    assert final == {RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.EXPIRED, RequestState.CLOSED}


def test_the_time_for_claims_never_runs_over_the_end_of_the_calendar():
    assert rules.claim_until(date(2026, 5, 1), 60) == date(2026, 6, 30)
    assert rules.claim_until(date.max, 60) == date.max
