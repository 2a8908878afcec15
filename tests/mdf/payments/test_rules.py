import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.payments import rules
from mdf.payments.errors import CurrencyMixed, NothingToPay, SecondPersonNeeded
from mdf.payments.rules import BatchState, PaymentState
from tcma.kernel.money import Money
from tcma.kernel.states import IllegalMove, move


@pytest.mark.parametrize(
    ("moves", "states"), [(rules.BATCH_MOVES, BatchState), (rules.PAYMENT_MOVES, PaymentState)], ids=["batch", "item"]
)
def test_the_square_of_states_is_as_the_table_says(moves, states):
    assert set(moves) == set(states)
    for state in states:
        for target in states:
            if target in moves[state]:
                assert move(moves, state, target) is target
            else:
                with pytest.raises(IllegalMove):
                    move(moves, state, target)


def test_a_batch_is_released_before_it_is_exported_and_exported_before_it_is_settled():
    assert BatchState.EXPORTED not in rules.BATCH_MOVES[BatchState.DRAFT]
    assert BatchState.SETTLED not in rules.BATCH_MOVES[BatchState.RELEASED]
    assert BatchState.CANCELLED not in rules.BATCH_MOVES[BatchState.EXPORTED]


def test_the_total_is_the_sum_in_one_currency():
    assert rules.total_of([Money(1, "EUR"), Money(2, "EUR")]) == Money(3, "EUR")
    with pytest.raises(NothingToPay):
        rules.total_of([])
    with pytest.raises(CurrencyMixed):
        rules.total_of([Money(1, "EUR"), Money(2, "USD")])


@pytest.mark.parametrize("releaser", [None, 1, 2, 3])
def test_neither_the_preparer_nor_an_approver_nor_a_nameless_actor_releases(releaser):
    with pytest.raises(SecondPersonNeeded):
        rules.check_releaser(releaser, prepared_by=1, approved_by=[2, 3])


def test_a_second_person_releases():
    rules.check_releaser(4, prepared_by=1, approved_by=[2, 3])


@given(st.lists(st.lists(st.text(max_size=20), min_size=8, max_size=8), max_size=5))
def test_no_cell_of_the_export_is_read_as_a_formula_and_none_is_lost(rows):
    read = list(csv.reader(io.StringIO(rules.batch_csv(rows), newline="")))
    assert read[0] == list(rules.COLUMNS)
    assert len(read) == len(rows) + 1
    for cells, written in zip(rows, read[1:], strict=True):
        for cell, out in zip(cells, written, strict=True):
            assert out.removeprefix("'") == cell.removeprefix("'")
            assert out[:1] not in set("\t\r\n")
            assert out.lstrip()[:1] not in set("=+-@") or not out.strip()


def test_the_reference_fits_what_banks_carry():
    assert len(rules.payment_reference(10**12, 10**12)) <= 35
