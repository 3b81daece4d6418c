"""Interval arithmetic, agreement, and results stated in words that are true of them."""

import operator
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.values.interval import Interval
from factsheet.values.number import (
    NoWholeNumber,
    Number,
    QualifiedNumber,
    Qualifier,
    parse_number,
    plain,
    stated,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=50)
ends = st.fractions(-6, 6, max_denominator=4)
weights = st.fractions(0, 1, max_denominator=20)
SIGNS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
NUMBERS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@st.composite
def quantities(draw: st.DrawFn) -> Interval:
    """Any interval that holds a number: points, open, closed and infinite ends."""
    low, high = sorted([draw(ends), draw(ends)])
    if low == high:
        low_end, high_end = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
    else:
        low_end = draw(st.sampled_from([low, low, low, None]))
        high_end = draw(st.sampled_from([high, high, high, None]))
    point = low_end is not None and low_end == high_end
    return Interval(
        low_end,
        high_end,
        low_end is not None and not point and draw(st.booleans()),
        high_end is not None and not point and draw(st.booleans()),
    )


def holds(interval: Interval, number: Fraction) -> bool:
    above = interval.low is None or (
        number > interval.low if interval.low_open else number >= interval.low
    )
    below = interval.high is None or (
        number < interval.high if interval.high_open else number <= interval.high
    )
    return above and below


def samples(interval: Interval) -> list[Fraction]:
    """Numbers of the set: its ends where they belong to it, close to them, between, far out."""
    low, high = interval.low, interval.high
    if low is None:
        low = (high if high is not None else Fraction(0)) - 10**6
    if high is None:
        high = low + 2 * 10**6
    tiny = (high - low) / 10**15
    tries = [low, low + tiny, (low + high) / 2, low + (high - low) / 3, high - tiny, high]
    tries += [Fraction(n) for n in (-1, 0, 1)]
    return [number for number in tries if holds(interval, number)]


def between(interval: Interval, weight: Fraction) -> Fraction:
    low = interval.low if interval.low is not None else Fraction(-50)
    high = interval.high if interval.high is not None else Fraction(50)
    return low + (high - low) * weight


def end_values(interval: Interval) -> tuple[float | Fraction, float | Fraction]:
    return (
        -inf if interval.low is None else interval.low,
        inf if interval.high is None else interval.high,
    )


@pytest.mark.parametrize("sign", SIGNS)
@given(left=quantities(), right=quantities(), a=weights, b=weights)
@repeatable
def test_a_result_holds_every_result_of_its_members(
    sign: str, left: Interval, right: Interval, a: Fraction, b: Fraction
) -> None:
    if sign == "/" and holds(right, Fraction(0)):
        with pytest.raises(ZeroDivisionError):
            SIGNS[sign](left, right)
        return
    result = SIGNS[sign](left, right)
    ones = [*samples(left), *filter(lambda n: holds(left, n), [between(left, a)])]
    others = [*samples(right), *filter(lambda n: holds(right, n), [between(right, b)])]
    for one in ones:
        for other in others:
            assert holds(result, NUMBERS[sign](one, other)), (one, other, result)


@pytest.mark.parametrize("sign", SIGNS)
@given(left=quantities(), right=quantities())
@repeatable
def test_a_result_is_no_wider_than_the_results_of_its_members(
    sign: str, left: Interval, right: Interval
) -> None:
    if sign == "/" and holds(right, Fraction(0)):
        return
    result = SIGNS[sign](left, right)
    values = [NUMBERS[sign](one, other) for one in samples(left) for other in samples(right)]
    low, high = end_values(result)
    if result.low is None:
        assert min(values) < -(10**4)
    else:
        assert min(values) - low < Fraction(1, 100)
        assert result.low_open or low in values
    if result.high is None:
        assert max(values) > 10**4
    else:
        assert high - max(values) < Fraction(1, 100)
        assert result.high_open or high in values


@given(quantities())
@repeatable
def test_turning_the_sign_twice_changes_nothing(interval: Interval) -> None:
    turned = -interval
    assert -turned == interval


def written(text: str) -> Interval:
    """An interval as mathematics writes it: ``(0, 5]``."""
    low, high = (None if "inf" in end else Fraction(end) for end in text[1:-1].split(", "))
    is_open = [end is not None and sign in "()" for end, sign in ((low, text[0]), (high, text[-1]))]
    return Interval(low, high, *is_open)


@pytest.mark.parametrize(
    ("left", "sign", "right", "result"),
    [
        ("(0, 5]", "*", "[1, 2]", "(0, 10]"),
        ("(0, 5]", "*", "[0, 1]", "[0, 5]"),
        ("(0, 5)", "*", "[-2, -1]", "(-10, 0)"),
        ("[1, 1]", "/", "[2, inf)", "(0, 1/2]"),
        ("[1, 1]", "/", "(-inf, -2]", "[-1/2, 0)"),
        ("[1, 2]", "/", "(0, 4]", "[1/4, inf)"),
        ("[1, 2]", "/", "[-4, 0)", "(-inf, -1/4]"),
        ("[1, 2]", "+", "(3, inf)", "(4, inf)"),
        ("[1, 2)", "-", "[1, 3)", "(-2, 1)"),
    ],
)
def test_ends_that_are_only_approached_stay_open(
    left: str, sign: str, right: str, result: str
) -> None:
    assert SIGNS[sign](written(left), written(right)) == written(result)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("[0, 5)", "(1, 5]", "[0, 5]"),
        ("(0, 3)", "[0, 2)", "[0, 3)"),
        ("[1, 2]", "(5, inf)", "[1, inf)"),
        ("(-inf, 1)", "(-3, 1]", "(-inf, 1]"),
    ],
)
def test_what_holds_both_is_closed_where_one_of_them_is(one: str, other: str, both: str) -> None:
    assert written(one).hull(written(other)) == written(both)
    assert written(other).hull(written(one)) == written(both)


def test_zero_times_the_unbounded_is_zero() -> None:
    unbounded = Interval(None, None)
    assert Interval.point(0) * unbounded == Interval.point(0)
    assert Interval(Fraction(0), None) * Interval(Fraction(0), None) == Interval(Fraction(0), None)


def test_a_zero_that_is_left_out_stays_left_out() -> None:
    above = Interval(Fraction(0), Fraction(2), low_open=True)
    assert above * above == Interval(Fraction(0), Fraction(4), low_open=True)
    assert Interval.point(1) / above == Interval(Fraction(1, 2), None)


@given(quantities(), quantities())
@repeatable
def test_agreement_is_the_same_from_either_side(one: Interval, other: Interval) -> None:
    assert one.meets(other) == other.meets(one)
    assert one.meets(one)


@given(quantities(), quantities())
@repeatable
def test_two_agree_where_some_number_is_in_both(one: Interval, other: Interval) -> None:
    candidates = {n for q in (one, other) for n in (q.low, q.high) if n is not None}
    ordered = sorted(candidates)
    inner = [(a + b) / 2 for a, b in pairwise(ordered)]
    outer = [min(ordered) - 1, max(ordered) + 1] if ordered else [Fraction(0)]
    common = any(holds(one, n) and holds(other, n) for n in [*candidates, *inner, *outer])
    assert one.meets(other) is common


@given(quantities(), quantities())
@repeatable
def test_below_means_every_number_is_less(one: Interval, other: Interval) -> None:
    if one.is_below(other):
        assert all(a < b for a in samples(one) for b in samples(other))
        assert not other.is_below(one)


@given(quantities(), quantities())
@repeatable
def test_within_means_no_number_is_outside(one: Interval, other: Interval) -> None:
    probes = samples(one)
    if one.low is None:
        probes.append(Fraction(-(10**9)))
    if one.high is None:
        probes.append(Fraction(10**9))
    assert one.is_within(other) is all(holds(other, n) for n in probes)


@given(quantities(), quantities(), quantities())
@repeatable
def test_within_is_passed_on(one: Interval, other: Interval, third: Interval) -> None:
    assert one.is_within(one)
    if one.is_within(other) and other.is_within(third):
        assert one.is_within(third)


@given(quantities())
@repeatable
def test_whole_numbers_are_the_first_and_last_in_the_set(interval: Interval) -> None:
    least, greatest = interval.whole_numbers()
    assert (least is None) == (interval.low is None)
    assert (greatest is None) == (interval.high is None)
    whole = [n for n in range(-30, 31) if holds(interval, Fraction(n))]
    if least is not None and greatest is not None:
        assert whole == list(range(least, greatest + 1))
    elif least is not None:
        assert whole[0] == least
    elif greatest is not None:
        assert whole[-1] == greatest


steps = st.sampled_from([None, Fraction(1), Fraction(1, 10), Fraction(1, 4), Fraction(50)])
decimal_ends = st.decimals(-2000, 2000, places=2, allow_nan=False).map(Fraction)


@st.composite
def results(draw: st.DrawFn) -> Interval:
    """What a formula may give: decimal ends, so that no step is needed."""
    low, high = sorted([draw(decimal_ends), draw(decimal_ends)])
    if low == high:
        return Interval.point(low)
    drawn = draw(st.sampled_from([(low, high), (low, high), (low, None), (None, high)]))
    low_open = drawn[0] is not None and draw(st.booleans())
    return Interval(*drawn, low_open, drawn[1] is not None and draw(st.booleans()))


def covers(amount: QualifiedNumber, step: Fraction | None, calculated: Interval) -> bool:
    """Whether the amount is true of all that was calculated, rounding understood."""
    said = amount.interval()
    if amount.qualifier in {Qualifier.EXACTLY, Qualifier.ABOUT} and step:
        half = step / 2
        assert said.low is not None
        assert said.high is not None
        factor = Fraction(21, 20) if amount.qualifier == Qualifier.ABOUT else Fraction(1)
        said = Interval(said.low - half * factor, said.high + half * factor)
    return calculated.is_within(said)


def only_whole(interval: Interval) -> Interval:
    least, greatest = interval.whole_numbers()
    return Interval(
        None if least is None else Fraction(least), None if greatest is None else Fraction(greatest)
    )


@given(results(), steps, st.booleans())
@repeatable
def test_what_is_stated_covers_what_was_calculated(
    calculated: Interval, step: Fraction | None, whole: bool
) -> None:
    try:
        said = stated(calculated, step, whole)
    except ValueError:
        assert whole
        assert step is None
        assert calculated.is_point
        return
    least, greatest = calculated.whole_numbers()
    if isinstance(said, NoWholeNumber):
        assert whole
        assert least is not None
        assert greatest is not None
        assert least > greatest
        assert calculated.is_within(Interval(said.low.value, said.high.value))
        return
    possible = only_whole(calculated) if whole and not calculated.is_point else calculated
    assert covers(said, step, possible)


@given(results(), steps.filter(bool))
@repeatable
def test_bounds_are_rounded_outward_by_less_than_a_step(
    calculated: Interval, step: Fraction
) -> None:
    said = stated(calculated, step, whole=False)
    assert isinstance(said, QualifiedNumber)
    for end, bound in (
        (calculated.low, said.number if calculated.high is None else None),
        (calculated.high, said.number if calculated.low is None else None),
        (calculated.high, said.high),
    ):
        if end is not None and bound is not None:
            assert abs(bound.value - end) < step
            assert (bound.value / step).denominator == 1


@pytest.mark.parametrize(
    ("share", "qualifier"),
    [(Qualifier.MORE_THAN, Qualifier.MORE_THAN), (Qualifier.AT_LEAST, Qualifier.AT_LEAST)],
)
def test_95_percent_of_more_than_1000_is_more_than_950(
    share: Qualifier, qualifier: Qualifier
) -> None:
    printed = QualifiedNumber(parse_number("1,000"), share)
    result = stated(printed.interval() * Interval.point(Fraction(95, 100)), None, whole=True)
    assert isinstance(result, QualifiedNumber)
    assert result.qualifier == qualifier
    assert plain(result.number) == "950"


def test_a_quotient_may_have_no_whole_number() -> None:
    rate = Interval(Fraction("32.35"), Fraction("32.45"), high_open=True)
    result = stated(Interval.point(969) / rate, Fraction(1, 10), whole=True)
    assert isinstance(result, NoWholeNumber)
    assert (plain(result.low), plain(result.high)) == ("29.8", "30")


def test_the_bounds_of_what_has_no_whole_number_are_rounded_outward() -> None:
    result = stated(written("[2.37, 2.61]"), Fraction(1, 10), whole=True)
    assert isinstance(result, NoWholeNumber)
    assert (plain(result.low), plain(result.high)) == ("2.3", "2.7")


def test_a_quotient_may_have_exactly_one_whole_number() -> None:
    rate = Interval(Fraction("32.35"), Fraction("32.45"), high_open=True) + Interval.point(1)
    result = stated(Interval.point(969) / rate, None, whole=True)
    assert isinstance(result, QualifiedNumber)
    assert result.qualifier == Qualifier.EXACTLY
    assert plain(result.number) == "29"


@pytest.mark.parametrize(
    ("value", "step", "said"),
    [
        ("0.25", "0.1", "0.3"),
        ("0.24999", "0.1", "0.2"),
        ("-0.25", "0.1", "-0.3"),
        ("2.5", "1", "3"),
        ("125", "50", "150"),
        ("1234567", "1000", "1235000"),
    ],
)
def test_a_single_number_is_rounded_half_up(value: str, step: str, said: str) -> None:
    result = stated(Interval.point(Fraction(value)), Fraction(step), whole=False)
    assert isinstance(result, QualifiedNumber)
    assert plain(result.number) == said


def test_a_bound_a_hair_above_a_step_is_still_rounded_outward() -> None:
    hair = Fraction(1, 10**80)
    result = stated(Interval(None, 3 + hair), Fraction(1), whole=False)
    assert isinstance(result, QualifiedNumber)
    assert result.number.value == 4


NO_STEP = "a result cannot be rounded to steps of zero or less"


@pytest.mark.parametrize(
    ("interval", "step", "what"),
    [
        (Interval(None, None), None, "the result can be any number"),
        (Interval.point(Fraction(1, 3)), None, "the result has no end of decimals"),
        (Interval.point(10**30 + 1), None, "the result has more digits than any figure needs"),
        (Interval.point(1), Fraction(0), NO_STEP),
        (Interval.point(1), Fraction(-1), NO_STEP),
    ],
)
def test_a_result_that_cannot_be_stated_is_refused(
    interval: Interval, step: Fraction | None, what: str
) -> None:
    with pytest.raises(ValueError, match=f"^{what}$"):
        stated(interval, step, whole=False)


@pytest.mark.parametrize(
    ("interval", "step", "said", "floor"),
    [
        # Both ends come to the same once rounded: the one number, and its least value.
        ("[5.2, 5.4]", "1", "exactly 5", 0),
        ("[4.6, 4.9]", "1", "exactly 5", 0),
        ("[4.6, 5.4)", "1", "exactly 5", 0),
        ("[-5.4, -5.2]", "1", "exactly -5", None),
        # Else each bound is rounded outward.
        ("[5.2, 5.6]", "1", "range 5 to 6", 0),
        ("[-5.6, -5.2]", "1", "range -6 to -5", None),
        ("[-1, 5]", None, "range -1 to 5", None),
        ("[5.2, inf)", "1", "at least 5", 0),
        ("(5.2, inf)", "1", "more than 5", 0),
        ("[-5.2, inf)", "1", "at least -6", None),
        ("(inf, 5.2]", "1", "at most 6", None),
        ("[0, 5.2]", "1", "at most 6", 0),
        ("[0, 5.2)", "1", "less than 6", 0),
        ("[5, 5]", None, "exactly 5", 0),
        ("[-5, -5]", None, "exactly -5", None),
        ("[0, 0]", None, "exactly 0", 0),
    ],
)
def test_a_set_is_stated_with_the_least_value_that_it_can_have(
    interval: str, step: str | None, said: str, floor: int | None
) -> None:
    found = stated(written(interval), Fraction(step) if step else None, whole=False)
    assert isinstance(found, QualifiedNumber)
    high = f" to {plain(found.high)}" if found.high else ""
    assert f"{found.qualifier} {plain(found.number)}{high}" == said
    assert found.floor == floor


def test_a_number_is_equal_to_nothing_but_a_number() -> None:
    number = parse_number("5")
    assert number != "5"
    assert QualifiedNumber(number) != number
    assert QualifiedNumber(number) == QualifiedNumber(parse_number("5.0"))


def test_about_a_rounded_number_is_no_narrower_than_the_rounding() -> None:
    about = QualifiedNumber(parse_number("2"), Qualifier.ABOUT, rounded=True)
    assert about.interval() == written("[1.5, 2.5]")


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "low_open", "high_open"),
    [
        (Qualifier.EXACTLY, 1000, 1000, False, False),
        (Qualifier.ABOUT, 950, 1050, False, False),
        (Qualifier.MORE_THAN, 1000, None, True, False),
        (Qualifier.AT_LEAST, 1000, None, False, False),
        (Qualifier.NEARLY, 900, 1000, False, True),
        (Qualifier.UP_TO, 0, 1000, False, False),
        (Qualifier.AT_MOST, 0, 1000, False, False),
        (Qualifier.LESS_THAN, 0, 1000, False, True),
    ],
)
def test_each_qualifier_means_the_set_of_the_conventions(
    qualifier: Qualifier, low: int, high: int | None, low_open: bool, high_open: bool
) -> None:
    expected = Interval(
        Fraction(low), None if high is None else Fraction(high), low_open, high_open
    )
    assert QualifiedNumber(parse_number("1,000"), qualifier).interval() == expected


def test_a_range_holds_both_its_ends() -> None:
    amount = QualifiedNumber(parse_number("10"), Qualifier.RANGE, parse_number("12"))
    assert amount.interval() == Interval(Fraction(10), Fraction(12))


def test_a_rate_may_fall_below_zero() -> None:
    amount = QualifiedNumber(parse_number("5"), Qualifier.LESS_THAN, floor=None)
    assert amount.interval() == Interval(None, Fraction(5), high_open=True)
    assert QualifiedNumber(parse_number("-4"), Qualifier.ABOUT, floor=None).interval() == Interval(
        Fraction("-4.2"), Fraction("-3.8")
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("14.1 million", 14_050_000, 14_150_000),
        ("14.10 million", 14_095_000, 14_105_000),
        ("31.5", Fraction("31.45"), Fraction("31.55")),
        ("10,000", Fraction("9999.5"), Fraction("10000.5")),
    ],
)
def test_rounded_is_half_of_the_last_digit_printed(
    text: str, low: Fraction | int, high: Fraction | int
) -> None:
    amount = QualifiedNumber(parse_number(text), rounded=True)
    assert amount.interval() == Interval(Fraction(low), Fraction(high), high_open=True)


def test_a_rounded_value_agrees_with_the_exact_one_and_a_bound_disagrees_with_less() -> None:
    rounded = QualifiedNumber(parse_number("14.1 million"), rounded=True).interval()
    assert rounded.meets(QualifiedNumber(parse_number("14.08 million")).interval())
    more = QualifiedNumber(parse_number("1,000"), Qualifier.MORE_THAN).interval()
    assert not more.meets(Interval.point(969))
    assert not more.meets(Interval.point(1000))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("969", 969),
        ("1,000", 1000),
        ("12,345,678", 12_345_678),
        ("0", 0),
        ("0.5", Fraction(1, 2)),
        ("-4.5", Fraction(-9, 2)),
        ("−4.5", Fraction(-9, 2)),
        ("14.08 million", 14_080_000),
        ("2 thousand", 2000),
        ("1.5 billion", 1_500_000_000),
        (" 7 ", 7),
    ],
)
def test_numbers_are_read_as_printed(text: str, value: Fraction | int) -> None:
    assert parse_number(text).value == value


@given(
    st.integers(-(10**14), 10**14), st.integers(0, 8), st.sampled_from([0, 3, 6, 9]), st.booleans()
)
@repeatable
def test_a_number_written_and_read_is_the_same_number(
    digits: int, places: int, power: int, commas: bool
) -> None:
    whole, part = divmod(abs(digits), 10**places)
    text = f"{whole:,}" if commas else str(whole)
    text = ("-" if digits < 0 else "") + text + (f".{part:0{places}}" if places else "")
    text += {0: "", 3: " thousand", 6: " million", 9: " billion"}[power]
    number = parse_number(text)
    assert number.value == Fraction(digits, 10**places) * 10**power
    assert number.step == Fraction(10) ** (power - places)
    assert parse_number(plain(number)).value == number.value


REFUSED = [
    "",
    " ",
    "1e9",
    "1E9",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1,00",
    "14,08",
    "10,00,000",
    "1,0000",
    ",100",
    "0,125",
    "000,969",
    "007",
    "1.",
    ".5",
    "1.2.3",
    "1.000,5",
    "1,000.",
    "--1",
    "+5",
    "- 5",
    "0x10",
    "1_000",
    "1/2",
    "½",
    "5%",
    "$5",
    "1 000",
    "1\N{NO-BREAK SPACE}000",
    "5 milion",
    "5million",
    "5  million",
    "5 million million",
    "٩٦٩",
    "969٠",
    "９６９",
    "१२",
    "²",
    "1\n000",
    "1,\n000",
    "9" * 31,
    "9" * 1_000_000,
    "0." + "0" * 40 + "1",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:20])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|scale|digits") as caught:
        parse_number(text)
    if len(text) > 100:
        assert len(str(caught.value)) < 200


@given(st.text(max_size=12))
@repeatable
def test_any_other_text_is_refused_with_a_value_error(text: str) -> None:
    try:
        number = parse_number(text)
    except ValueError:
        return
    assert isinstance(number, Number)
    assert text.strip().isascii() or text.strip().startswith("−")


@pytest.mark.parametrize(
    ("measured", "step", "whole", "said"),
    [
        # "about" a part of a whole thing is no number of things
        (("2.375", "2.625"), None, True, "no whole number"),
        (("9.975", "11.025"), None, True, "10 to 11"),
        (("4.75", "5.25"), None, True, "about 5"),
        (("2.375", "2.625"), None, False, "about 2.5"),
        # a middle that is rounded must not lose an end: 0.3761 is about 0.38, but reaches lower
        (("0.357295", "0.394905"), "0.01", False, "0.35 to 0.4"),
        (("0.0952", "0.1053"), "0.01", False, "0.09 to 0.11"),
        (("1.69098", "1.86898"), "0.001", False, "1.69 to 1.869"),
        (("0.361", "0.399"), "0.01", False, "about 0.38"),
    ],
)
def test_about_is_said_only_where_it_covers_all_that_was_calculated(
    measured: tuple[str, str], step: str | None, whole: bool, said: str
) -> None:
    low, high = map(Fraction, measured)
    result = stated(Interval(low, high), Fraction(step) if step else None, whole)
    assert in_words(result) == said
    if isinstance(result, QualifiedNumber) and not whole:
        assert Interval(low, high).is_within(result.interval())


def in_words(value: QualifiedNumber | NoWholeNumber) -> str:
    if isinstance(value, NoWholeNumber):
        return "no whole number"
    if value.high:
        return f"{plain(value.number)} to {plain(value.high)}"
    return f"{value.qualifier} {plain(value.number)}".removeprefix("exactly ")


@pytest.mark.parametrize(
    ("qualifier", "floor", "expected"),
    [
        (Qualifier.AT_MOST, Fraction(0), Interval.point(0)),
        (Qualifier.UP_TO, Fraction(0), Interval.point(0)),
        (Qualifier.AT_MOST, None, Interval(None, Fraction(0))),
        (Qualifier.LESS_THAN, None, Interval(None, Fraction(0), high_open=True)),
        (Qualifier.AT_LEAST, Fraction(0), Interval(Fraction(0), None)),
    ],
)
def test_bounds_of_nought_stop_at_the_least_that_can_be(
    qualifier: Qualifier, floor: Fraction | None, expected: Interval
) -> None:
    assert QualifiedNumber(parse_number("0"), qualifier, floor=floor).interval() == expected


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("1,000", "1 thousand", True),
        ("1.5 million", "1,500,000", True),
        ("1.50 million", "1.5 million", True),
        ("1,000", "1 million", False),
        ("0.5", "0.50", True),
    ],
)
def test_equal_numbers_are_equal_however_they_are_written(
    one: str, other: str, equal: bool
) -> None:
    first, second = parse_number(one), parse_number(other)
    assert (first == second) is equal
    assert (len({first, second}) == 1) is equal
    printed = {QualifiedNumber(first, Qualifier.ABOUT), QualifiedNumber(second, Qualifier.ABOUT)}
    assert (len(printed) == 1) is equal
    assert QualifiedNumber(first) != QualifiedNumber(second, Qualifier.ABOUT)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("14 million", "14.0 million", False),
        ("1,000", "1 thousand", False),
        ("14.0 million", "14.0 million", True),
    ],
)
def test_rounded_numbers_are_equal_only_if_rounded_to_the_same_digit(
    one: str, other: str, equal: bool
) -> None:
    first, second = (QualifiedNumber(parse_number(text), rounded=True) for text in (one, other))
    assert (first == second) is equal
    assert (first.interval() == second.interval()) is equal


@pytest.mark.parametrize(
    ("calculated", "step", "whole", "said"),
    [
        ("[0, 0]", None, False, "0"),
        ("[95, 105]", None, False, "about 100"),
        ("(95, 105]", None, False, "95 to 105"),
        ("[95, 105)", None, False, "95 to 105"),
        # of whole things, an end between two of them is drawn in
        ("(-inf, 10.5]", None, True, "at most 10"),
        ("(-inf, 10)", None, True, "less than 10"),
        ("[10.5, inf)", None, True, "at least 11"),
        ("(10, inf)", None, True, "more than 10"),
        # less than a step
        ("[0.06, 0.06]", "0.1", False, "0.1"),
        ("[0.04, 0.04]", "0.1", False, "0"),
        ("[-0.06, -0.06]", "0.1", False, "-0.1"),
    ],
)
def test_what_is_stated_in_words(calculated: str, step: str | None, whole: bool, said: str) -> None:
    result = stated(written(calculated), Fraction(step) if step else None, whole)
    assert isinstance(result, QualifiedNumber)
    plainly = result.qualifier in {Qualifier.EXACTLY, Qualifier.RANGE}
    words = [*([] if plainly else [result.qualifier]), plain(result.number)]
    assert " ".join([*words, *(["to", plain(result.high)] if result.high else [])]) == said


def test_a_result_says_why_it_cannot_be_stated() -> None:
    assert plain(whole_of(10**23 + 1)) == "1" + 22 * "0" + "1"
    with pytest.raises(ValueError, match=r"^the result has more digits than any figure needs$"):
        whole_of(10**24 + 1)
    with pytest.raises(ValueError, match=r"^the result has no end of decimals$"):
        whole_of(Fraction(1, 3))


def whole_of(value: Fraction | int) -> Number:
    result = stated(Interval.point(value), None, whole=False)
    assert isinstance(result, QualifiedNumber)
    return result.number


@pytest.mark.parametrize(
    ("value", "mantissa", "power"),
    [
        (999_999, "999999", 0),
        (1_000_000, "1", 6),
        (1_234_000, "1.234", 6),
        (1_234_500, "1234500", 0),  # in millions it would have four decimals
        (-1_500_000, "-1.5", 6),
        (999_000_000, "999", 6),
        (1_000_000_000, "1", 9),
        (1_234_500_000, "1234.5", 6),
        (2_500_000_000, "2.5", 9),
    ],
)
def test_large_results_have_a_scale_word_where_three_decimals_are_enough(
    value: int, mantissa: str, power: int
) -> None:
    number = whole_of(value)
    assert (f"{number.mantissa:f}", number.power) == (mantissa, power)


@pytest.mark.parametrize(
    "calculated",
    ["[0, 5]", "[0, 5)", "(-inf, 5]", "(-inf, 5)", "[2, inf)", "(2, inf)", "[2, 5]", "[-2, 5]"],
)
def test_what_is_stated_stands_for_what_was_calculated(calculated: str) -> None:
    result = stated(written(calculated), None, whole=False)
    assert isinstance(result, QualifiedNumber)
    assert result.interval() == written(calculated)
