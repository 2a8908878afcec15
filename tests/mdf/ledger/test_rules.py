"""The arithmetic of postings, by example and by property."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.ledger import rules
from mdf.ledger.errors import CurrenciesMixed, NothingToPost
from mdf.ledger.rules import AccountKey, AccountKind, Posting
from tcma.kernel.money import Money

FUNDING, UNALLOCATED = rules.of_fund(1, AccountKind.FUNDING), rules.of_fund(1, AccountKind.UNALLOCATED)
AVAILABLE = rules.of_allocation(1, AccountKind.AVAILABLE, partner_id=2, allocation_id=3)
KEYS = [FUNDING, UNALLOCATED, AVAILABLE]


def test_a_posting_becomes_two_entries_that_cancel_out():
    written = rules.entries(1, [Posting(FUNDING, UNALLOCATED, Money(500, "EUR"))])
    assert [(entry.account, entry.amount_minor) for entry in written] == [(FUNDING, -500), (UNALLOCATED, 500)]


pairs = st.sampled_from([(a, b) for a in KEYS for b in KEYS if a != b])


@given(st.lists(st.tuples(pairs, st.integers(1, 10**12)), min_size=1, max_size=20))
def test_whatever_is_posted_sums_to_zero(moves):
    written = rules.entries(1, [Posting(a, b, Money(minor, "EUR")) for (a, b), minor in moves])
    assert sum(entry.amount_minor for entry in written) == 0
    assert sum(rules.net(written).values()) == 0


def test_zero_amounts_are_left_out_and_nothing_but_zeros_is_refused():
    kept = rules.entries(
        1, [Posting(FUNDING, UNALLOCATED, Money(0, "EUR")), Posting(UNALLOCATED, AVAILABLE, Money(7, "EUR"))]
    )
    assert [entry.amount_minor for entry in kept] == [-7, 7]
    with pytest.raises(NothingToPost):
        rules.entries(1, [Posting(FUNDING, UNALLOCATED, Money(0, "EUR"))])


def test_two_currencies_are_refused():
    with pytest.raises(CurrenciesMixed):
        rules.entries(
            1,
            [Posting(FUNDING, UNALLOCATED, Money(1, "EUR")), Posting(UNALLOCATED, AVAILABLE, Money(1, "USD"))],
        )


@pytest.mark.parametrize(
    ("source", "target", "minor"),
    [
        (FUNDING, UNALLOCATED, -1),
        (FUNDING, FUNDING, 1),
        (FUNDING, rules.of_fund(2, AccountKind.UNALLOCATED), 1),
    ],
)
def test_a_posting_that_makes_no_sense_is_a_programming_error(source, target, minor):
    with pytest.raises(ValueError, match="posting"):
        rules.entries(1, [Posting(source, target, Money(minor, "EUR"))])


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (AccountKind.FUNDING, {"partner_id": 1, "allocation_id": 1}),
        (AccountKind.AVAILABLE, {}),
        (AccountKind.AVAILABLE, {"allocation_id": 1}),
        (AccountKind.PENDING, {"partner_id": 1, "allocation_id": 1}),
        (AccountKind.PAYABLE, {"partner_id": 1, "allocation_id": 1, "request_id": 1}),
        (AccountKind.COMMITTED, {"partner_id": 1, "allocation_id": 1, "request_id": 1, "claim_id": 1}),
    ],
)
def test_an_address_has_the_depth_of_its_kind(kind, parts):
    with pytest.raises(ValueError, match="cannot be addressed"):
        AccountKey(1, kind, **parts)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_an_account_is_overdrawn_exactly_when_it_would_go_below_zero(balance, taken):
    short = rules.overdrawn({AVAILABLE: balance}, {AVAILABLE: -taken, UNALLOCATED: taken})
    assert short == ([AVAILABLE] if taken > balance else [])


def test_funding_may_owe():
    assert rules.overdrawn({FUNDING: 0}, {FUNDING: -5, UNALLOCATED: 5}) == []


FACTS = {
    "previous": bytes(32),
    "fund_id": 1,
    "sequence": 1,
    "partner_id": 7,
    "kind": "fund.budgeted",
    "reference": "fund:1",
    "note": "First half",
    "posted_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "actor_id": 4,
    "lines": [(1, 10, -500, "EUR"), (1, 11, 500, "EUR")],
}


@pytest.mark.parametrize(
    "change",
    [
        {"previous": b"\x01" * 32},
        {"fund_id": 2},
        {"sequence": 2},
        {"partner_id": 8},
        {"partner_id": None},
        {"kind": "other"},
        {"reference": "fund:2"},
        {"note": "Second half"},
        {"posted_at": datetime(2026, 1, 2, 3, 4, 5, 678902, tzinfo=UTC)},
        {"actor_id": None},
        {"lines": [(1, 10, -501, "EUR"), (1, 11, 501, "EUR")]},
        {"lines": [(1, 12, -500, "EUR"), (1, 11, 500, "EUR")]},
    ],
)
def test_the_hash_changes_with_every_fact_of_a_transaction(change):
    assert rules.transaction_hash(**FACTS) != rules.transaction_hash(**{**FACTS, **change})


def test_the_hash_does_not_depend_on_the_order_in_which_entries_are_read():
    turned = {**FACTS, "lines": list(reversed(FACTS["lines"]))}
    assert rules.transaction_hash(**FACTS) == rules.transaction_hash(**turned)
