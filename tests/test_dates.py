"""Dates and periods: the subset of EDTF that is read, with the ``edtf`` package as oracle."""

import re
import warnings
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.values.dates import DATE_HINT, date_hint, parse_period

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

repeatable = settings(derandomize=True, deadline=None, max_examples=40)
few = settings(repeatable, max_examples=15)


@cache
def oracle(text: str) -> tuple[date, date] | None:
    """First and last day by the ``edtf`` package; ``None`` where it refuses the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: Any = parse_edtf(text)
            low, high = found.lower_strict(), found.upper_strict()
            return date(*tuple(low)[:3]), date(*tuple(high)[:3])
        except (EDTFParseException, ValueError):
            return None


years = st.integers(1000, 9990).map(str)
months = st.tuples(years, st.integers(0, 13)).map(lambda ym: f"{ym[0]}-{ym[1]:02}")
days = st.tuples(months, st.integers(0, 31)).map(lambda md: f"{md[0]}-{md[1]:02}")
seasons = st.tuples(years, st.sampled_from([21, 22, 23])).map(lambda ys: f"{ys[0]}-{ys[1]}")
marked = st.tuples(st.one_of(years, months, days), st.sampled_from(["", "~"])).map("".join)
points = st.one_of(marked, seasons)


@given(points)
@repeatable
def test_a_date_covers_the_days_that_the_edtf_package_gives(text: str) -> None:
    expected = oracle(text)
    if expected is None:
        with pytest.raises(ValueError, match="not a date"):
            parse_period(text)
        return
    period = parse_period(text)
    assert (period.low, period.high) == expected
    assert period.start
    assert period.start.text == text


@given(points, points)
@few
def test_an_interval_covers_the_days_that_the_edtf_package_gives(first: str, second: str) -> None:
    start, end = oracle(first), oracle(second)
    if start is None or end is None or start[0] > end[0] or first == second:
        with pytest.raises(ValueError, match=r"not a date|ends before it starts|same date"):
            parse_period(f"{first}/{second}")
        return
    period = parse_period(f"{first}/{second}")
    assert (period.low, period.high) == (start[0], end[1])


@given(st.one_of(points, st.tuples(points, points).map("/".join), points.map(lambda p: p + "/..")))
@repeatable
def test_a_period_starts_before_it_ends_and_its_key_has_no_slash(text: str) -> None:
    try:
        period = parse_period(text)
    except ValueError:
        return
    assert period.low <= period.high
    assert "/" not in period.key
    assert period.text == text
    event = period.as_event()
    assert event.low is None or event.high is None or event.low <= event.high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2018-21", (2018, 3, 1), (2018, 5, 31)),
        ("2018-22", (2018, 6, 1), (2018, 8, 31)),
        ("2018-23", (2018, 9, 1), (2018, 11, 30)),
        ("2018-24", (2018, 12, 1), (2019, 2, 28)),
        ("2019-24", (2019, 12, 1), (2020, 2, 29)),
    ],
)
def test_seasons_are_three_months_and_winter_ends_in_the_next_year(
    text: str, low: tuple[int, int, int], high: tuple[int, int, int]
) -> None:
    period = parse_period(text)
    assert (period.low, period.high) == (date(*low), date(*high))
    assert period.start is not None
    assert period.start.precision == "season"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2018-03-29~", date(2018, 3, 28), date(2018, 3, 30)),
        ("2018-01~", date(2017, 12, 1), date(2018, 2, 28)),
        ("2018-03~", date(2018, 2, 1), date(2018, 4, 30)),
        ("2017-12~", date(2017, 11, 1), date(2018, 1, 31)),
        ("2018-22~", date(2018, 3, 1), date(2018, 11, 30)),
        ("2018-24~", date(2018, 9, 1), date(2019, 5, 31)),
        ("2018~", date(2017, 1, 1), date(2019, 12, 31)),
        ("2017-12-31~", date(2017, 12, 30), date(2018, 1, 1)),
        ("2018-03~/2018-05", date(2018, 2, 1), date(2018, 5, 31)),
        ("2018-03/2018-05~", date(2018, 3, 1), date(2018, 6, 30)),
        ("2018-03-29", date(2018, 3, 29), date(2018, 3, 29)),
    ],
)
def test_about_takes_in_the_one_before_and_the_one_after_by_the_calendar(
    text: str, before: date, after: date
) -> None:
    event = parse_period(text).as_event()
    assert event.low == before.toordinal()
    assert event.high == after.toordinal()


def test_an_open_end_of_an_event_is_unbounded() -> None:
    assert parse_period("2018/..").as_event().high is None
    assert parse_period("../2018").as_event().low is None
    assert parse_period("2018/..").key == "2018--.."


@pytest.mark.parametrize(("text", "valid"), [
    ("2020-02-29", True), ("2000-02-29", True), ("2019-02-29", False), ("1900-02-29", False),
])  # fmt: skip
def test_leap_days(text: str, valid: bool) -> None:
    if valid:
        assert parse_period(text).low == date.fromisoformat(text)
    else:
        with pytest.raises(ValueError, match="not a date"):
            parse_period(text)


@pytest.mark.parametrize(
    "text",
    ["2019/2018", "2018-09/2018-08", "2018-03-29/2018-03-28", "2018-22/2018-21", "2019~/2018"],
)
def test_an_interval_turned_round_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        parse_period(text)


@pytest.mark.parametrize("text", ["2018-08/2018-09", "2018/2018-05", "0004", "9996"])
def test_an_interval_within_one_year_and_the_outermost_years_are_read(text: str) -> None:
    assert parse_period(text).low <= parse_period(text).high


REFUSED = [
    "",
    "/",
    "..",
    "../..",
    "2018/",
    "/2018",
    "2018/2019/2020",
    "2018-",
    "2018-3",
    "2018-03-2",
    "2018-00",
    "2018-13",
    "2018-20",
    "2018-25",
    "2018-21-01",
    "2018-04-31",
    "2018-03-00",
    "18",
    "12018",
    "-2018",
    "2018?",
    "2018%",
    "201X",
    "2018s",
    "2018 ",
    " 2018",
    "2018\n",
    "2018/2019\n",
    "2018-03-29T10:00",
    "29.03.2018",
    "2018–2019",
    "2018‑03",
    "٢٠١٨",
    "２０１８",
    "201８",
    "2018-0٣",
    "२०१८",
    "2018\0",
    "2018" * 100_000,
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:24])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|no end that is known"):
        parse_period(text)


EDGES: list[Callable[[str], str]] = [
    lambda year: year,
    lambda year: f"{year}-01",
    lambda year: f"{year}-12~",
    lambda year: f"{year}-01-01~",
    lambda year: f"{year}-12-31~",
    lambda year: f"{year}-24",
    lambda year: f"{year}/..",
]


@pytest.mark.parametrize("year", ["0000", "0002", "0003", "9997", "9999"])
def test_years_at_the_end_of_the_calendar_are_refused_in_every_form(year: str) -> None:
    for form in EDGES:
        with pytest.raises(ValueError, match="not a date"):
            parse_period(form(year))


@pytest.mark.parametrize("year", ["0004", "9996"])
def test_the_outermost_years_allowed_can_be_widened(year: str) -> None:
    for form in EDGES:
        parse_period(form(year)).as_event()


@given(st.text(max_size=14))
@repeatable
def test_any_other_text_is_refused_with_a_value_error(text: str) -> None:
    try:
        parse_period(text)
    except ValueError:
        return
    assert re.fullmatch(r"[0-9./~-]+", text, re.ASCII)


NO_SUCH_DAY = "the calendar has no such day or month"


@pytest.mark.parametrize(("typed", "meant"), [
    ("5.12.2020", "2020-12-05"),  # a day first, as most write it,
    ("5/13/2020", "2020-05-13"),  # unless the other number is no month
    ("13.5.2020", "2020-05-13"),
    ("12.12.2020", "2020-12-12"),
    ("2020/3/5", "2020-03-05"),
    ("2020-3-5", "2020-03-05"),
    ("2020-13-05", "2020-05-13"),
    ("2020-13-12", "2020-12-13"),
    ("3.2020", "2020-03"),
    ("2020.3", "2020-03"),
    ("May 5th, 2020", "2020-05-05"),
    ("1st May 2020", "2020-05-01"),
    ("22nd of may 2020", "2020-05-22"),
    ("3rd sept 2020", "2020-09-03"),
    ("2020 December 31", "2020-12-31"),
    ("January 2020", "2020-01"),
    ("  MAY 2020. ", "2020-05"),
    ("20200505", "2020-05-05"),
    ("20200505T10:00", "2020-05-05"),
    ("2020-05-05T10:00", "2020-05-05"),
    ("Q2 2020", "2020-04/2020-06"),
    ("q1-2020", "2020-01/2020-03"),
    ("2020 Q4", "2020-10/2020-12"),
    ("2020-q3", "2020-07/2020-09"),
    ("2020q1", "2020-01/2020-03"),
    ("spring 2020", "2020-21"),
    ("Summer of 2020", "2020-22"),
    ("autumn 2020", "2020-23"),
    ("fall 2020", "2020-23"),
    ("winter 2020", "2020-24"),
    ("about 2020", "2020~"),
    ("around May 2020", "2020-05~"),
    ("circa  2020", "2020~"),
    ("ca. 2020", "2020~"),
    ("c. 2020", "2020~"),
    ("about 2019 to 2020", "2019/2020~"),
    ("2019–2020", "2019/2020"),
    ("2019-05-2020-06", "2019-05/2020-06"),
    ("2019 - 2020", "2019/2020"),
    ("2019 / 2020", "2019/2020"),
    ("May 2019 until June 2020", "2019-05/2020-06"),
    ("May to 2020", None),
    ("2019/20", "2019/2020"),
    ("1999/98", None),
    ("2019/21", None),
    ("2019-12/20", None),
    ("2019 to 2020 to 2021", None),
    ("Q5 2020", "2020-05"),
    ("q2", None),
    ("march of spring", None),
    ("5 May", None),
    ("May", None),
    ("2020", "2020"),
    ("2020.", "2020"),
    ("1.2.3.2020", None),
    ("31 February 2020", NO_SUCH_DAY),
    ("29.2.2019", NO_SUCH_DAY),
    ("0 May 2020", NO_SUCH_DAY),
    ("2020-00", NO_SUCH_DAY),
    ("2020-13", NO_SUCH_DAY),
    ("2020-14-13", NO_SUCH_DAY),
    ("2020-99", NO_SUCH_DAY),
    ("100 2020", None),
    ("2020-05-32", NO_SUCH_DAY),
])  # fmt: skip
def test_a_date_in_another_form_is_told_in_ours(typed: str, meant: str | None) -> None:
    hint = meant if meant == NO_SUCH_DAY else f'write "{meant}"' if meant else DATE_HINT
    assert date_hint(typed) == hint
