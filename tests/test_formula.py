"""The formula language: exact results, units that must fit, and nothing else let in."""

import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.values.formula import DATE, DAY, MAX_BITS, FormulaError, Term, parse, sourceless
from factsheet.values.interval import Interval
from factsheet.values.number import MAX_DIGITS

repeatable = settings(derandomize=True, deadline=None, max_examples=60)


def point(value: str | int, unit: str | None = None) -> Term:
    return Term(Interval.point(Fraction(value)), unit)


def interval(
    low: str | None, high: str | None, unit: str | None = None, *, open_ends: bool = False
) -> Term:
    lowest, highest = (None if end is None else Fraction(end) for end in (low, high))
    low_open, high_open = (open_ends and end is not None for end in (low, high))
    return Term(Interval(lowest, highest, low_open, high_open), unit)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a / b", Fraction(969, 311)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("a - b - 1", Fraction(657)),
        ("a - (b - 1)", Fraction(659)),
        ("2 + 3 * 4", Fraction(14)),
        ("(2 + 3) * 4", Fraction(20)),
        ("a / b / 3", Fraction(323, 311)),
        ("-a + -(-b)", Fraction(-658)),
        ("1.50 * 2", Fraction(3)),
        ("10 / 4", Fraction(5, 2)),
        ("(a +\n b)", Fraction(1280)),
        ("  a  ", Fraction(969)),
        ("0.1234567890123456789 * 1", Fraction(1234567890123456789, 10**19)),
        ("95 * percent * 1000", Fraction(950)),
        ("percent", Fraction(1, 100)),
    ],
)
def test_results_are_exact_fractions(text: str, result: Fraction) -> None:
    found = parse(text).value({"a": point(969), "b": point(311)})
    assert found.interval == Interval.point(result)


def test_names_are_listed_once_in_the_order_of_use_and_percent_is_none_of_them() -> None:
    assert parse("b / a * b * percent").names == ("b", "a")


def test_open_ends_are_carried_through() -> None:
    more = interval("1000", None, "car", open_ends=True)
    found = parse("0.95 * made").value({"made": more})
    assert found.interval == Interval(Fraction(950), None, low_open=True)


@pytest.mark.parametrize("text", ["a + b", "a - b", "b - a", "a + a * 1 - b"])
def test_only_figures_in_one_unit_are_added(text: str) -> None:
    with pytest.raises(FormulaError, match="units do not fit") as caught:
        parse(text).value({"a": point(1, "car"), "b": point(1, "USD")})
    assert caught.value.hint


@pytest.mark.parametrize("text", ["a < b", "a == b", "a >= b + b"])
def test_only_figures_in_one_unit_are_compared(text: str) -> None:
    with pytest.raises(FormulaError, match="units do not fit"):
        parse(text, rule=True).holds({"a": point(1, "car"), "b": point(1, "USD")})


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("a + a", "car"),
        ("-a", "car"),
        ("a + 1", "car"),
        ("a / b", None),
        ("a / a", None),
        ("2", None),
    ],
)
def test_the_unit_of_a_result(text: str, unit: str | None) -> None:
    assert parse(text).value({"a": point(4, "car"), "b": point(2, "USD")}).unit == unit


def test_the_difference_of_two_dates_is_in_days() -> None:
    found = parse("b - a").value({"a": point(737000, DATE), "b": point(737030, DATE)})
    assert found == Term(Interval.point(30), DAY)


@pytest.mark.parametrize(
    "divisor",
    [
        point(0),
        interval("-1", "1"),
        interval("0", "1"),
        interval("-1", "0"),
        interval("0", None),
        interval(None, None),
    ],
)
def test_a_divisor_that_may_be_zero_is_refused(divisor: Term) -> None:
    with pytest.raises(FormulaError, match="division by zero") as caught:
        parse("1 / a").value({"a": divisor})
    assert caught.value.hint


def test_a_divisor_that_only_comes_close_to_zero_divides() -> None:
    found = parse("1 / a").value({"a": interval("0", "2", open_ends=True)})
    assert found.interval == Interval(Fraction(1, 2), None, low_open=True)


@pytest.mark.parametrize("text", ["1 / 0", "a / (a - a)", "1 / (1 - 100 * percent)"])
def test_division_by_a_zero_that_comes_out_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="division by zero"):
        parse(text).value({"a": point(3)})


SIGNS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
QUARTERS = [Fraction(n, 4) for n in range(-8, 33)]


@st.composite
def sides(draw: st.DrawFn) -> Interval:
    """Intervals with whole ends between 0 and 6; quarters are samples enough."""
    low, high = sorted([draw(st.integers(0, 6)), draw(st.integers(0, 6))])
    if low == high:
        return Interval.point(low)
    ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
    lowest, highest = (None if end is None else Fraction(end) for end in ends)
    low_open, high_open = (end is not None and draw(st.booleans()) for end in ends)
    return Interval(lowest, highest, low_open, high_open)


def members(interval: Interval) -> list[Fraction]:
    return [n for n in QUARTERS if Interval.point(n).is_within(interval)]


@pytest.mark.parametrize("sign", SIGNS)
@given(left=sides(), right=sides())
@repeatable
def test_a_rule_is_true_or_false_only_where_no_member_says_otherwise(
    sign: str, left: Interval, right: Interval
) -> None:
    seen = {SIGNS[sign](a, b) for a, b in product(members(left), members(right))}
    expected = seen.pop() if len(seen) == 1 else None
    assert parse(f"a {sign} b", rule=True).holds({"a": Term(left), "b": Term(right)}) is expected


def test_a_rule_may_calculate_on_both_sides() -> None:
    rule = parse("a + b <= 2 * c", rule=True)
    assert rule.names == ("a", "b", "c")
    assert rule.holds({"a": point(1), "b": point(1), "c": point(1)}) is True


REFUSED = [
    "",
    " ",
    "a.b",
    "a.__class__",
    "().__class__.__bases__[0]",
    "f()",
    "f(a)",
    "__import__('os').system('x')",
    "[a for a in b]",
    "(a for a in b)",
    "{a: b}",
    "{a}",
    "[a]",
    "(a, b)",
    "a[0]",
    "lambda: 1",
    "a ** 2",
    "9 ** 9 ** 9",
    "a % b",
    "a // b",
    "a @ b",
    "a << 99999",
    "a | b",
    "a & b",
    "a ^ b",
    "~a",
    "+a",
    "not a",
    "a and b",
    "a or b",
    "a if b else c",
    "(a := 1)",
    "a = 1",
    "a; b",
    "'a'",
    "'a' * 999999999",
    'f"{a}"',
    'b"a"',
    "True",
    "False",
    "None",
    "...",
    "1e3",
    "1e999",
    "1j",
    "1_000",
    "0x10",
    "0b1",
    "007",
    "1.2.3",
    "1,000",
    "9" * 31,
    "a b",
    "2a",
    "a +",
    "* a",
    "(a",
    "a)",
    "a < b",
    "await a",
    "yield",
    "import os",
    "*a",
    "a\nb",
    "a\0",
    "\ud800",
    "٣ + 1",
    "３ + 1",
    "a − b",
    "a × b",
    "a ÷ b",
    "½",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:24])
def test_what_is_no_formula_is_refused_with_advice(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a + b",
        "a < b < c",
        "a != b",
        "a is b",
        "a in b",
        "a not in b",
        "a <= (b <= c)",
        "(a < b) + 1 < c",
        "a = b",
        "a =< b",
        "a ≤ b",
        "a < 'b'",
        "a < b and b < c",
        "not a < b",
        "a < f(b)",
        "a.x < b",
        "a < 1e999",
        "a < True",
    ],
)
def test_what_is_no_rule_is_refused_with_advice(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, rule=True)
    assert caught.value.hint


LONG = [
    "(" * 10_000,
    "(" * 10_000 + "1" + ")" * 10_000,
    "-" * 5_000 + "1",
    "- " * 5_000 + "1",
    "1+" * 5_000 + "1",
    "a" * 1_000_000,
    "[" * 150,
    "not " * 49 + "a",
    "1" * 199,
    "a." * 99 + "a",
    "f(" * 99,
    "lambda:" * 28 + "1",
    "'" * 200,
    "\\" * 200,
    "#" * 200,
]


@pytest.mark.parametrize("rule", [False, True])
@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_and_deep_input_is_refused_at_once(text: str, rule: bool) -> None:
    started = time.process_time()
    with pytest.raises(FormulaError) as caught:
        parse(text, rule=rule)
    assert time.process_time() - started < 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ["-" * 199 + "1", "1+" * 99 + "1", "(" * 60 + "1" + ")" * 60])
def test_what_is_deep_but_within_the_length_is_calculated(text: str) -> None:
    assert parse(text).value({}).interval.is_point


@given(st.text("abpercnt01.9+-*/()<=> \"'[]{},:_eEjx\\#\n", max_size=24), st.booleans())
@repeatable
def test_any_text_is_read_or_refused_with_a_formula_error(text: str, rule: bool) -> None:
    with suppress(FormulaError):
        formula = parse(text, rule=rule)
        terms = {name: point(2) for name in formula.names}
        assert formula.holds(terms) in {True, False} if rule else formula.value(terms)


ALLOWED = "use names, numbers, + - * / and brackets"
DATES = (
    "a date can only be compared with a date, or subtracted from one",
    "subtract one date from the other first",
)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("a" * 201, "a formula of more than 200 characters", "split it in two"),
        ("if + a", '"if" is a reserved word', "give the input another name"),
        ("a +", '"a +" is not a formula', ALLOWED),
        ("a ** 2", '"a ** 2" does not belong in a formula', ALLOWED),
        ("a + b ** 2", '"b ** 2" does not belong in a formula', ALLOWED),
        ("b ** 2 + a", '"b ** 2" does not belong in a formula', ALLOWED),
        ("-(a // b)", '"a // b" does not belong in a formula', ALLOWED),
        ("+a", '"+a" does not belong in a formula', ALLOWED),
        (" max(a) ", '"max(a)" does not belong in a formula', ALLOWED),
        ("a + 1e5", '"1e5" is not a plain number', "write digits, such as 0.95"),
        ("1_000", '"1_000" is not a plain number', "write digits, such as 0.95"),
        ("9" * 50, f'"{"9" * 40}" is not a plain number', "write digits, such as 0.95"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_part_and_a_hint(
    text: str, what: str, hint: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (str(caught.value), caught.value.hint) == (what, hint)


def test_the_longest_that_is_read() -> None:
    assert parse("a" * 200).names == ("a" * 200,)
    assert parse("9" * MAX_DIGITS).value({}).interval == Interval.point(
        Fraction(10**MAX_DIGITS - 1)
    )
    with pytest.raises(FormulaError):
        parse("9" * (MAX_DIGITS + 1))


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("a <", '"a <" is not a formula', "write one comparison with <, <=, ==, >= or >"),
        ("a", '"a" is not a rule', 'write one comparison: "a <= b"'),
        ("a < b < c", '"a < b < c" is not a rule', 'write one comparison: "a <= b"'),
        ("a != b", '"a != b" is not a rule', "compare with <, <=, ==, >= or >"),
        (
            "a <= b ** 2",
            '"b ** 2" does not belong in a formula',
            "write one comparison with <, <=, ==, >= or >",
        ),
    ],
)
def test_what_is_no_rule_is_refused_with_a_hint(text: str, what: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, rule=True)
    assert (str(caught.value), caught.value.hint) == (what, hint)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("a + day", *DATES),
        ("day + a", *DATES),
        ("day - a", *DATES),
        ("day * 2", *DATES),
        ("2 * day", *DATES),
        ("-day", *DATES),
        (
            "a / (a - a)",
            'division by zero in "a / (a - a)"',
            "take out the period in which the divisor is, or may be, 0",
        ),
        ("a + m", "units do not fit: car against m", "compare and add only figures in one unit"),
        (
            "huge * 2",
            "the formula gives a number with more digits than any figure needs",
            "take out multiplications",
        ),
        (
            "tiny / 2",
            "the formula gives a number with more digits than any figure needs",
            "take out multiplications",
        ),
    ],
)
def test_what_cannot_be_calculated_is_refused_with_a_hint(text: str, what: str, hint: str) -> None:
    terms = {
        "a": point(3, "car"),
        "m": point(1, "m"),
        "day": point(700_000, DATE),
        "huge": Term(Interval.point(Fraction(2 ** (MAX_BITS - 1)))),
        "tiny": Term(Interval.point(Fraction(1, 2 ** (MAX_BITS - 1)))),
    }
    with pytest.raises(FormulaError) as caught:
        parse(text).value(terms)
    assert (str(caught.value), caught.value.hint) == (what, hint)


def test_as_many_digits_as_a_figure_may_need() -> None:
    half = Term(Interval.point(Fraction(2 ** (MAX_BITS - 2))))
    assert parse("half * 2").value({"half": half}).interval.low == 2 ** (MAX_BITS - 1)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("day <= a", *DATES),
        ("a >= day", *DATES),
        ("a <= m", "units do not fit: car against m", "compare and add only figures in one unit"),
        (
            "1 / (a - a) < 2",
            'division by zero in "1 / (a - a) < 2"',
            "take out the period in which the divisor is, or may be, 0",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_hint(text: str, what: str, hint: str) -> None:
    terms = {"a": point(3, "car"), "m": point(1, "m"), "day": point(700_000, DATE)}
    with pytest.raises(FormulaError) as caught:
        parse(text, rule=True).holds(terms)
    assert (str(caught.value), caught.value.hint) == (what, hint)


def test_a_date_is_compared_with_a_date() -> None:
    terms = {"early": point(700_000, DATE), "late": point(700_001, DATE)}
    assert parse("early < late", rule=True).holds(terms)
    assert not parse("late <= early", rule=True).holds(terms)


FACTOR_HINT = "take it out, or make it a figure; only conversions into another unit are typed"
STILL = "a typed factor, but the result is still in {}"
OTHER_UNIT = 'write "unit: car", or correct the formula'
NO_RATIO = "divide by a figure in the same unit"
A_RATIO = ("car divided by car is a ratio, not car", 'write "unit: times" or "unit: percent"')


def figures() -> dict[str, Term]:
    units = {"car": "car", "cars": "car", "cash": "USD", "share": "percent", "ratio": "times"}
    units |= {"early": DATE, "late": DATE}
    return {name: Term.of(Interval.point(3), unit) for name, unit in units.items()}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("share", "percent"),
        ("share", "times"),
        ("ratio", "times"),
        ("ratio", "percent"),
        ("share + ratio", "times"),
        ("ratio - share", "percent"),
        ("share * ratio", "percent"),
        ("1 - share", "percent"),
        ("car / cars", "times"),
        ("car / cars", "percent"),
        ("car / cars - 1", "percent"),
        ("car / cars * cash", "USD"),
        ("car", "car"),
        ("-car", "car"),
        ("share * car", "car"),
        ("car / ratio", "car"),
        ("cash / car", "USD"),
        ("(car + cars) / 2", "car"),
        ("(share + ratio) / 2", "percent"),
        ("car * 365", "day"),
        ("car / 1000", "thousand_cars"),
        ("cash * (car * 2)", "USD"),
        ("100 * percent * car", "car"),
        ("1 * car", "car"),
        ("late - early", "day"),
    ],
)
def test_the_unit_that_a_result_may_be_in(text: str, unit: str) -> None:
    parse(text).value(figures()).refuse_unit(unit)


@pytest.mark.parametrize(
    ("text", "unit", "what", "hint"),
    [
        ("car", "USD", "the formula gives car, not USD", OTHER_UNIT),
        ("car + cars", "USD", "the formula gives car, not USD", OTHER_UNIT),
        ("car", "percent", "the formula gives car, not percent", NO_RATIO),
        ("car - cars", "times", "the formula gives car, not times", NO_RATIO),
        ("car / cars", "car", *A_RATIO),
        ("car / cars * ratio", "car", *A_RATIO),
        ("1 - car / cars", "car", *A_RATIO),
        ("-(car / cars)", "car", *A_RATIO),
        ("share * 3", "percent", STILL.format("percent"), FACTOR_HINT),
        ("ratio / 4", "times", STILL.format("times"), FACTOR_HINT),
        ("share * 3 + ratio * 3", "times", STILL.format("times"), FACTOR_HINT),
        ("car / cars * 2", "times", STILL.format("times"), FACTOR_HINT),
        ("car * 2", "car", STILL.format("car"), FACTOR_HINT),
        ("2 * car", "car", STILL.format("car"), FACTOR_HINT),
        ("car / 2", "car", STILL.format("car"), FACTOR_HINT),
        ("-car * -2", "car", STILL.format("car"), FACTOR_HINT),
        ("(car + cars) / 3", "car", STILL.format("car"), FACTOR_HINT),
        ("(car + cars) * 2", "car", STILL.format("car"), FACTOR_HINT),
        ("95 * percent * car", "car", STILL.format("car"), FACTOR_HINT),
        ("car * 2 * share", "car", STILL.format("car"), FACTOR_HINT),
        ("car * 2 - 0", "car", STILL.format("car"), FACTOR_HINT),
        ("(late - early) * 2", "day", STILL.format("day"), FACTOR_HINT),
    ],
)
def test_the_unit_that_a_result_cannot_be_in(text: str, unit: str, what: str, hint: str) -> None:
    found = parse(text).value(figures())
    with pytest.raises(FormulaError) as caught:
        found.refuse_unit(unit)
    assert (str(caught.value), caught.value.hint) == (what, hint)


ONE_UNIT = "compare and add only figures in one unit"
NOTHING = "a typed factor that converts nothing"


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("car / cars + car", "car divided by car against car", ONE_UNIT),
        ("car - car / cars", "car divided by car against car", ONE_UNIT),
        ("car * 2 + cars", NOTHING, FACTOR_HINT),
        ("cars - car * 2", NOTHING, FACTOR_HINT),
        ("share * 2 + ratio", NOTHING, FACTOR_HINT),
        ("ratio - share * 2", NOTHING, FACTOR_HINT),
        ("car * 2 * cars", NOTHING, FACTOR_HINT),
        ("cars / (car * 2)", NOTHING, FACTOR_HINT),
    ],
)
def test_units_that_do_not_meet(text: str, what: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text).value(figures())
    assert (str(caught.value), caught.value.hint) == (what, hint)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("a + 1", []),
        ("1 - a", []),
        ("a + 2", ["2"]),
        ("2 - a", ["2"]),
        ("a + 0", ["0"]),
        ("a + 12", ["12"]),
        ("a * 12 / 365.25", []),
        ("1000 * a", []),
        ("a / 13", ["13"]),
        ("0.5 * a", ["0.5"]),
        ("-2 * a", ["-2"]),
        ("a * (2 + 3)", ["2 + 3"]),
        ("95 * percent * a", ["95"]),
        ("100 * percent * a", []),
        ("(a + 5) / (b - 7)", ["5", "7"]),
        ("2 + 3", ["2 + 3"]),
        ("a > 0", []),
        ("1.0 >= a", []),
        ("a == 2", ["2"]),
        ("3 < a", ["3"]),
        ("a < b + 5", ["5"]),
        ("a <= b * 12", []),
        ("1 < 2", ["1 < 2"]),
    ],
)
def test_typed_numbers_that_need_a_source(text: str, typed: list[str]) -> None:
    parsed = parse(text, rule=any(sign in text for sign in "<>="))
    assert sorted(sourceless(parsed)) == typed
