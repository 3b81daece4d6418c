"""The small picture of one series: a row a period, or a column each where there are many.

The numbers here are places on a scale in percent of the picture's width, so that a template
can draw them at any width without scaling the words beside them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from factsheet.analysis.factbase import Observation
from factsheet.values.interval import Interval
from factsheet.values.number import QualifiedNumber

LEAST_PERIODS = 3
"""From so many periods on a series has a picture."""
MOST_ROWS = 16
"""With more periods than this, each is a column without words of its own."""


@dataclass(frozen=True)
class Bar:
    """One observation on the scale, in percent of the width.

    A part that is sure reaches from zero to the nearer end of the interval, the ``rest`` from
    there to the farther one. ``is_open`` means that it goes on beyond ``end``, nobody says how
    far.
    """

    observation: Observation
    sure_start: Decimal
    sure: Decimal
    rest_start: Decimal
    rest: Decimal
    end: Decimal
    is_open: bool

    @property
    def column(self) -> tuple[Decimal, Decimal]:
        """For a column: how far its head lies below the top, and its height, one at least."""
        foot, tall = min(self.sure_start, self.rest_start), self.sure + self.rest
        return 100 - foot - tall, max(tall, _percent(Fraction(1, 100)))


@dataclass(frozen=True)
class SmallSeries:
    """The picture of a series, earliest period first."""

    bars: list[Bar]
    length: str | None
    """The one length of all periods: ``year``, ``month``, ``day`` …; ``None`` if they differ."""

    @property
    def in_rows(self) -> bool:
        """Whether each period has a row with its words."""
        return len(self.bars) <= MOST_ROWS


def small_series(observations: Iterable[Observation]) -> SmallSeries | None:
    """The picture of an indicator's numbers, or ``None``: fewer than three, or only zeros.

    Where three or more periods are equally long, such as whole years, only these are drawn:
    a quarter beside a year says nothing about the trend.
    """
    drawn = [
        (o, o.interval)
        for o in observations
        if o.period and o.interval and isinstance(o.value, QualifiedNumber)
    ]
    lengths = Counter(o.period.length for o, _ in drawn if o.period)
    order = ["year", "season", "month", "day"]
    length = next((name for name in order if lengths[name] >= LEAST_PERIODS), None)
    if length:
        drawn = [(o, i) for o, i in drawn if o.period and o.period.length == length]
    ends = [end for _, i in drawn for end in (i.low, i.high) if end is not None]
    if len(drawn) < LEAST_PERIODS or not any(ends):
        return None
    low, high = min(Fraction(0), *ends), max(Fraction(0), *ends)
    span = (high - low) * Fraction(104, 100) or Fraction(1)
    if len(lengths) == 1 and not length:
        length = next(iter(lengths))
    return SmallSeries([_bar(o, interval, low, span) for o, interval in drawn], length)


def _bar(observation: Observation, interval: Interval, low: Fraction, span: Fraction) -> Bar:
    first = interval.low if interval.low is not None else Fraction(0)
    last = interval.high if interval.high is not None else max(first, Fraction(0))
    near = first if first >= 0 else min(last, Fraction(0))
    far = last if first >= 0 else first
    sure_start, rest_start = (0, near) if first >= 0 else (near, far)
    rest = abs(far - near) if first >= 0 or last <= 0 else last - first
    return Bar(
        observation,
        sure_start=_percent((sure_start - low) / span),
        sure=_percent(abs(near) / span),
        rest_start=_percent((rest_start - low) / span),
        rest=_percent(rest / span),
        end=_percent((max(last, first) - low) / span),
        is_open=interval.high is None,
    )


def _percent(part: Fraction) -> Decimal:
    """A part of the width with two decimals, the same on every machine."""
    return Decimal(round(part * 10_000)).scaleb(-2)
