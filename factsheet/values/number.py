"""Numbers as they are printed, with their qualifiers, and calculated sets stated as such.

A qualified number stands for an interval (``QualifiedNumber.interval``); ``stated`` goes
the other way, from a calculated interval to the words that are true of it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from factsheet.values.interval import Interval

MAX_DIGITS = 24
"""Fewer than Python's and Babel's decimals keep (28), so that none is ever lost."""
SCALES = {"thousand": 3, "million": 6, "billion": 9}
_NUMBER = re.compile(
    r"([-−]?)([1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)(?:\.([0-9]+))?(?: ([a-z]+))?"
)


class Qualifier(StrEnum):
    """How a number is meant; each stands for an interval (``QualifiedNumber.interval``)."""

    EXACTLY = "exactly"
    ABOUT = "about"
    MORE_THAN = "more than"
    AT_LEAST = "at least"
    NEARLY = "nearly"
    UP_TO = "up to"
    AT_MOST = "at most"
    LESS_THAN = "less than"
    RANGE = "range"


BOUNDS = (
    Qualifier.UP_TO, Qualifier.AT_MOST, Qualifier.LESS_THAN, Qualifier.AT_LEAST,
    Qualifier.MORE_THAN,
)  # fmt: skip
"""The qualifiers that keep one end of an interval."""


@dataclass(frozen=True, eq=False)
class Number:
    """A number as it is written: ``14.08`` and the power of ten of its scale word.

    Equal are those of one value: 1,000 and 1 thousand; each keeps its digits for showing.
    """

    mantissa: Decimal
    power: int = 0

    @cached_property
    def value(self) -> Fraction:
        """The number itself."""
        return Fraction(self.mantissa) * Fraction(10) ** self.power

    def __eq__(self, other: object) -> bool:
        """Whether both are the same number, however written."""
        return self.value == other.value if isinstance(other, Number) else NotImplemented

    def __hash__(self) -> int:
        """By value."""
        return hash(self.value)

    @property
    def step(self) -> Fraction:
        """One unit of the last digit written."""
        exponent = self.mantissa.as_tuple().exponent
        assert isinstance(exponent, int)
        return Fraction(10) ** (exponent + self.power)


def parse_number(text: str) -> Number:
    """Read ``969``, ``1,000``, ``-4.5`` or ``14.08 million``.

    Raises:
        ValueError: not a number so written; the message says what is expected.
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        raise ValueError(f'"{text}" is not a number')
    sign, whole, decimals, scale = match.groups()
    if scale and scale not in SCALES:
        raise ValueError(f'"{scale}" after the number is no scale')
    digits = whole.replace(",", "") + (f".{decimals}" if decimals else "")
    if len(digits) > MAX_DIGITS:
        raise ValueError(f'"{text[:MAX_DIGITS]}…" has more digits than any figure needs')
    number = Number(Decimal(("-" if sign else "") + digits), SCALES.get(scale or "", 0))
    if sign and not number.value:
        raise ValueError(f'"{text}" has a sign that means nothing')
    return number


@dataclass(frozen=True, eq=False)
class QualifiedNumber:
    """A number with its qualifier, as a source prints it or as we state a result.

    ``high`` is the second number of a range. ``rounded``: the source rounded, so the
    value may be off by half a unit of the last digit printed; only then does the number of
    digits make a difference to what is equal.
    """

    number: Number
    qualifier: Qualifier = Qualifier.EXACTLY
    high: Number | None = None
    rounded: bool = False
    floor: Fraction | None = Fraction(0)
    """The least value that the indicator can have; ``None`` where there is none."""

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, in whatever digits."""
        return self._said == other._said if isinstance(other, QualifiedNumber) else NotImplemented

    def __hash__(self) -> int:
        """By what is said."""
        return hash(self._said)

    @property
    def _said(self) -> tuple[object, ...]:
        step = self.number.step if self.rounded else None
        return (self.number, self.qualifier, self.high, step, self.floor)

    def interval(self) -> Interval:
        """The set of numbers meant, by the conventions of the fact sheet.

        About x is x ± 5 percent, nearly x is [0.9x, x), more than x is (x, ∞), at least x
        [x, ∞), up to and at most x [floor, x], less than x [floor, x), a range [x, y].
        """
        value = self.number.value
        match self.qualifier:
            case Qualifier.EXACTLY:
                if not self.rounded:
                    return Interval.point(value)
                half = self.number.step / 2
                return Interval(value - half, value + half, high_open=True)
            case Qualifier.ABOUT:
                margin = abs(value) / 20
                if self.rounded:
                    margin = max(margin, self.number.step / 2)
                return Interval(value - margin, value + margin)
            case Qualifier.MORE_THAN:
                return Interval(value, None, low_open=True)
            case Qualifier.AT_LEAST:
                return Interval(value, None)
            case Qualifier.NEARLY:
                return Interval(value - abs(value) / 10, value, high_open=True)
            case Qualifier.UP_TO | Qualifier.AT_MOST:
                return Interval(self._floor_below(value), value)
            case Qualifier.LESS_THAN:
                return Interval(self._floor_below(value), value, high_open=True)
            case Qualifier.RANGE:
                assert self.high is not None
                return Interval(value, self.high.value)

    def _floor_below(self, value: Fraction) -> Fraction | None:
        return self.floor if self.floor is not None and value >= self.floor else None


@dataclass(frozen=True)
class NoWholeNumber:
    """A result in whole things that no whole number fits; the bounds it would lie between."""

    low: Number
    high: Number


def stated(
    interval: Interval, step: Fraction | None, whole: bool
) -> QualifiedNumber | NoWholeNumber:
    """A calculated set of numbers as the simplest amount that is true of it.

    ``step`` is the unit to which results are rounded (``None``: results must come out
    exactly); a single number is rounded half up, bounds are rounded outward, and "about" is
    said only where it still covers the whole set once rounded. ``whole``: only whole
    numbers can be true, so that nothing is "about" a part of one.

    Raises:
        ValueError: the result has no end at all, or no finite decimal and no ``step``; or
            ``step`` is not above zero.
    """
    low, high = interval.low, interval.high
    if step is not None and step <= 0:
        raise ValueError("a result cannot be rounded to steps of zero or less")
    if low is None and high is None:
        raise ValueError("the result can be any number")
    floor_ = Fraction(0) if low is not None and low >= 0 else None
    about = _about(interval, step)
    if about is not None and not (whole and about.number.value.denominator != 1):
        return about
    if whole and not (interval.is_point and step):
        least, greatest = interval.whole_numbers()
        if least is not None and greatest is not None and least > greatest:
            assert low is not None
            assert high is not None
            step = step or Fraction(1, 100)
            return NoWholeNumber(_rounded(low, step, -1), _rounded(high, step, 1))
        interval = _narrowed(interval, least, greatest)
        low, high = interval.low, interval.high
    if low is not None and high is not None and step and low != high:
        nearest = _rounded(low, step, 0)
        if nearest == _rounded(high, step, 0):
            return QualifiedNumber(nearest, floor=floor_)
    if high is None:
        assert low is not None
        qualifier = Qualifier.MORE_THAN if interval.low_open else Qualifier.AT_LEAST
        return QualifiedNumber(_rounded(low, step, -1), qualifier, floor=floor_)
    if low is None or (low == 0 and high != 0):
        qualifier = Qualifier.LESS_THAN if interval.high_open else Qualifier.AT_MOST
        return QualifiedNumber(_rounded(high, step, 1), qualifier, floor=floor_)
    if low == high:
        return QualifiedNumber(_rounded(low, step, 0), floor=floor_)
    return QualifiedNumber(
        _rounded(low, step, -1), Qualifier.RANGE, _rounded(high, step, 1), floor=floor_
    )


def _about(interval: Interval, step: Fraction | None) -> QualifiedNumber | None:
    """A set that is what "about" stands for, ± 5 percent with its ends, so stated.

    None too where rounding its middle would lose an end.
    """
    low, high = interval.low, interval.high
    if low is None or high is None or low <= 0 or interval.low_open or interval.high_open:
        return None
    middle = (low + high) / 2
    if high - middle != middle / 20:
        return None
    about = QualifiedNumber(_rounded(middle, step, 0), Qualifier.ABOUT)
    return about if interval.is_within(about.interval()) else None


def _narrowed(interval: Interval, least: int | None, greatest: int | None) -> Interval:
    """The set with its ends drawn in to whole numbers; a whole end that is left out stays so."""
    low, high = interval.low, interval.high
    low_open, high_open = interval.low_open, interval.high_open
    if least is not None and greatest is not None:
        return Interval(Fraction(least), Fraction(greatest))
    if low is not None and least is not None and low.denominator != 1:
        low, low_open = Fraction(least), False
    if high is not None and greatest is not None and high.denominator != 1:
        high, high_open = Fraction(greatest), False
    return Interval(low, high, low_open, high_open)


def _rounded(value: Fraction, step: Fraction | None, direction: int) -> Number:
    """``value`` to a multiple of ``step``: down (-1), to the nearest (0) or up (1).

    Amounts from a million up are written in billions or millions where three decimals at
    most are needed for that.

    Raises:
        ValueError: no finite decimal, or more digits than any figure needs.
    """
    if step is not None:
        value = _steps(value / step, direction) * step
    decimal = _finite(value)
    if decimal is None:
        raise ValueError("the result has no end of decimals")
    if len(decimal.as_tuple().digits) > MAX_DIGITS:
        raise ValueError("the result has more digits than any figure needs")
    if abs(value) >= 10**6:
        for power in (9, 6):
            scaled = _finite(value / 10**power)
            if scaled is not None and abs(scaled) >= 1 and scaled == round(scaled, 3):
                return Number(scaled, power)
    return Number(decimal)


def _steps(value: Fraction, direction: int) -> int:
    if direction:
        return floor(value) if direction < 0 else ceil(value)
    half_up = floor(abs(value) + Fraction(1, 2))
    return half_up if value >= 0 else -half_up


def _finite(value: Fraction) -> Decimal | None:
    """``value`` as a decimal without trailing zeros, or ``None`` where it never ends."""
    for places in range(MAX_DIGITS):
        if 10**places % value.denominator == 0:
            return Decimal(f"{value.numerator * 10**places // value.denominator}E-{places}")
    return None


def in_units(number: Number) -> Number:
    """The same number without a scale word."""
    return Number(Decimal(plain(number)))


def next_whole(number: Number) -> Number:
    """The least whole number above this one."""
    return Number(Decimal(floor(number.value) + 1))


def plain(number: Number) -> str:
    """The number in single units as a plain decimal string: 14.08 million is ``14080000``."""
    decimal = _finite(number.value)
    assert decimal is not None
    return f"{decimal:f}"
