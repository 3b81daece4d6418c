"""Intervals: sets of numbers with open or closed ends, and exact arithmetic on them.

"More than 1,000" is every number above 1,000; a rounded 14.1 million is everything from
14.05 up to, but not including, 14.15 million. Two statements agree when their sets meet.
Arithmetic is exact (fractions) and keeps open and closed ends apart, so that 95 percent
of "more than 1,000" comes out as "more than 950".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Interval:
    """An interval of numbers; an end that is ``None`` is unbounded.

    ``low_open`` and ``high_open`` tell whether the end itself is left out.
    """

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def point(cls, value: Fraction | int) -> "Interval":
        """The set of one number."""
        return cls(Fraction(value), Fraction(value))

    @property
    def is_point(self) -> bool:
        """Whether exactly one number is left."""
        return self.low is not None and self.low == self.high

    def meets(self, other: "Interval") -> bool:
        """Whether some number is in both: the two can both be true."""
        return not (self.is_below(other) or other.is_below(self))

    def hull(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both."""
        return _hull([*_ends(self), *_ends(other)])

    def is_below(self, other: "Interval") -> bool:
        """Whether every number here is less than every number there."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (
            self.high == other.low and (self.high_open or other.low_open)
        )

    def is_within(self, other: "Interval") -> bool:
        """Whether every number here is also there."""
        return self.hull(other) == other.hull(other)

    def whole_numbers(self) -> "tuple[int | None, int | None]":
        """Least and greatest whole number in the set; ``None`` where unbounded."""
        least = greatest = None
        if self.low is not None:
            least = ceil(self.low) + (self.low_open and self.low == ceil(self.low))
        if self.high is not None:
            greatest = floor(self.high) - (self.high_open and self.high == floor(self.high))
        return least, greatest

    def __neg__(self) -> "Interval":
        """Every number with its sign turned."""
        return Interval(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.high_open,
            self.low_open,
        )

    def __add__(self, other: "Interval") -> "Interval":
        """Every sum of a number here and a number there."""
        return Interval(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __sub__(self, other: "Interval") -> "Interval":
        """Every difference; the two sides are taken as independent of each other."""
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        """Every product."""
        ends = [_times(a, b) for a in _ends(self) for b in _ends(other)]
        return _hull(ends)

    def __truediv__(self, other: "Interval") -> "Interval":
        """Every quotient.

        Raises:
            ZeroDivisionError: the divisor may be zero.
        """
        if other.meets(Interval.point(0)):
            raise ZeroDivisionError
        ends = [_inverse(end, other) for end in _ends(other)]
        return self * _hull(ends)


@dataclass(frozen=True)
class _End:
    """A bound of an interval; ``value`` ``None`` is infinity with the given ``sign``."""

    value: Fraction | None
    sign: int
    is_open: bool

    def order(self) -> tuple[int, Fraction]:
        return (0, self.value) if self.value is not None else (self.sign, Fraction(0))


def _ends(interval: Interval) -> tuple[_End, _End]:
    return (
        _End(interval.low, -1, interval.low_open),
        _End(interval.high, 1, interval.high_open),
    )


def _times(a: _End, b: _End) -> _End:
    for one, other in ((a, b), (b, a)):
        if one.value == 0:
            # Zero itself, times anything, is zero; a zero that is left out is only approached.
            closed = not one.is_open or (other.value == 0 and not other.is_open)
            return _End(Fraction(0), 0, not closed)
    if a.value is not None and b.value is not None:
        return _End(a.value * b.value, 0, a.is_open or b.is_open)
    return _End(None, _sign(a) * _sign(b), True)


def _sign(end: _End) -> int:
    return end.sign if end.value is None else (1 if end.value > 0 else -1)


def _inverse(end: _End, whole: Interval) -> _End:
    if end.value is None:
        return _End(Fraction(0), 0, True)
    if end.value == 0:
        side = 1 if whole.high is None or whole.high > 0 else -1
        return _End(None, side, True)
    return _End(1 / end.value, 0, end.is_open)


def _hull(ends: Iterable[_End]) -> Interval:
    ends = list(ends)
    low = min(ends, key=lambda end: (end.order(), end.is_open))
    high = max(ends, key=lambda end: (end.order(), not end.is_open))
    return Interval(
        low.value,
        high.value,
        low.is_open and low.value is not None,
        high.is_open and high.value is not None,
    )
