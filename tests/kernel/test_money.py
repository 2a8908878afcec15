from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.kernel.money import BadMoney, MixedCurrencies, Money, sum_money

amounts = st.integers(min_value=-(10**12), max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=20).filter(any)


@given(amounts, weights)
def test_a_split_loses_and_makes_no_cent(minor, parts):
    whole = Money(minor, "EUR")
    assert sum_money(whole.split(parts), "EUR") == whole


@given(amounts, weights)
def test_each_part_of_a_split_is_within_a_cent_of_its_exact_share(minor, parts):
    for part, weight in zip(Money(minor, "EUR").split(parts), parts, strict=True):
        assert abs(part.minor - Decimal(minor) * weight / sum(parts)) < 1


@given(amounts, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_is_written_out_is_read_back(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money.decimal), currency) == money


@given(amounts, st.integers(min_value=0, max_value=100))
def test_a_share_and_its_rest_are_the_whole_within_a_cent(minor, share):
    money = Money(minor, "EUR")
    assert abs((money.percent(share) + money.percent(100 - share) - money).minor) <= 1


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,5", "1.234", "NaN", "Infinity", "1e4", "--1", "1_000", "١٢", "1." + "0" * 40 + "1", "1.", ".5"],
)
def test_what_is_no_amount_of_euros_is_refused(text):
    with pytest.raises(BadMoney):
        Money.parse(text, "EUR")


@pytest.mark.parametrize("currency", ["eur", "EURO", "E1R", "", "€€€"])
def test_what_is_no_currency_code_is_refused(currency):
    with pytest.raises(BadMoney):
        Money(1, currency)


def test_yen_have_no_cents_and_dinars_have_thousandths():
    assert Money.parse("120", "JPY").minor == 120
    assert Money.parse("1.234", "KWD").minor == 1234
    with pytest.raises(BadMoney, match="more digits"):
        Money.parse("1.5", "JPY")


def test_two_currencies_are_never_put_together():
    with pytest.raises(MixedCurrencies, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(MixedCurrencies):
        sum_money([Money(1, "EUR"), Money(1, "USD")], "EUR")
    with pytest.raises(MixedCurrencies):
        _ = Money(1, "EUR") < Money(2, "USD")


def test_floats_are_refused():
    with pytest.raises(TypeError):
        Money(1.5, "EUR")


def test_half_a_cent_is_rounded_to_the_even_one():
    assert Money(1, "EUR").percent(50).minor == 0
    assert Money(3, "EUR").percent(50).minor == 2


def test_weights_that_say_nothing_are_refused():
    for parts in ([], [0, 0], [-1, 2]):
        with pytest.raises(ValueError, match="weights"):
            Money(10, "EUR").split(parts)
