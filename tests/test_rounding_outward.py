"""Calculated sets are rounded outward: what was possible stays possible.

A single number is rounded to the nearest step, the half upward; an end of a set is moved away
from the set. Of whole things only whole numbers can be true, so there the ends are drawn in to
the nearest whole numbers within.
"""

from pathlib import Path

import pytest

from tests.sheets import claim, indicator, read_sheet

# Formula, the claim for "x", the step, what the result says.
ROUNDED = {
    "a single number, down": ("x / 3", "10", "0.1", "3.3"),
    "a single number, up": ("x / 3", "11", "0.1", "3.7"),
    "a single number, half up": ("x / 4", "10", "1", "3"),
    "a single number, to tens": ("x * 7", "13", "10", "90"),
    "the lower end goes down": ("x / 3", "more than 11", "0.1", "more than 3.6"),
    "the lower end goes down, kept": ("x / 3", "at least 11", "0.1", "at least 3.6"),
    "the upper end goes up": ("x / 3", "at most 10", "0.1", "at most 3.4"),
    "the upper end goes up, left out": ("x / 3", "less than 10", "0.1", "less than 3.4"),
    "both ends go outward": ("x / 3", "10 to 14", "0.1", "3.3 to 4.7"),
    "both ends go outward, to tens": ("x * 7", "13 to 27", "10", "90 to 190"),
    "what rounding left open": ("x / 3", "rounded 1.1 thousand", "1", "350 to 384"),
    "nearly": ("x / 7", "nearly 10", "0.01", "1.28 to 1.43"),
    "an end on the step stays": ("x / 4", "10 to 14", "0.5", "2.5 to 3.5"),
    "a product, divided": ("x * 4 / 3", "less than 100", "0.1", "less than 133.4"),
}


@pytest.mark.parametrize("case", ROUNDED)
def test_ends_are_rounded_away_from_the_set(tmp_path: Path, case: str) -> None:
    formula, text, step, shown = ROUNDED[case]
    given = {
        "given": indicator("stock", [claim(text)], unit="visitor"),
        "result": indicator("stock", formula=formula, inputs={"x": "given"}, round=step),
    }
    assert read_sheet(tmp_path, given).figure("result") == shown


@pytest.mark.parametrize("less", ["49.99", "50.01"])
def test_what_is_not_nought_is_not_rounded_to_it(tmp_path: Path, less: str) -> None:
    given = {
        "given": indicator("stock", [claim("50")]),
        "less": indicator("stock", [claim(less)]),
        "result": indicator(
            "stock", formula="x - y", inputs={"x": "given", "y": "less"}, round="0.1"
        ),
    }
    (fault,) = read_sheet(tmp_path, given, allow_faults=True).faults
    assert fault.endswith("rounding leaves nothing of it — write a smaller step")


# Half of so many visitors: the set of whole numbers that it can be.
WHOLE = {
    "exactly, even": ("10", "5"),
    "at least, odd": ("at least 11", "at least 6"),
    "more than, odd": ("more than 11", "at least 6"),
    "more than, even": ("more than 10", "more than 5"),
    "at most, odd": ("at most 11", "at most 5"),
    "less than, odd": ("less than 11", "at most 5"),
    "a range, odd": ("11 to 15", "6 to 7"),
    "a range, even": ("10 to 14", "5 to 7"),
    "a range that holds one whole number": ("9 to 11", "5"),
    "about": ("about 100", "about 50"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_of_whole_things_only_whole_numbers_are_left(tmp_path: Path, case: str) -> None:
    text, shown = WHOLE[case]
    given = {
        "given": indicator("count", [claim(text)]),
        "two": indicator("rate", [claim("2")], unit="times"),
        "result": indicator("count", formula="x / two", inputs={"x": "given", "two": "two"}),
    }
    assert read_sheet(tmp_path, given).figure("result") == shown


# A part of a number of visitors that no whole number of visitors can be.
NO_WHOLE = {
    "a half": ("2", "11", None, "5.5 to 5.5"),
    "a set between two": ("10", "21 to 23", None, "2.1 to 2.3"),
    "a set between two, rounded outward": ("30", "65 to 68", None, "2.16 to 2.27"),
    "a set between two, to its step": ("30", "65 to 68", "0.1", "2.1 to 2.3"),
}


@pytest.mark.parametrize("case", NO_WHOLE)
def test_where_no_whole_number_fits_the_figure_says_so(tmp_path: Path, case: str) -> None:
    divisor, text, step, shown = NO_WHOLE[case]
    result = indicator("count", formula="x / parts", inputs={"x": "given", "parts": "parts"})
    given = {
        "given": indicator("count", [claim(text)]),
        "parts": indicator("rate", [claim(divisor)], unit="times"),
        "result": result | ({"round": step} if step else {}),
    }
    sheet = read_sheet(tmp_path, given)
    assert sheet.figure("result") == shown
    assert sheet.observation("result")["text"]["en"].startswith("no whole number of visitors")
    assert "impossible" in sheet.observation("result")["status"]
