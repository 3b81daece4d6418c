"""Values: what a claim's text means, by its indicator's measure, and whether two agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import combinations

from factsheet.data.model import Claim, FactSheet, Indicator, Measure, Rank
from factsheet.data.yaml_nodes import Path_, odd_space
from factsheet.errors import HintError, nearest
from factsheet.values.dates import Period, date_hint, parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import (
    SCALES,
    NoWholeNumber,
    Number,
    QualifiedNumber,
    Qualifier,
    parse_number,
)

NAME_ID = r"[a-z0-9]+(_[a-z0-9]+)+"
"""A text that can only be meant as the id of a name."""


class ValueFaultError(HintError):
    """A claim's value that cannot be read: what is wrong, in which field, and the hint."""

    def __init__(self, what: str, hint: str, field: str = "value") -> None:
        """Keep the field as well."""
        super().__init__(what, hint)
        self.field = field


@dataclass(frozen=True)
class Names:
    """A text value: one name, or a list of them."""

    items: tuple[str, ...]

    def covers(self, other: "Names") -> bool:
        """Whether each name of another value is among these, however capitalized."""
        return {item.casefold() for item in other.items} <= {item.casefold() for item in self.items}


Value = QualifiedNumber | NoWholeNumber | Period | Names


@dataclass(frozen=True)
class ParsedClaim:
    """A claim with its value understood, and its place in the data file."""

    claim: Claim
    value: Value
    path: Path_
    withdrawn: bool = False
    """Whether its source was retracted."""

    @property
    def set_aside(self) -> str | None:
        """Why the claim does not count, ``withdrawn`` or ``deprecated``; nothing if it does."""
        if self.withdrawn:
            return "withdrawn"
        return str(Rank.DEPRECATED) if self.claim.rank == Rank.DEPRECATED else None

    @property
    def stands(self) -> bool:
        """Whether the claim counts: it is not deprecated, nor its source retracted."""
        return self.set_aside is None


def read_value(sheet: FactSheet, indicator: Indicator, claim: Claim) -> Value:
    """What a claim's ``value`` means by its indicator's measure.

    Raises:
        ValueFaultError: it is no such value.
    """
    measure = indicator.measure
    if measure in {Measure.NAME, Measure.NAMES}:
        return _names(sheet, measure, claim.value)
    if measure == Measure.DATE and claim.qualifier != Qualifier.EXACTLY:
        what = f'a date is not "{claim.qualifier}"'
        raise ValueFaultError(what, 'write "~" after it for about, or an interval', "qualifier")
    if isinstance(claim.value, list):
        raise ValueFaultError(f"a list where one {measure} is wanted", "write one value")
    if measure == Measure.DATE:
        try:
            return parse_period(claim.value)
        except ValueError as error:
            raise ValueFaultError(str(error), date_hint(claim.value)) from None
    number = _number(claim.value, "value")
    unit = sheet.units.get(indicator.unit or "")
    if unit and unit.whole and "." in claim.value and not number.power:
        what = f'"{claim.value}" has a point, but each {indicator.unit} is whole'
        raise ValueFaultError(what, "write 2,000 for two thousand; else correct the value")
    high = _number(claim.high, "high") if claim.high else None
    _refuse_half_range(claim)
    below = (
        {Qualifier.NEARLY} if measure == Measure.RATE else {Qualifier.NEARLY, Qualifier.LESS_THAN}
    )
    if claim.qualifier in below and number.value == 0:
        what = f'nothing is "{claim.qualifier} {claim.value}"'
        raise ValueFaultError(what, "correct the value or the qualifier")
    if high is not None and high.value < number.value:
        what = f"{claim.value} to {claim.high} is turned round"
        raise ValueFaultError(what, "swap value and high")
    if claim.rounded and claim.qualifier not in {Qualifier.EXACTLY, Qualifier.ABOUT}:
        what = f'"rounded" does not go with "{claim.qualifier}"'
        raise ValueFaultError(what, 'delete "rounded:"', "rounded")
    for field, found in (("value", number), ("high", high)):
        if found is not None:
            _refuse_impossible(sheet, indicator, found, field)
    floor = None if measure == Measure.RATE else Fraction(0)
    return QualifiedNumber(number, claim.qualifier, high, claim.rounded, floor)


def _refuse_half_range(claim: Claim) -> None:
    if (claim.qualifier == Qualifier.RANGE) != (claim.high is not None):
        what, hint = 'a range needs "high:"', 'add it, or take out "qualifier: range"'
        if claim.high is not None:
            what, hint = '"high" without "qualifier: range"', "add the qualifier, or delete it"
        raise ValueFaultError(what, hint, "high" if claim.high else "qualifier")


def _names(sheet: FactSheet, measure: Measure, value: str | list[str]) -> Names:
    items = value if isinstance(value, list) else [value]
    if isinstance(value, list) and measure == Measure.NAME:
        raise ValueFaultError("a list where one name is wanted", 'write one, or "measure: names"')
    for item in items:
        if re.fullmatch(NAME_ID, item) and item not in sheet.names:
            hint = nearest(item, sheet.names, 'add it under "names:"')
            raise ValueFaultError(f'unknown name "{item}"', hint)
    return Names(tuple(items))


def _number(text: str, field: str) -> Number:
    odd = odd_space(text)
    if odd:
        what = f'"{text}" holds a {odd}, which looks like a plain space or like nothing'
        raise ValueFaultError(what, "delete it and type the value again", field)
    try:
        return parse_number(text)
    except ValueError as error:
        hint = "write digits with a point for decimals: 969, 1,000 or 14.08 million"
        if not any(map(str.isdigit, text)):
            hint = "write a number; where a source prints none, leave the claim out"
        if re.fullmatch(r"[\d.,]+ ?[-–—] ?[\d.,]+", text):
            hint = 'for a range write "value:", "high:" and "qualifier: range"'
        meant = _meant(text)
        if meant:
            hint = f'write "{meant}"; unit and qualifier have fields of their own'
        elif "scale" in str(error):
            hint = "write the number alone, or with thousand, million or billion"
        raise ValueFaultError(str(error), hint, field) from None


_SHORT = {"mln": "million", "mn": "million", "bn": "billion", "k": "thousand"}


def _meant(text: str) -> str | None:
    """The number that a text is likely to mean: with signs, units or letters that look alike."""
    found = re.sub(
        r"(?<=\d)[Oo]+|[Oo]+(?=\d)", lambda o: "0" * len(o[0]), text.strip("%$€£₼+~<>≈ ")
    )
    found = re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", found.strip("()"))
    if re.fullmatch(r"\d{1,3}(?:([ '’])\d{3}(?:\1\d{3})*|(?:\.\d{3}){2,})", found):
        found = re.sub(r"\D", ",", found)
    parts = re.fullmatch(r"(-?[\d.,]+) *([^\W\d]*)(?: +([^\W\d]+))?\.?", found)
    if not parts:
        return None
    word = parts[2].lower()
    # "m" may mean metres or millions.
    if word == "m" or (word and not word.isalpha()) or parts[3] in SCALES:
        return None
    scale = _SHORT.get(word) or "".join(get_close_matches(word, SCALES, n=1, cutoff=0.8))
    found = f"{parts[1]} {scale}".strip()
    try:
        parse_number(found)
    except ValueError:
        return None
    return found


def _refuse_impossible(sheet: FactSheet, indicator: Indicator, number: Number, field: str) -> None:
    """Refuse a share beyond its bounds, a negative count, a part of a whole thing."""
    shown = f"{number.mantissa:f}"
    if indicator.measure == Measure.SHARE and not 0 <= number.value <= 100:
        what = f"{shown} percent is no share"
        raise ValueFaultError(what, 'correct it, or make the indicator "measure: rate"', field)
    if indicator.measure != Measure.RATE and number.value < 0:
        what = f"{shown} is below zero"
        raise ValueFaultError(what, 'correct it, or make the indicator "measure: rate"', field)
    unit = sheet.units.get(indicator.unit or "")
    if unit and unit.whole and number.value.denominator != 1:
        what = f"{shown} is not a whole number of {indicator.unit}"
        raise ValueFaultError(what, "correct the value", field)


def as_interval(value: Value) -> Interval | None:
    """The set of numbers that a value stands for; dates as day ordinals, names as nothing."""
    match value:
        case QualifiedNumber():
            return value.interval()
        case Period():
            return value.as_event()
        case NoWholeNumber():
            return Interval(value.low.value, value.high.value)
        case Names():
            return None


def agree(one: Value, other: Value) -> bool:
    """Whether both can be true. Names: the same words, or one list within the other."""
    if isinstance(one, Names) and isinstance(other, Names):
        return one.covers(other) or other.covers(one)
    first, second = as_interval(one), as_interval(other)
    return first is not None and second is not None and first.meets(second)


def counting(claims: Iterable[ParsedClaim]) -> list[ParsedClaim]:
    """The claims that stand; where none does, those that only their source's retraction took."""
    claims = list(claims)
    standing = [one for one in claims if one.stands]
    return standing or [one for one in claims if one.claim.rank != Rank.DEPRECATED]


def claims_disagree(claims: Iterable[ParsedClaim]) -> bool:
    """Whether two of the claims that stand cannot both be true."""
    standing = {claim.value: None for claim in claims if claim.stands}
    return not all(agree(one, other) for one, other in combinations(standing, 2))


def bounded(interval: Interval, qualifier: Qualifier) -> Interval:
    """A set taken as a bound only: ``up to`` keeps its upper end, ``at least`` its lower.

    What is not below zero goes down to zero at most.
    """
    if qualifier in {Qualifier.AT_LEAST, Qualifier.MORE_THAN}:
        is_open = interval.low_open or qualifier == Qualifier.MORE_THAN
        return Interval(interval.low, None, low_open=is_open)
    floor = Fraction(0) if interval.low is not None and interval.low >= 0 else None
    is_open = interval.high_open or qualifier == Qualifier.LESS_THAN
    return Interval(floor, interval.high, high_open=is_open)
