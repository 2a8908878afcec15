"""Money: integer minor units with a currency. Floats and mixed currencies are refused."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import total_ordering
from typing import Self

from tcma.kernel.errors import Invalid

# ISO 4217: currencies whose minor unit is not a hundredth.
_EXPONENTS = {"BHD": 3, "CLP": 0, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0}
_AMOUNT = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,16}))?")
_CODE = re.compile(r"[A-Z]{3}")
# PostgreSQL's bigint; sums of postings stay far below it.
LARGEST_MINOR = 10**15


class BadMoney(Invalid):
    """Report an amount that is not one."""

    code = "bad_money"
    message = 'Write the amount as digits with a point, such as "125.50", and the currency as letters, such as EUR.'


class MixedCurrencies(Invalid):
    """Report arithmetic over two currencies."""

    code = "mixed_currencies"


def exponent(currency: str) -> int:
    """Return how many digits follow the point in a currency (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """Hold an amount in minor units (cents) of one currency (ISO 4217 code)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("Money takes integer minor units")
        if not _CODE.fullmatch(self.currency):
            raise BadMoney(f"{self.currency!r} is not a currency code such as EUR.")
        if abs(self.minor) > LARGEST_MINOR:
            raise BadMoney("This amount is too large.")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a decimal string such as "12.50". Raises BadMoney, also for more digits than the currency has."""
        currency = currency.strip().upper()
        match = _AMOUNT.fullmatch(text.strip())
        if match is None:
            raise BadMoney(f"{text[:40]!r} is not an amount. {BadMoney.message}")
        sign, whole, part = match[1], match[2], match[3] or ""
        if len(part.rstrip("0")) > exponent(currency):
            raise BadMoney(f"{text[:40]!r} has more digits after the point than {currency} knows.")
        digits = part[: exponent(currency)].ljust(exponent(currency), "0")
        return cls(int(f"{sign}{whole}{digits}"), currency)

    @property
    def decimal(self) -> Decimal:
        """Return the amount in major units, with the currency's own number of digits."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal:,} {self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} cannot be put together.")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def percent(self, share: Decimal | int) -> "Money":
        """Return a share of the amount in per cent, rounded half to even to a whole minor unit."""
        exact = Decimal(self.minor) * Decimal(share) / 100
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), self.currency)

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Divide by whole-number weights with the largest remainder, so that the parts sum to the whole.

        Raises ValueError for no weights, negative ones, or a sum of zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights, default=0) < 0:
            raise ValueError("split() takes weights that are not negative and not all zero")
        floors = [self.minor * weight // total for weight in weights]
        remainders = [self.minor * weight % total for weight in weights]
        left = self.minor - sum(floors)
        for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
            floors[index] += 1
        return [Money(part, self.currency) for part in floors]


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """Sum amounts of one currency; nothing sums to zero. Raises MixedCurrencies."""
    total = Money.zero(currency)
    for amount in amounts:
        total = total + amount
    return total
