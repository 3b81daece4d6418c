"""What a claim's text means by its indicator's measure, and the hint where it means nothing."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from factsheet.data.load import load
from factsheet.data.model import Claim, Indicator, Measure
from factsheet.data.parse import (
    Names,
    ParsedClaim,
    ValueFaultError,
    agree,
    as_interval,
    bounded,
    claims_disagree,
    counting,
    read_value,
)
from factsheet.values.dates import parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import NoWholeNumber, Number, Qualifier
from tests.conftest import LIGHTHOUSE

SHEET = load(LIGHTHOUSE / "data/facts.yaml").sheet
WHOLE = "visitor"
"""A unit of the lighthouse that comes in whole things; ``m`` does not."""


def claim(value: str | list[str], **fields: Any) -> Claim:
    return Claim.model_validate({"value": value, "source": "log-book", "printed": "so", **fields})


def thing(measure: str, unit: str | None = None) -> Indicator:
    height = SHEET.indicators["height"]
    return height.model_copy(update={"measure": Measure(measure), "unit": unit})


def refused(found: Indicator, said: Claim) -> tuple[str, str, str]:
    with pytest.raises(ValueFaultError) as caught:
        read_value(SHEET, found, said)
    return str(caught.value), caught.value.hint, caught.value.field


DIGITS = "write digits with a point for decimals: 969, 1,000 or 14.08 million"
NO_NUMBER = "write a number; where a source prints none, leave the claim out"
A_RANGE = 'for a range write "value:", "high:" and "qualifier: range"'
SCALES = "write the number alone, or with thousand, million or billion"


@pytest.mark.parametrize(("text", "hint"), [
    ("31,5", "31.5"),  # a comma before one or two digits is a point,
    ("1,25", "1.25"),
    ("1,2 million", "1.2 million"),
    ("3O5", "305"),  # an O that stands beside a digit is a nought
    ("O5", DIGITS),  # (but 05 is no number)
    ("1OO", "100"),
    ("2o million", "20 million"),
    ("$1,000", "1,000"),  # signs and brackets are not of the number
    ("€ 5", "5"),
    ("£5", "5"),
    ("₼5", "5"),
    ("~5", "5"),
    ("≈5", "5"),
    (">5", "5"),
    ("<5", "5"),
    ("+5", "5"),
    ("5%", "5"),
    ("(5)", "5"),
    ("1 234 567", "1,234,567"),  # whatever stands between each three digits
    ("1'234", "1,234"),
    ("1’234", "1,234"),
    ("1.234.567", "1,234,567"),
    ("1.234.56", DIGITS),
    ("1 234'567", DIGITS),  # but not one and then another
    ("12345 678", DIGITS),
    ("5mln", "5 million"),  # scales in short, misspelt, or with a unit behind
    ("5 mn", "5 million"),
    ("5 bn", "5 billion"),
    ("5k", "5 thousand"),
    ("5 K", "5 thousand"),
    ("5 Millions", "5 million"),
    ("5 milion", "5 million"),
    ("5 billion.", "5 billion"),
    ("5 million cars", "5 million"),
    ("5 mill", "5"),
    ("X5", DIGITS),
    ("5 _", DIGITS),
    ("5 cars", "5"),
    ("5 red cars", "5"),
    ("5 red million", DIGITS),  # which may be anything
    ("5 cars million", DIGITS),
    ("5 red new cars", DIGITS),
    ("5 m", SCALES),  # metres, or millions
    ("5m", DIGITS),
    ("5 M", DIGITS),
    ("-5 cars", "-5"),
    ("1,00 cars", "1.00"),
    ("1,0000 cars", DIGITS),
    ("05 cars", DIGITS),
    ("5-7", A_RANGE),
    ("5 - 7", A_RANGE),
    ("5 – 7", A_RANGE),
    ("1,000—2,000.5", A_RANGE),
    ("five", NO_NUMBER),
    ("five 5 times five", DIGITS),
    ("1/2", DIGITS),
])  # fmt: skip
def test_a_number_in_another_form_is_told_in_ours(text: str, hint: str) -> None:
    _, told, field = refused(thing("stock", "m"), claim(text))
    is_meant = hint[0] in "-0123456789"
    own = "; unit and qualifier have fields of their own"
    assert told == (f'write "{hint}"{own}' if is_meant else hint)
    assert field == "value"


LOOKS = ", which looks like a plain space or like nothing"


@pytest.mark.parametrize(("measure", "unit", "said", "what", "hint", "field"), [
    ("date", None, claim("2018", qualifier="about"), 'a date is not "about"',
        'write "~" after it for about, or an interval', "qualifier"),
    ("date", None, claim(["2018"]), "a list where one date is wanted", "write one value", "value"),
    ("date", None, claim("5.12.2018"), '"5.12.2018" is not a date', 'write "2018-12-05"', "value"),
    ("stock", "m", claim(["5"]), "a list where one stock is wanted", "write one value", "value"),
    ("stock", "m", claim("5\xa06"),
        f'"5\xa06" holds a no-break space{LOOKS}', "delete it and type the value again", "value"),
    ("stock", "m", claim("5", high="6\u200b", qualifier="range"),
        f'"6\u200b" holds a zero width space{LOOKS}', "delete it and type the value again", "high"),
    ("stock", "m", claim("5", high="six", qualifier="range"), '"six" is not a number', NO_NUMBER,
        "high"),
    ("stock", WHOLE, claim("2.0"), '"2.0" has a point, but each visitor is whole',
        "write 2,000 for two thousand; else correct the value", "value"),
    ("stock", WHOLE, claim("2.5 thousand", high="3.0001 thousand", qualifier="range"),
        "3.0001 is not a whole number of visitor", "correct the value", "high"),
    ("stock", WHOLE, claim("2.0001 thousand"), "2.0001 is not a whole number of visitor",
        "correct the value", "value"),
    ("stock", "m", claim("5", qualifier="range"), 'a range needs "high:"',
        'add it, or take out "qualifier: range"', "qualifier"),
    ("stock", "m", claim("5", high="6"), '"high" without "qualifier: range"',
        "add the qualifier, or delete it", "high"),
    ("stock", "m", claim("0", qualifier="nearly"), 'nothing is "nearly 0"',
        "correct the value or the qualifier", "value"),
    ("stock", "m", claim("0", qualifier="less than"), 'nothing is "less than 0"',
        "correct the value or the qualifier", "value"),
    ("rate", "m", claim("0", qualifier="nearly"), 'nothing is "nearly 0"',
        "correct the value or the qualifier", "value"),
    ("stock", "m", claim("6", high="5", qualifier="range"), "6 to 5 is turned round",
        "swap value and high", "value"),
    ("stock", "m", claim("5", qualifier="at least", rounded="true"),
        '"rounded" does not go with "at least"', 'delete "rounded:"', "rounded"),
    ("share", "percent", claim("100.1"), "100.1 percent is no share",
        'correct it, or make the indicator "measure: rate"', "value"),
    ("share", "percent", claim("-1"), "-1 percent is no share",
        'correct it, or make the indicator "measure: rate"', "value"),
    ("share", "percent", claim("99", high="101", qualifier="range"), "101 percent is no share",
        'correct it, or make the indicator "measure: rate"', "high"),
    ("stock", "m", claim("-0.5"), "-0.5 is below zero",
        'correct it, or make the indicator "measure: rate"', "value"),
    ("name", None, claim(["lamp_2"]), "a list where one name is wanted",
        'write one, or "measure: names"', "value"),
    ("name", None, claim("lamp_3"), 'unknown name "lamp_3"', "did you mean lamp_2?", "value"),
    ("names", None, claim(["Ada", "some_one"]), 'unknown name "some_one"',
        'add it under "names:"', "value"),
])  # fmt: skip
def test_a_value_that_cannot_be_is_refused_at_its_field(
    measure: str, unit: str | None, said: Claim, what: str, hint: str, field: str
) -> None:
    assert refused(thing(measure, unit), said) == (what, hint, field)


@pytest.mark.parametrize(("measure", "unit", "said", "low", "high"), [
    ("stock", "m", claim("5"), 5, 5),
    ("stock", "m", claim("0"), 0, 0),
    ("stock", "m", claim("5", high="5", qualifier="range"), 5, 5),
    ("stock", "m", claim("5", high="7", qualifier="range"), 5, 7),
    ("stock", "m", claim("5.5"), Fraction(11, 2), Fraction(11, 2)),
    ("stock", "m", claim("2", rounded="true"), Fraction(3, 2), Fraction(5, 2)),
    ("stock", "m", claim("20", rounded="true", qualifier="about"), 19, 21),
    ("stock", "m", claim("5", qualifier="up to"), 0, 5),
    ("stock", "m", claim("5", qualifier="less than"), 0, 5),
    ("stock", WHOLE, claim("2.5 thousand"), 2500, 2500),
    ("share", "percent", claim("0"), 0, 0),
    ("share", "percent", claim("100"), 100, 100),
    ("rate", "percent", claim("101"), 101, 101),
    ("rate", "m", claim("-5"), -5, -5),
    ("rate", "m", claim("5", qualifier="up to"), None, 5),
    ("rate", "m", claim("0", qualifier="less than"), None, 0),
    ("date", None, claim("2018-03-29"), 736782, 736782),
])  # fmt: skip
def test_the_set_that_a_value_stands_for(
    measure: str, unit: str | None, said: Claim, low: Fraction | None, high: Fraction | None
) -> None:
    found = as_interval(read_value(SHEET, thing(measure, unit), said))
    assert found
    assert (found.low, found.high) == (low, high)


def test_the_bounds_between_which_no_whole_number_lies_are_a_set() -> None:
    between = NoWholeNumber(Number(Decimal("29.8")), Number(Decimal(30)))
    assert as_interval(between) == Interval(Fraction(149, 5), Fraction(30))


def test_names_are_taken_as_they_are_written() -> None:
    assert read_value(SHEET, thing("name"), claim("lamp_2")) == Names(("lamp_2",))
    assert read_value(SHEET, thing("names"), claim(["lamp_2", "B. Tern"])) == Names(
        ("lamp_2", "B. Tern")
    )
    assert read_value(SHEET, thing("name"), claim("Lamp_3 of all")) == Names(("Lamp_3 of all",))


@pytest.mark.parametrize(("one", "other", "both"), [
    (("Ada",), ("ADA",), True),
    (("Ada",), ("Bob",), False),
    (("Ada",), ("Bob", "ada"), True),
    (("Ada", "Cy"), ("Bob", "ada"), False),
])  # fmt: skip
def test_names_agree_where_one_list_holds_the_other(
    one: tuple[str, ...], other: tuple[str, ...], both: bool
) -> None:
    assert agree(Names(one), Names(other)) is both
    assert agree(Names(other), Names(one)) is both


def test_what_is_no_set_of_numbers_agrees_with_none() -> None:
    assert not agree(Names(("2018",)), parse_period("2018"))
    assert not agree(parse_period("2018"), Names(("2018",)))
    assert agree(parse_period("2018"), parse_period("2018-03"))
    assert not agree(parse_period("2018"), parse_period("2019"))


def numbers(*said: tuple[str, str, bool]) -> list[ParsedClaim]:
    """Claims of a number with this rank, each of a source that was retracted or not."""
    reason = {"reason": {"en": "So."}}
    claims = [
        claim(text, rank=rank, **(reason if rank != "normal" else {})) for text, rank, _ in said
    ]
    return [
        ParsedClaim(one, read_value(SHEET, thing("stock", "m"), one), (), withdrawn)
        for one, (*_, withdrawn) in zip(claims, said, strict=True)
    ]


@pytest.mark.parametrize(("said", "count", "disagree"), [
    ([("1", "normal", False), ("1", "preferred", False)], "11", False),
    ([("1", "normal", False), ("2", "normal", False)], "12", True),
    ([("1", "normal", False), ("1", "normal", False), ("2", "normal", False)], "112", True),
    ([("1", "normal", False), ("2", "deprecated", False)], "1", False),
    ([("1", "normal", False), ("2", "normal", True)], "1", False),
    ([("1", "deprecated", False), ("2", "normal", True), ("3", "normal", True)], "23", False),
    ([("1", "normal", True), ("2", "deprecated", True)], "1", False),
])  # fmt: skip
def test_which_claims_count(said: list[tuple[str, str, bool]], count: str, disagree: bool) -> None:
    claims = numbers(*said)
    assert "".join(str(one.claim.value) for one in counting(claims)) == count
    assert claims_disagree(claims) is disagree


CLOSED, OPEN, BELOW = (Interval(Fraction(-1 if i == 2 else 1), Fraction(5), i == 1, i == 1)
                       for i in range(3))  # fmt: skip


@pytest.mark.parametrize(("qualifier", "given", "taken"), [
    ("up to", CLOSED, Interval(Fraction(0), Fraction(5))),
    ("at most", CLOSED, Interval(Fraction(0), Fraction(5))),
    ("at most", OPEN, Interval(Fraction(0), Fraction(5), high_open=True)),
    ("up to", BELOW, Interval(None, Fraction(5))),
    ("up to", Interval(Fraction(0), Fraction(5)), Interval(Fraction(0), Fraction(5))),
    ("up to", Interval(None, Fraction(5)), Interval(None, Fraction(5))),
    ("less than", CLOSED, Interval(Fraction(0), Fraction(5), high_open=True)),
    ("less than", BELOW, Interval(None, Fraction(5), high_open=True)),
    ("at least", CLOSED, Interval(Fraction(1), None)),
    ("at least", OPEN, Interval(Fraction(1), None, low_open=True)),
    ("more than", CLOSED, Interval(Fraction(1), None, low_open=True)),
    ("more than", BELOW, Interval(Fraction(-1), None, low_open=True)),
])  # fmt: skip
def test_a_set_taken_as_a_bound(qualifier: str, given: Interval, taken: Interval) -> None:
    assert bounded(given, Qualifier(qualifier)) == taken


def test_claims_that_can_all_be_true_do_not_disagree() -> None:
    said = (claim("100"), claim("102", qualifier="about"))
    read = [ParsedClaim(one, read_value(SHEET, thing("stock", "m"), one), ()) for one in said]
    assert not claims_disagree(read)
