"""The formatter: every kind of value in English words."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.data.model import Name, Plural, Unit
from factsheet.data.parse import Names, Value
from factsheet.export.models import Forms
from factsheet.text.format import FORMS, Form, Wording, machine_value, qualifier_of
from factsheet.values.dates import parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import (
    NoWholeNumber,
    Number,
    QualifiedNumber,
    Qualifier,
    in_units,
    parse_number,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=60)
UNIT_OF_MONEY = {"USD": Unit(label={"en": Plural(one="US dollar", other="US dollars")})}
WORDING = Wording(
    "en",
    {
        "car": Unit(whole=True, label={"en": Plural(one="car", other="cars")}),
        **UNIT_OF_MONEY,
        "sheep": Unit(whole=True, label={"en": Plural(other="sheep")}),
    },
    {"euro_5": Name(label={"en": "Euro 5"}), "lamp": Name(label={"en": "Lamp"})},
)
UNITS = ("car", "USD", "sheep", "percent", "times", None)


def amount(text: str, qualifier: str = "exactly", high: str | None = None) -> QualifiedNumber:
    return QualifiedNumber(
        parse_number(text), Qualifier(qualifier), parse_number(high) if high else None
    )


def words(
    value: QualifiedNumber | NoWholeNumber | Names, unit: str | None, form: Form = "words"
) -> str:
    return WORDING.value(value, unit, form).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [
        ("exactly", "1,000 cars"),
        ("about", "about 1,000 cars"),
        ("more than", "more than 1,000 cars"),
        ("at least", "at least 1,000 cars"),
        ("nearly", "nearly 1,000 cars"),
        ("up to", "up to 1,000 cars"),
        ("at most", "at most 1,000 cars"),
        ("less than", "less than 1,000 cars"),
    ],
)
def test_each_qualifier_has_its_words_in_every_form_but_the_bare_value(
    qualifier: str, expected: str
) -> None:
    value = amount("1,000", qualifier)
    assert words(value, "car") == expected
    assert words(value, "car", "number") == expected.removesuffix(" cars")
    assert words(value, "car", "value") == "1,000"
    assert words(value, "car", "short") == expected


def test_every_qualifier_but_the_range_is_in_the_table_above() -> None:
    for qualifier in Qualifier:
        high = "2,000" if qualifier == Qualifier.RANGE else None
        assert words(amount("1,000", qualifier, high), "car")


@pytest.mark.parametrize(
    ("text", "unit", "form", "expected"),
    [
        ("1", "car", "words", "1 car"),
        ("2", "car", "words", "2 cars"),
        ("0", "car", "words", "no cars"),
        ("1", "sheep", "words", "1 sheep"),
        ("1.0", "USD", "words", "1.0 US dollars"),
        ("1 million", "car", "words", "1 million cars"),
        ("969", "car", "words", "969 cars"),
        ("10,000", "car", "words", "10,000 cars"),
        ("10000", "car", "words", "10,000 cars"),
        ("14.08 million", "USD", "words", "14.08 million US dollars"),
        ("14.10 million", "USD", "words", "14.10 million US dollars"),
        ("10 thousand", "car", "words", "10 thousand cars"),
        ("2 billion", "USD", "words", "2 billion US dollars"),
        ("0.05", "USD", "words", "0.05 US dollars"),
        ("-4.5", "percent", "words", "−4.5 percent"),
        ("95", "percent", "words", "95 percent"),
        ("1", "percent", "words", "1 percent"),
        ("95", "percent", "short", "95%"),
        ("95", "percent", "number", "95"),
        ("95", "percent", "value", "95"),
        ("1", "times", "words", "1 time"),
        ("3.1", "times", "words", "3.1 times"),
        ("3.1", "times", "number", "3.1"),
        ("969", None, "words", "969"),
        ("10,000", "car", "short", "10 thousand cars"),
        ("9,999", "car", "short", "9,999 cars"),
        ("10,500", "car", "short", "10.5 thousand cars"),
        ("10,550", "car", "short", "10,550 cars"),
        ("12,345,678", "car", "short", "12,345,678 cars"),
        ("10,000,000", "USD", "short", "10 million US dollars"),
        ("25 billion", "USD", "short", "25 billion US dollars"),
        ("10,000,000,000", "USD", "short", "10 billion US dollars"),
        ("9,900,000,000", "USD", "short", "9,900 million US dollars"),
        ("7 million", "USD", "short", "7 million US dollars"),
        ("20,000 thousand", "USD", "short", "20,000 thousand US dollars"),
        ("14.08 million", "USD", "number", "14.08 million"),
        ("14.08 million", "USD", "value", "14.08 million"),
    ],
)
def test_numbers_units_and_forms(text: str, unit: str | None, form: Form, expected: str) -> None:
    assert words(amount(text), unit, form) == expected


@pytest.mark.parametrize(
    ("low", "high", "unit", "form", "expected"),
    [
        ("1,000", "1,200", "car", "words", "1,000 to 1,200 cars"),
        ("1,000", "1,200", "car", "number", "1,000 to 1,200"),
        ("1,000", "1,200", "car", "value", "1,000–1,200"),
        ("10,000", "20,000", "car", "short", "10 to 20 thousand cars"),
        ("1 million", "1.2 million", "USD", "words", "1 to 1.2 million US dollars"),
        ("900,000", "1.2 million", "USD", "words", "900,000 to 1.2 million US dollars"),
        ("900 thousand", "1 million", "USD", "words", "900 thousand to 1 million US dollars"),
        ("1", "1.2 million", "USD", "words", "1 to 1,200,000 US dollars"),
        ("1,000", "1.2 million", "USD", "words", "1,000 to 1.2 million US dollars"),
        ("10", "15.5", "percent", "words", "10 to 15.5 percent"),
        ("10", "15.5", "percent", "short", "10 to 15.5%"),
        ("2", "3", "times", "words", "2 to 3 times"),
        ("0", "1", "car", "words", "0 to 1 car"),
    ],
)
def test_ranges(low: str, high: str, unit: str, form: Form, expected: str) -> None:
    assert words(amount(low, "range", high), unit, form) == expected


def test_a_number_never_breaks_from_its_scale_or_percent() -> None:
    nbsp = "\N{NO-BREAK SPACE}"
    assert WORDING.value(amount("14.08 million"), "USD") == f"14.08{nbsp}million US dollars"
    assert WORDING.value(amount("95"), "percent") == f"95{nbsp}percent"


def test_the_one_number_that_is_no_whole_one_is_said() -> None:
    value = NoWholeNumber(Number(Decimal("29.8")), Number(Decimal("29.80")))
    assert words(value, "car") == "no whole number of cars (29.8)"


@pytest.mark.parametrize("form", FORMS)
def test_no_whole_number_says_between_which(form: Form) -> None:
    value = NoWholeNumber(Number(Decimal("29.8")), Number(Decimal(30)))
    expected = "no whole number of cars (between 29.8 and 30)"
    assert words(value, "car", form) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018", "2018"),
        ("2018-03", "March 2018"),
        ("2018-03-29", "29 March 2018"),
        ("2018-03-01", "1 March 2018"),
        ("2018-21", "spring 2018"),
        ("2018-22", "summer 2018"),
        ("2018-23", "autumn 2018"),
        ("2018-24", "winter 2018"),
        ("2018~", "about 2018"),
        ("2019-02~", "about February 2019"),
        ("2018-03-29~", "about 29 March 2018"),
        ("2018-22~", "about summer 2018"),
        ("2018/2020", "2018 to 2020"),
        ("2018/..", "from 2018"),
        ("../2018-03", "until March 2018"),
        ("2018-01/2018-08", "January to August 2018"),
        ("2018-11/2019-02", "November 2018 to February 2019"),
        ("2018-03-01/2018-03-29", "1 to 29 March 2018"),
        ("2018-03-01/2018-04-02", "1 March to 2 April 2018"),
        ("2018-12-31/2019-01-02", "31 December 2018 to 2 January 2019"),
        ("2018-03-29/2018-04", "29 March 2018 to April 2018"),
        ("2018-21/2018-23", "spring 2018 to autumn 2018"),
        ("2018-03~/2018-05", "about March to May 2018"),
        ("2018~/..", "from about 2018"),
    ],
)
def test_periods(text: str, expected: str) -> None:
    assert WORDING.period(parse_period(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-03-29", "29 March 2018"),
        ("2018-01/2018-08", "January to August 2018"),
        ("../2018-03-29", "by 29 March 2018"),
        ("../2018-03~", "by about March 2018"),
        ("2018-03-29/..", "not before 29 March 2018"),
    ],
)
def test_when_something_happened(text: str, expected: str) -> None:
    assert WORDING.value(parse_period(text), None) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("euro_5",), "Euro 5"),
        (("euro_5", "lamp"), "Euro 5 and Lamp"),
        (("euro_5", "lamp", "Khazar"), "Euro 5, Lamp and Khazar"),
    ],
)
def test_lists_of_names(items: tuple[str, ...], expected: str) -> None:
    assert words(Names(items), None) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (1, 1, "1 day"),
        (2, 2, "2 days"),
        (3, 33, "between 3 and 33 days"),
        (1, 5, "between 1 and 5 days"),
        (0, 1200, "at most 1,200 days"),
        (-30, 15, "at most 15 days"),
    ],
)
def test_lengths_of_time(least: int, most: int, expected: str) -> None:
    assert WORDING.days(least, most) == expected


def digits_of(text: str) -> str:
    return "".join(re.findall(r"[0-9]", text))


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    """Any number that a data file can hold, up to 22 digits."""
    places = draw(st.integers(0, 9))
    whole = draw(st.one_of(st.integers(0, 9999), st.integers(0, 10**13)))
    part = draw(st.integers(0, 10**places - 1))
    sign = draw(st.sampled_from(["", "-"])) if whole or part else ""
    text = f"{sign}{whole}" + (f".{part:0{places}}" if places else "")
    return parse_number(text + draw(st.sampled_from(["", " thousand", " million", " billion"])))


@given(numbers(), st.sampled_from(UNITS), st.sampled_from(["words", "number", "value"]))
@repeatable
def test_words_have_exactly_the_digits_of_the_value(
    number: Number, unit: str | None, form: Form
) -> None:
    said = words(QualifiedNumber(number), unit, form)
    if said.startswith("no "):
        assert number.value == 0
        return
    assert digits_of(said) == digits_of(f"{number.mantissa:f}")
    assert said.startswith("−") is (number.mantissa < 0)
    assert "-" not in said


@given(numbers(), numbers(), st.sampled_from(UNITS), st.sampled_from(["words", "number", "value"]))
@repeatable
def test_a_range_has_exactly_the_digits_of_both_values(
    low: Number, high: Number, unit: str | None, form: Form
) -> None:
    said = words(QualifiedNumber(low, Qualifier.RANGE, high), unit, form)
    last = in_units(high) if not low.power and high.power and low.value < 1000 else high
    assert digits_of(said) == digits_of(f"{low.mantissa:f}{last.mantissa:f}")


@given(numbers())
@repeatable
def test_what_is_said_is_read_back_as_the_same_value(number: Number) -> None:
    for form in ("number", "value", "short"):
        assert parse_number(words(QualifiedNumber(number), None, form)).value == number.value


@given(numbers(), numbers(), st.booleans())
@repeatable
def test_no_valid_claim_fails_in_any_form(one: Number, other: Number, rounded: bool) -> None:
    low, high = sorted([one, other], key=lambda number: number.value)
    for qualifier, unit, form in product(Qualifier, UNITS, FORMS):
        said = WORDING.value(
            QualifiedNumber(
                low, qualifier, high if qualifier == Qualifier.RANGE else None, rounded
            ),
            unit,
            form,
        )
        assert said
        assert "{" not in said


@given(st.dates(), st.dates(), st.sampled_from(["", "~"]), st.integers(0, 3), st.integers(0, 3))
@repeatable
def test_a_date_in_words_has_its_year_and_day(
    one: object, other: object, about: str, first: int, second: int
) -> None:
    def written(day: object, precision: int) -> str:
        year, month, day_of_month = str(day).split("-")
        season = str(21 + int(month) % 4)
        return [year, f"{year}-{month}", f"{year}-{month}-{day_of_month}", f"{year}-{season}"][
            precision
        ]

    texts = [written(one, first) + about, written(other, second)]
    for text in (*texts, "/".join(texts), f"{texts[0]}/..", f"../{texts[1]}"):
        try:
            period = parse_period(text)
        except ValueError:
            continue
        said = WORDING.period(period)
        assert "{" not in said
        for end in {period.start, period.end} - {None}:
            assert end is not None
            assert str(end.low.year) in said or (end.high.year == end.low.year + 1)
            if end.precision == "day":
                assert re.search(rf"\b{end.low.day}\b", said)
        assert ("about" in said) is any(
            end.approximate for end in (period.start, period.end) if end
        )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "text", ["9" * 24, "-" + "9" * 24, "0." + "0" * 21 + "1", "9" * 24 + " billion"]
)
def test_the_longest_numbers_allowed_keep_all_their_digits(text: str, form: Form) -> None:
    number = parse_number(text)
    assert parse_number(words(QualifiedNumber(number), None, form)).value == number.value


def test_a_number_longer_than_that_is_refused_before_it_is_worded() -> None:
    with pytest.raises(ValueError, match="digits"):
        parse_number("9" * 25)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (amount("-31", "less than"), "car", "at least 32 fewer cars"),
        (amount("-31", "at most"), "car", "at least 31 fewer cars"),
        (amount("-1", "less than"), "car", "at least 2 fewer cars"),
        (amount("-1"), "car", "1 fewer car"),
        (amount("-40", "range", "-31"), "car", "31 to 40 fewer cars"),
        (amount("-1,000", "about"), "car", "about 1,000 fewer cars"),
        (amount("31", "more than"), "car", "at least 32 more cars"),
        (amount("31"), "car", "31 more cars"),
        (amount("-31", "less than"), "USD", "more than 31 US dollars less"),
        (amount("-2 million"), "USD", "2 million US dollars less"),
        (amount("2 million"), "USD", "2 million US dollars more"),
        (amount("1 million"), "USD", "1 million US dollars more"),
        (amount("-3 million", "range", "-2 million"), "USD", "2 to 3 million US dollars less"),
        (amount("-31", "up to"), "car", "at least 31 fewer cars"),
        (amount("1"), "car", "1 more car"),
        (amount("1"), "USD", "1 US dollar more"),
        (amount("0", "range", "1"), "car", "0 to 1 car"),
        (amount("-2", "range", "-1"), "car", "1 to 2 fewer cars"),
        (amount("1", "more than"), "USD", "more than 1 US dollar more"),
        (amount("0", "more than"), "car", "at least 1 more car"),
        # of either sign, or of no thing that can be counted or paid: as anywhere else
        (amount("-31", "more than"), "car", "more than −31 cars"),
        (amount("-3", "range", "5"), "car", "−3 to 5 cars"),
        (amount("0"), "car", "no cars"),
        (amount("-4.5"), "percent", "−4.5 percent"),
        (amount("-4.5"), None, "−4.5"),
    ],
)
def test_a_difference_is_said_without_its_sign(
    value: QualifiedNumber, unit: str | None, expected: str
) -> None:
    assert words(value, unit, "difference") == expected


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval(None, Fraction(-1000), high_open=True), "below −1,000"),
        (Interval(None, Fraction(-1000)), "−1,000 and below"),
        (Interval(Fraction(1, 2), None, low_open=True), "above 0.5"),
        (Interval(Fraction(1, 2), None), "0.5 and above"),
        (Interval.point(5), "5 and no other number"),
        (Interval(Fraction(1), Fraction(5)), "from 1 to 5"),
        (Interval(Fraction(1), Fraction(5), high_open=True), "from 1 up to, but not including, 5"),
    ],
)
def test_a_set_in_words(interval: Interval, expected: str) -> None:
    assert WORDING.set_of(interval) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "1 kB"),
        (34_600, "35 kB"),
        (900_600, "901 kB"),
        (999_499, "999 kB"),
        (1_000_000, "1.0 MB"),
        (2_249_999, "2.2 MB"),
        (99_950_600, "100.0 MB"),
    ],
)
def test_the_size_of_a_file(size: int, expected: str) -> None:
    assert WORDING.file_size(size).replace("\N{NO-BREAK SPACE}", " ") == expected


def test_a_value_is_said_in_words_unless_another_form_is_asked_for() -> None:
    assert WORDING.value(amount("0"), "car") == "no cars"
    assert WORDING.value(amount("10,000"), "car") == "10,000 cars"


@pytest.mark.parametrize(
    ("unit", "count", "expected"),
    [
        ("percent", None, "percent"),
        ("times", None, "times"),
        (None, None, ""),
        ("car", None, "cars"),
        ("car", Decimal(1), "car"),
        ("car", Decimal(2), "cars"),
        ("sheep", Decimal(1), "sheep"),
    ],
)
def test_the_name_of_a_unit(unit: str | None, count: Decimal | None, expected: str) -> None:
    assert WORDING.unit(unit, count) == expected


def test_what_lacks_a_language_is_said_in_the_default_one() -> None:
    both = {"en": Plural(one="car", other="cars"), "az": Plural(other="maşın")}
    names = {"lamp": Name(label={"en": "Lamp", "az": "Lampa"})}
    wording = Wording("en", {"car": Unit(label=both), **UNIT_OF_MONEY}, names)
    wording.language = "az"
    assert (wording.unit("car"), wording.unit("USD")) == ("maşın", "US dollars")
    assert (wording.name("lamp"), wording.name("other")) == ("Lampa", "other")
    assert wording.text({"en": "A shed"}) == "A shed"
    alike = {"pages": {"other": "{number} səhifə"}, "times": {"other": "{number} dəfə"}}
    wording.words = wording.words | {"percent": "{number} faiz"} | alike
    assert (wording.unit("percent"), wording.unit("times")) == ("faiz", "times")
    assert wording.counted("pages", 1) == "1 səhifə"
    assert wording.value(amount("1"), "times") == "1 dəfə"
    wording.words = wording.words | {"scales": {6: {"one": "миллион", "other": "миллиона"}}}
    assert wording.value(amount("1 million"), None) == "1\N{NO-BREAK SPACE}миллион"


def test_numbers_dates_and_lists_follow_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    words = WORDING.words | {"locale": "de_DE"}
    monkeypatch.setattr("factsheet.text.format.words_file", lambda _: words)
    wording = Wording("en", {}, {})
    assert wording.value(amount("1,000.50"), None) == "1.000,50"
    assert wording.period(parse_period("2018-03")) == "März 2018"
    assert wording.value(Names(("Ada", "Bo")), None) == "Ada und Bo"


@pytest.mark.parametrize(
    ("what", "number", "expected"),
    [
        ("days", 1, "1 day"),
        ("pages", 1400, "1,400 pages"),
        ("table_rows", 0, "0 rows"),
    ],
)
def test_how_many_there_are(what: str, number: int, expected: str) -> None:
    assert WORDING.counted(what, number) == expected


@pytest.mark.parametrize(
    ("value", "qualifier", "written"),
    [
        (amount("14.08 million", "about"), "about", ("14080000", None)),
        (amount("-1.50"), "exactly", ("-1.5", None)),
        (amount("1 thousand", "range", "2,000"), "range", ("1000", "2000")),
        (NoWholeNumber(Number(Decimal("29.8")), Number(Decimal(30))), "range", ("29.8", "30")),
        (parse_period("2018-03~/.."), "exactly", ("2018-03~/..", None)),
        (Names(("euro_5", "Khazar")), "exactly", ("Euro 5; Khazar", None)),
    ],
)
def test_a_value_for_machines(
    value: Value, qualifier: str, written: tuple[str, str | None]
) -> None:
    assert qualifier_of(value) == qualifier
    assert machine_value(value, WORDING) == written


def test_downloads_have_every_form_in_which_a_page_can_say_a_value() -> None:
    assert {*Forms.model_fields, "words"} == set(FORMS)
