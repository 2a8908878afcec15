"""States, waits, and the meaning of a mail server's answers."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.sending import rules
from campaigns.sending.rules import MOVES, OPEN, DeliveryState, Reason
from tcma.kernel.states import IllegalMove, move

S = DeliveryState


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("target", list(S))
def test_the_table_decides_about_every_move(state: S, target: S) -> None:
    if target in MOVES[state]:
        assert move(MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(MOVES, state, target)


def test_what_has_left_is_never_queued_again() -> None:
    for state in (S.SENT, S.SKIPPED, S.BOUNCED, S.COMPLAINED):
        assert not MOVES[state] & OPEN


def test_what_was_refused_goes_out_again_only_when_queued_by_a_person_for_a_reason_that_may_be_over() -> None:
    assert MOVES[S.FAILED] == {S.QUEUED}
    assert not rules.RETRYABLE & {Reason.RECIPIENT_UNKNOWN, Reason.DOMAIN_UNKNOWN, Reason.NONE}


def test_only_a_claimed_delivery_is_sent_deferred_or_lost() -> None:
    assert [state for state in S if S.SENT in MOVES[state]] == [S.CLAIMED, S.UNKNOWN]
    assert [state for state in S if S.UNKNOWN in MOVES[state]] == [S.CLAIMED]


@given(st.integers(min_value=1, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_waits_grow_and_are_bounded(attempts: int, jitter: float) -> None:
    wait = rules.back_off(attempts, jitter)
    assert timedelta(seconds=50) <= wait <= rules.LONGEST_WAIT * 1.05
    assert rules.back_off(attempts + 1, 0.5) >= rules.back_off(attempts, 0.5)


def test_the_last_attempt_comes_days_after_the_first() -> None:
    waited = sum((rules.back_off(attempts) for attempts in range(1, rules.MOST_ATTEMPTS)), timedelta())
    assert timedelta(days=2) < waited < timedelta(days=3)


@pytest.mark.parametrize(
    ("code", "enhanced", "reason"),
    [
        (550, "5.1.1", Reason.RECIPIENT_UNKNOWN),
        (550, "5.1.10", Reason.DOMAIN_UNKNOWN),
        (550, "5.4.4", Reason.DOMAIN_UNKNOWN),
        (552, "5.2.2", Reason.MAILBOX_FULL),
        (554, "5.7.1", Reason.CONTENT_REFUSED),
        (550, "5.1.8", Reason.SENDER_REFUSED),
        (550, "", Reason.RECIPIENT_UNKNOWN),
        (554, "", Reason.CONTENT_REFUSED),
        (521, "", Reason.REFUSED),
    ],
)
def test_a_refusal_has_a_reason_that_people_understand(code: int, enhanced: str, reason: Reason) -> None:
    verdict = rules.refused(code, enhanced, "no")
    assert (verdict.state, verdict.reason) == (S.FAILED, reason)


def test_a_delay_is_a_delay_until_the_last_attempt() -> None:
    assert rules.deferred(451, "4.7.1", "later", attempts=1).state is S.DEFERRED
    assert rules.deferred(452, "4.2.2", "full", attempts=1).reason is Reason.MAILBOX_FULL
    given_up = rules.deferred(451, "4.7.1", "later", attempts=rules.MOST_ATTEMPTS)
    assert (given_up.state, given_up.reason) == (S.FAILED, Reason.GAVE_UP)


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <bob@x.example>: Recipient address rejected",
        "550 bob@x.example unknown",
        "mailbox:bob@x.example; not here",
        'no "bob"@x.example or (bob@x.example)',
    ],
)
def test_the_servers_words_are_kept_without_addresses(text: str) -> None:
    assert "bob@" not in rules.without_addresses(text)


@given(st.integers(min_value=1, max_value=rules.PART_ROWS), st.floats(min_value=0, max_value=1e6))
def test_parts_grow_on_a_quick_server_and_shrink_on_a_slow_one(rows: int, took_s: float) -> None:
    following = rules.next_part_rows(rows, timedelta(seconds=took_s))
    assert 1 <= following <= rules.PART_ROWS
    if took_s > rules.PART_TIME.total_seconds():
        assert following <= rows
    if took_s < 0.01:
        assert following == min(4 * rows, rules.PART_ROWS)
