"""What providers send back is read for what it means, and complaints are judged by their rate."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.feedback import rules
from campaigns.feedback.rules import Kind, Standing
from tests.campaigns.feedback.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_what_a_provider_sends_back_is_read_for_what_it_means(sample: Sample) -> None:
    read = rules.read(sample.raw)
    assert (read.kind, read.status) == (sample.kind, sample.status)
    assert sample.words in read.words


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_an_answer_is_given(noise: bytes) -> None:
    assert rules.read(b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" + noise).kind in Kind


def test_a_message_inside_a_message_a_thousand_times_is_read_in_bounds() -> None:
    raw = b"Content-Type: message/rfc822\r\n\r\n" * 1000
    assert rules.read(raw).kind is Kind.UNRECOGNIZED


@pytest.mark.parametrize(
    ("sent", "complained", "expected"),
    [
        (1_000_000, 999, Standing.FINE),
        (1_000_000, 1000, Standing.PAUSE),
        (1_000_000, 2999, Standing.PAUSE),
        (1_000_000, 3000, Standing.STOP),
        (100, 1, Standing.FINE),
        (100, 2, Standing.PAUSE),
        (100, 3, Standing.STOP),
        (0, 0, Standing.FINE),
    ],
)
def test_complaints_are_judged_by_their_rate_and_never_by_one_alone(sent: int, complained: int, expected: str) -> None:
    assert rules.standing(sent=sent, complained=complained) == expected
