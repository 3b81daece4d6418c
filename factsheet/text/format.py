"""THE formatter: every value in words, in one language.

Page text, tables, downloads and search all print what these functions return. Number and
date patterns come from Babel (CLDR); the words around them from ``words/<language>.yaml``.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal, DecimalTuple
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

from factsheet.data.model import DEFAULT_LANGUAGE, LocalText, Name, Unit
from factsheet.data.parse import Names, Value
from factsheet.data.yaml_nodes import own_table
from factsheet.values.dates import Period, Point
from factsheet.values.interval import Interval
from factsheet.values.number import (
    NoWholeNumber,
    Number,
    QualifiedNumber,
    Qualifier,
    in_units,
    next_whole,
    plain,
)

Form = Literal["words", "number", "short", "value", "difference"]
"""``words`` 14.08 million US dollars; ``number`` about 14.08 million; ``short`` about
10 thousand cars; ``value`` 14.08 million; ``difference`` at least 32 fewer cars."""

FORMS: tuple[Form, ...] = ("words", "number", "short", "value", "difference")
_NBSP = "\N{NO-BREAK SPACE}"


def words_file(language: str) -> dict[str, Any]:
    """The words of a language as ``words/<language>.yaml`` gives them."""
    words: dict[str, Any] = own_table(Path(__file__).parent / "words" / f"{language}.yaml")
    return words


class Wording:
    """The formatter for one language and the units and names of one fact sheet."""

    def __init__(self, language: str, units: dict[str, Unit], names: dict[str, Name]) -> None:
        """Load the language's words; ``KeyError`` later if the file lacks one."""
        self.language = language
        self.words = words_file(language)
        self.ui: dict[str, str] = self.words["ui"]
        self._locale = Locale.parse(self.words["locale"])
        self._units = units
        self._names = names
        self._written: dict[DecimalTuple, str] = {}

    def text(self, texts: LocalText) -> str:
        """The text in this language, else in the default one."""
        return texts.get(self.language) or texts[DEFAULT_LANGUAGE]

    def name(self, name_id: str) -> str:
        """A proper name by its id; a text that is no id stands for itself."""
        name = self._names.get(name_id)
        return self.text(name.label) if name else name_id

    def value(self, value: Value, unit: str | None, form: Form = "words") -> str:
        """Any value in words."""
        match value:
            case Names():
                return self.names(value)
            case Period():
                return self.period(value, before="event_by", since="event_from")
            case NoWholeNumber():
                key = "no_whole_number" if value.low != value.high else "not_whole"
                return str(self.words[key]).format(
                    number=self._number(value.low),
                    high=self._number(value.high),
                    unit=self.unit(unit),
                )
            case QualifiedNumber():
                if form == "difference":
                    return self._difference(value, unit)
                return self._amount(value, unit, form)

    def set_of(self, interval: Interval) -> str:
        """The set of numbers that an interval is, in words; one end at least is a number."""
        if interval.low is None:
            key = "below" if interval.high_open else "to"
        elif interval.high is None:
            key = "above" if interval.low_open else "from"
        elif interval.is_point:
            key = "point"
        else:
            key = "high_open" if interval.high_open else "closed"
        ends = {
            end: self._number(Number(Decimal(value.numerator) / Decimal(value.denominator)))
            for end, value in (("low", interval.low), ("high", interval.high))
            if value is not None
        }
        return str(self.words["sets"][key]).format(**ends)

    def names(self, names: Names) -> str:
        """A list of names as a sentence has it."""
        items = [self.name(item) for item in names.items]
        return str(format_list(items, locale=self._locale))

    def unit(self, unit: str | None, count: Decimal | None = None) -> str:
        """The name of a unit in the plural that ``count`` asks for; the general one if none."""
        if unit is None:
            return ""
        if unit not in self._units:
            return self.words[unit].format(number="").strip() if unit == "percent" else unit
        labels = self._units[unit].label
        plural = labels.get(self.language) or labels[DEFAULT_LANGUAGE]
        counted = None if count is None else getattr(plural, self._plural(count), None)
        return counted or plural.other

    def period(self, period: Period, before: str = "open_start", since: str = "open_end") -> str:
        """A date or interval in words; ``before`` and ``since`` are patterns for an open end."""
        patterns = self.words["dates"]
        start, end = period.start, period.end
        if not period.is_interval:
            assert start is not None
            return self._point(start)
        if start is None:
            assert end is not None
            return str(patterns[before]).format(end=self._point(end))
        if end is None:
            return str(patterns[since]).format(start=self._point(start))
        first = self._point(start)
        if start.precision == end.precision and start.low.year == end.low.year:
            same_month = start.low.month == end.low.month
            if start.precision == "day":
                key = "day_only" if same_month else "day_month"
                first = self._date(start.low, patterns[key])
            elif start.precision == "month":
                first = self._date(start.low, patterns["month_only"])
            if start.approximate:
                first = str(patterns["about"]).format(date=first)
        return str(patterns["interval"]).format(start=first, end=self._point(end))

    def days(self, least: int, most: int) -> str:
        """A length of time: ``3 days``, ``between 3 and 33 days``, ``at most 33 days``."""
        if least == most:
            return self.counted("days", most)
        if least <= 0:
            return str(self.words["late_at_most"]).format(most=self.counted("days", most))
        return str(self.words["late_between"]).format(
            least=self.count(least), most=self.counted("days", most)
        )

    def count(self, number: int) -> str:
        """A plain count."""
        return self._digits(Decimal(number))

    def counted(self, what: str, number: int) -> str:
        """How many days there are, or pages, rows or columns in a file: ``14 pages``."""
        pattern = self.words[what]
        category = self._plural(Decimal(number))
        return str(pattern.get(category, pattern["other"])).format(number=self.count(number))

    def file_size(self, size: int) -> str:
        """The size of a file of so many bytes: ``35 kB``, ``2.2 MB``."""
        patterns = self.words["file_sizes"]
        if size < 1_000_000:
            number = self._digits(Decimal(max(1, round(size / 1000))))
            return str(patterns["kB"]).format(number=number)
        number = self._digits(Decimal(round(size / 100_000)).scaleb(-1))
        return str(patterns["MB"]).format(number=number)

    def _amount(self, amount: QualifiedNumber, unit: str | None, form: Form) -> str:
        low, high = amount.number, amount.high
        is_none = amount.qualifier == Qualifier.EXACTLY and not low.value
        if form == "words" and unit in self._units and is_none:
            return str(self.words["none_of"]).format(unit=self.unit(unit))
        if form == "short":
            low = _shortened(low)
            high = _shortened(high) if high else None
        if high is not None and high.power and not low.power and low.value < 1000:
            high = in_units(high)  # "1 to 1.2 million" would read as millions
        number = self._number(low, with_scale=high is None or high.power != low.power)
        last = self._number(high) if high else ""
        if form == "value":
            return f"{number}–{last}" if high else number
        if form != "number" and unit:
            ending = high or low
            shown = ending.mantissa if ending.power == 0 else Decimal(10**ending.power)
            if last:
                last = self._with_unit(last, unit, shown, form)
            else:
                number = self._with_unit(number, unit, shown, form)
        pattern = self.words["qualifiers"][amount.qualifier.value]
        return str(pattern).format(number=number, high=last)

    def _difference(self, amount: QualifiedNumber, unit: str | None) -> str:
        """A difference without its sign: ``at least 32 fewer cars`` for less than −31.

        In plain words where it may be of either sign, or of a unit that is no thing.
        """
        found = self._units.get(unit or "")
        zero, possible = Interval.point(0), amount.interval()
        side = int(zero.is_below(possible)) - int(possible.is_below(zero))
        if found is None or not side:
            return self._amount(amount, unit, "words")
        size = amount if side > 0 else _without_sign(amount)
        if found.whole and size.qualifier == Qualifier.MORE_THAN:
            size = replace(size, number=next_whole(size.number), qualifier=Qualifier.AT_LEAST)
        key = ("whole_" if found.whole else "part_") + ("more" if side > 0 else "less")
        last = size.high or size.number
        count = last.mantissa if last.power == 0 else Decimal(10**last.power)
        return str(self.words["differences"][key]).format(
            number=self._amount(size, None, "number"), unit=self.unit(unit, count)
        )

    def _with_unit(self, number: str, unit: str, count: Decimal, form: Form) -> str:
        if unit == "percent":
            pattern = self.words["percent_sign" if form == "short" else "percent"]
            return str(pattern).format(number=number).replace(" ", _NBSP)
        if unit == "times":
            pattern = self.words["times"]
            return str(pattern.get(self._plural(count), pattern["other"])).format(number=number)
        return f"{number} {self.unit(unit, count)}"

    def _number(self, number: Number, *, with_scale: bool = True) -> str:
        digits = self._digits(number.mantissa)
        if number.power == 0 or not with_scale:
            return digits
        scales = self.words["scales"][number.power]
        scale = scales.get(self._plural(number.mantissa), scales["other"])
        return f"{digits}{_NBSP}{scale}"

    def _digits(self, number: Decimal) -> str:
        key = number.as_tuple()  # equal numbers may be written with more or fewer places
        if key not in self._written:
            places = max(0, -int(key.exponent))
            pattern = "#,##0" + (f".{'0' * places}" if places else "")
            text = format_decimal(number, pattern, self._locale, decimal_quantization=False)
            self._written[key] = str(text).replace("-", "\N{MINUS SIGN}")
        return self._written[key]

    def _plural(self, number: Decimal) -> str:
        return str(self._locale.plural_form(number))

    def _point(self, point: Point) -> str:
        patterns = self.words["dates"]
        if point.precision == "season":
            season = self.words["seasons"][int(point.text[5:7])]
            text = str(patterns["season"]).format(season=season, year=point.text[:4])
        else:
            text = self._date(point.low, patterns[point.precision])
        return str(patterns["about"]).format(date=text) if point.approximate else text

    def _date(self, day: date, pattern: str) -> str:
        from babel.dates import format_date  # reads the time zone of this place, slowly

        return str(format_date(day, pattern, locale=self._locale))


_TURNED = {
    Qualifier.MORE_THAN: Qualifier.LESS_THAN,
    Qualifier.AT_LEAST: Qualifier.AT_MOST,
    Qualifier.LESS_THAN: Qualifier.MORE_THAN,
    Qualifier.AT_MOST: Qualifier.AT_LEAST,
    Qualifier.UP_TO: Qualifier.AT_LEAST,
}


def _without_sign(amount: QualifiedNumber) -> QualifiedNumber:
    """An amount below zero with its sign taken off, its ends turned round."""
    low, high = amount.number, amount.high
    if high is not None:
        low, high = high, low
    qualifier = _TURNED.get(amount.qualifier, amount.qualifier)
    return replace(
        amount,
        number=Number(abs(low.mantissa), low.power),
        high=Number(abs(high.mantissa), high.power) if high else None,
        qualifier=qualifier,
    )


def _shortened(number: Number) -> Number:
    """Round thousands and more in scale words, where no digit is lost: 10,000 is 10 thousand.

    A number that has a scale word keeps it: 7 million, never 7,000 thousand.
    """
    for power in () if number.power else (9, 6, 3):
        scaled = number.value / 10**power
        if scaled >= 10 and (scaled * 10).denominator == 1:
            digits = Decimal(scaled.numerator) / Decimal(scaled.denominator)
            return Number(digits, power)
    return number


def qualifier_of(value: Value) -> Qualifier:
    """The qualifier of a value; dates and names have none and are exact."""
    match value:
        case QualifiedNumber():
            return value.qualifier
        case NoWholeNumber():
            return Qualifier.RANGE
        case _:
            return Qualifier.EXACTLY


def machine_value(value: Value, wording: Wording) -> tuple[str | None, str | None]:
    """A value and, for a range, its upper end as plain strings.

    Numbers in single units without grouping (``14080000``), dates as EDTF, lists of names
    joined by ``; ``.
    """
    match value:
        case QualifiedNumber():
            return plain(value.number), plain(value.high) if value.high else None
        case NoWholeNumber():
            return plain(value.low), plain(value.high)
        case Period():
            return value.text, None
        case Names():
            return "; ".join(wording.name(item) for item in value.items), None
