"""Dates and periods: a subset of the Extended Date/Time Format (EDTF, ISO 8601-2).

Read here: ``2018``, ``2018-03``, ``2018-03-29``, a season ``2018-22`` (21 spring to
24 winter), each with ``~`` for "about"; an interval ``2018-08/2018-09``; an open end
``2018/..`` or ``../2018``.

"About" takes in the one before and the one after of whatever is named, by the calendar:
about January 2018 is any day from 1 December 2017 to 28 February 2018, about 31 December
any day from the 30th to 1 January. Verdicts, days late and durations all count by this.
"""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from factsheet.values.interval import Interval

DATE_HINT = 'write "2018-12", "2018", "2018-12-31", or "2018-08/2018-09"'
"""The advice for a date that cannot be read."""

_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_MONTHS_BY_NAME = {name.lower()[:3]: number for number, name in enumerate(month_name) if name}
DASHES = re.compile("[\u2010-\u2015\u2212]")
"""Signs that are typed or copied in the place of a hyphen."""
_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(~?)")
_SEASON_FIRST_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}
_EARLIEST = date.min + timedelta(days=800)
_LATEST = date.max - timedelta(days=800)


@dataclass(frozen=True)
class Point:
    """One date to the precision given: first and last day that it covers."""

    text: str
    low: date
    high: date
    precision: str
    """``year``, ``season``, ``month`` or ``day``."""
    approximate: bool


@dataclass(frozen=True)
class Period:
    """A date or an interval of dates; an open end is ``None``."""

    text: str
    start: Point | None
    end: Point | None

    @property
    def is_interval(self) -> bool:
        """Whether two ends were written."""
        return "/" in self.text

    @property
    def low(self) -> date:
        """First day covered."""
        return self.start.low if self.start else _EARLIEST

    @property
    def high(self) -> date:
        """Last day covered."""
        return self.end.high if self.end else _LATEST

    @property
    def key(self) -> str:
        """The period as a part of an anchor or a file name."""
        return self.text.replace("/", "--")

    @property
    def length(self) -> str:
        """``year``, ``season``, ``month``, ``day`` or ``interval``."""
        return "interval" if self.is_interval or not self.start else self.start.precision

    def as_event(self) -> Interval:
        """The days, as ordinals, on which an event so dated may have happened.

        See ``first_day`` and ``last_day``.
        """
        first, last = self.first_day, self.last_day
        low = Fraction(first.toordinal()) if first else None
        return Interval(low, Fraction(last.toordinal()) if last else None)

    @property
    def first_day(self) -> date | None:
        """The first day that may be meant; ``None`` where the start is open."""
        if self.start is None:
            return None
        return _before(self.start) if self.start.approximate else self.start.low

    @property
    def last_day(self) -> date | None:
        """The last day that may be meant; ``None`` where the end is open."""
        if self.end is None:
            return None
        return _after(self.end) if self.end.approximate else self.end.high


def date_hint(text: str) -> str:
    """Advice for a text that is no date: the one that is likely meant, or what dates look like."""
    text = DASHES.sub("-", text.strip().lower()).removesuffix(".")
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", re.sub(r"t\d\d:.*", "", text))
    about = re.match(r"(?:about|around|circa|ca?\.?) +", text)
    text = text[about.end() :] if about else text
    season = re.fullmatch(r"(\d\d)(\d\d)/(\d\d)", text)
    if season and int(season[3]) == int(season[2]) + 1:
        text = f"{season[1]}{season[2]}/{season[1]}{season[3]}"
    ends = re.split(
        r" *(?:/| - | to | until )+ *|(?<=^\d{4}-\d\d)-(?=\d{4})|(?<=^\d{4})-(?=\d{4}$)", text
    )
    parts = [_meant(end) for end in ends] if len(ends) == 2 else [_meant(text)]
    meant = "/".join(parts) + ("~" if about else "")
    try:
        parse_period(meant)
    except ValueError:
        return DATE_HINT
    named = {int(number) for number in re.findall(r"\d+", text)}
    is_there = named <= {int(number) for number in re.findall(r"\d+", meant)} or "q" in text
    if is_there:
        return f'write "{meant}"'
    return "the calendar has no such day or month"


def _meant(text: str) -> str:
    """A date in the form read here, where the text has year, month and day in another."""
    if quarter := re.fullmatch(r"(?:(\d{4})[- ]?)?q([1-4])(?:[- ]?(\d{4}))?", text):
        year, last = quarter[1] or quarter[3], 3 * int(quarter[2])
        return f"{year}-{last - 2:02}/{year}-{last:02}"
    season = re.fullmatch(r"([a-z]+) (?:of )?(\d{4})", text)
    if season and season[1] in _SEASONS:
        return f"{season[2]}-{_SEASONS[season[1]]}"
    names = [word for word in re.findall(r"[a-z]{3,}", text) if word[:3] in _MONTHS_BY_NAME]
    numbers = re.findall(r"\d+", text)
    year = next((n for n in numbers if len(n) == 4), "")
    rest = [int(n) for n in numbers if n != year]
    if names:
        rest = [_MONTHS_BY_NAME[names[0][:3]], *rest]
    elif numbers and numbers[0] != year:
        rest.reverse()  # day.month.year
    if not year or len(rest) not in {1, 2} or max(rest) > 99:
        return text
    month, *day = rest
    if not names and day and month > 12 >= day[0]:
        month, day = day[0], [month]
    month = min(max(month, 1), 12)
    days = [min(max(one, 1), monthrange(int(year), month)[1]) for one in day]
    return "-".join([year, *(f"{one:02}" for one in (month, *days))])


_MONTHS = {"month": 1, "season": 3, "year": 12}


def _before(point: Point) -> date:
    """The first day of the day, month, season or year before."""
    if point.precision == "day":
        return point.low - timedelta(days=1)
    return _month_start(point.low, -_MONTHS[point.precision])


def _after(point: Point) -> date:
    """The last day of the day, month, season or year after."""
    if point.precision == "day":
        return point.high + timedelta(days=1)
    return _month_end(point.low, 2 * _MONTHS[point.precision])


@cache
def parse_period(text: str) -> Period:
    """Read an EDTF date or interval.

    Raises:
        ValueError: ``text`` is not in the subset, names an impossible day, or is an
            interval turned round; the message says which.
    """
    if "/" not in text:
        point = _point(text)
        return Period(text, point, point)
    first, _, second = text.partition("/")
    try:
        start = None if first == ".." else _point(first)
        end = None if second == ".." else _point(second)
    except ValueError:
        raise ValueError(f'"{text}" is not a date') from None
    if start is None and end is None:
        raise ValueError(f'period "{text}" has no end that is known')
    if first == second:
        raise ValueError(f'"{text}" has the same date at both ends')
    if start and end and start.low > end.low:
        raise ValueError(f'period "{text}" ends before it starts')
    return Period(text, start, end)


def _point(text: str) -> Point:
    match = _POINT.fullmatch(text)
    wrong = ValueError(f'"{text}" is not a date')
    if not match:
        raise wrong
    year, month, day = (int(part) if part else 0 for part in match.groups()[:3])
    if not _EARLIEST.year < year < _LATEST.year:
        raise wrong
    precision = "month" if match[2] else "year"
    if month in _SEASON_FIRST_MONTH and not match[3]:
        precision, month = "season", _SEASON_FIRST_MONTH[month]
    try:
        first = date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise wrong from None
    if match[3]:
        return Point(text, first, first, "day", match[4] == "~")
    return Point(text, first, _month_end(first, _MONTHS[precision]), precision, match[4] == "~")


def _month_end(first: date, months: int) -> date:
    return _month_start(first, months) - timedelta(days=1)


def _month_start(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
