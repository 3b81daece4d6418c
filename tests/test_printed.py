"""A value that its own printed words contradict is named; words that bear it out are let be."""

import pytest

from tests.conftest import Copy


def said(copy: Copy, value: str, printed: str, more: str = "") -> list[str]:
    text = copy.read("data/facts.yaml")
    at = text.index("        - value: 250\n")
    end = text.index("\n", text.index("          printed: ", at)) + 1
    entry = f"        - {value}\n          source: log-book\n          printed: '{printed}'\n{more}"
    copy.write("data/facts.yaml", text[:at] + entry + text[end:])
    return [str(f) for f in copy.load()[1] if "printed" in f.what or "misprint" in f.what]


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("value: 1,124", "1,124 came"),
        ("value: 1,124", "1 124 nəfər"),
        ("value: 1,124", "1\u00a0124 человека"),
        ("value: 1,124", "1\u202f124 personnes"),
        ("value: 1,124", "1.124 Besucher"),
        ("value: 1,124", "1'124 visiteurs"),
        ("value: 1,124", "۱۱۲۴ نفر"),
        ("value: 1,124", "١٬١٢٤ زائر"),
        ("value: 15,000", "به ۱۵ هزار دستگاه"),
        ("value: 15 thousand", "15-20 min nəfər"),
        ("value: 14.4 million", "14,4 млн человек"),
        ("value: 14.225 million", "14.225 million came"),
        ("value: 24 million", "$24m of visits"),
        ("value: 250", "250 came by the Lamp Mark 2"),
    ],
)
def test_words_that_print_the_value(lighthouse: Copy, value: str, printed: str) -> None:
    assert said(lighthouse, value, printed) == []


@pytest.mark.parametrize(
    ("value", "printed", "shown"),
    [
        ("value: 1,124", "1,214 came", "1,214"),
        ("value: 1,124", "1 214 nəfər", "1 214"),
        ("value: 250", "300 and 700", "300, 700"),
        ("value: 250", "2,500 came", "2,500"),
        ("value: 10", "10.000 Besucher", "10.000"),
        ("value: 10,000", "10 минут, всего 12 тысяч", "10, 12 тысяч"),
        ("value: 250", "۲۶۰ نفر", "260"),
        ("value: 250", "nobody came", "no number"),
        ("value: 250", "in 2020 nobody came", "2020"),
        ("value: 250", "two hundred and fifty came", "no number"),
    ],
)
def test_words_that_print_another_number(
    lighthouse: Copy, value: str, printed: str, shown: str
) -> None:
    (fault,) = said(lighthouse, value, printed)
    assert f"is not in the printed words, which have {shown} —" in fault


def test_the_rare_case_has_a_field_that_is_held_to_its_word(lighthouse: Copy) -> None:
    words = "          printed_as: words\n"
    assert said(lighthouse, "value: 250", "a quarter of 1,000", words) == []
    for printed in ("two hundred and fifty", "in 2020 a quarter of them"):  # the field stays
        assert said(lighthouse, "value: 250", printed) == []
    (needless,) = said(lighthouse, "value: 250", "250 came")
    assert "the printed words have the value in figures — delete the line" in needless


def test_a_misprint_needs_a_remark(lighthouse: Copy) -> None:
    field = "          printed_as: misprint\n"
    (fault,) = said(lighthouse, "value: 250", "2500 came", field)
    assert 'a misprint without a remark — say why in "remark:"' in fault


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("lit on 4 May 1871", "1871"),
        ("lit in May", "month 5"),
        ("lit on 12 June 1901", "day 12"),
    ],
)
def test_words_that_print_another_date(lighthouse: Copy, printed: str, shown: str) -> None:
    text = lighthouse.read("data/facts.yaml")
    at = text.index("  lit_on:")
    start = text.index("printed: ", at)
    end = text.index("\n", start)
    lighthouse.write("data/facts.yaml", f"{text[:start]}printed: {printed}{text[end:]}")
    (fault,) = [str(f) for f in lighthouse.load()[1] if "printed" in f.what]
    assert f"which have {shown} —" in fault
