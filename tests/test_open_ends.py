"""Ends that are left out stay left out, from the claim to ``facts.json`` and through formulas.

"More than 10" leaves 10 out below it, "less than 10" and "nearly 10" leave it out above them;
"at least" and "at most" keep it.
"""

from pathlib import Path

import pytest

from tests.sheets import claim, indicator, read_sheet

# A claim; its qualifier, value and upper value in the file; whether either end is left out.
CLAIMS = {
    "10": ("exactly", "10", None, False, False),
    "more than 10": ("more than", "10", None, True, False),
    "at least 10": ("at least", "10", None, False, False),
    "less than 10": ("less than", "10", None, False, True),
    "at most 10": ("at most", "10", None, False, False),
    "up to 10": ("up to", "10", None, False, False),
    "nearly 10": ("nearly", "10", None, False, True),
    "about 10": ("about", "10", None, False, False),
    "10 to 12": ("range", "10", "12", False, False),
    "rounded 10.5": ("exactly", "10.5", None, False, True),
    "rounded 1.5 thousand": ("exactly", "1500", None, False, True),
    "more than 1.5 million": ("more than", "1500000", None, True, False),
}


@pytest.mark.parametrize("text", CLAIMS)
def test_from_a_claim_to_json(tmp_path: Path, text: str) -> None:
    sheet = read_sheet(tmp_path, {"thing": indicator("stock", [claim(text)])})
    found = sheet.observation("thing")
    keys = ("qualifier", "value", "high", "low_open", "high_open")
    assert tuple(found[key] for key in keys) == CLAIMS[text]
    (only,) = found["claims"]
    assert (only["qualifier"], only["value"], only["high"]) == CLAIMS[text][:3]
    assert only["rounded"] == text.startswith("rounded")


# Formula, the claim for "x" and how the formula takes it; what the result says, and its ends.
RESULTS = {
    # Through a product, each word stays what it was.
    "exactly": ("pair * x", "10", "", "20", False, False),
    "more than": ("pair * x", "more than 10", "", "more than 20", True, False),
    "at least": ("pair * x", "at least 10", "", "at least 20", False, False),
    "less than": ("pair * x", "less than 10", "", "less than 20", False, True),
    "at most": ("pair * x", "at most 10", "", "at most 20", False, False),
    "up to": ("pair * x", "up to 10", "", "at most 20", False, False),
    "about": ("pair * x", "about 10", "", "about 20", False, False),
    "a range": ("pair * x", "10 to 12", "", "20 to 24", False, False),
    # From a tenth below to the number itself; within half of the last digit on either side.
    "nearly": ("pair * x", "nearly 10", "", "18 to 20", None, None),
    "rounded": ("pair * x", "rounded 10.5", "", "20.9 to 21.1", None, None),
    # Sums and differences: 100 less what is above 10 is below 90.
    "sum with more than": ("x + more", "more than 10", "", "more than 15", True, False),
    "sum with at least": ("x + more", "at least 10", "", "at least 15", False, False),
    "difference with more than": ("most - x", "more than 10", "", "less than 90", False, True),
    "difference with at least": ("most - x", "at least 10", "", "at most 90", False, False),
    "difference with about": ("most - x", "about 10", "", "89.5 to 90.5", False, False),
    "difference of more than": ("x - less", "more than 10", "", "more than 6", True, False),
    "difference below nought": ("x - most", "at least 10", "", "at least -90", False, None),
    # A quotient turns the ends round: 100 by what is above 10 is below 10, and above nought.
    "quotient by more than": ("whole / x", "more than 10", "", "less than 10", None, True),
    "quotient by at least": ("whole / x", "at least 10", "", "at most 10", None, False),
    "quotient by a range": ("whole / x", "10 to 20", "", "5 to 10", False, False),
    # One left-out end is enough to leave out that of a product with an exact number.
    "product of more than": ("week * x", "more than 1,000", "", "more than 7000", True, False),
    # Taken as a bound only.
    "up to an exact one": ("pair * x", "10", "up to", "at most 20", False, False),
    "at most an exact one": ("pair * x", "10", "at most", "at most 20", False, False),
    "less than an exact one": ("pair * x", "10", "less than", "less than 20", False, True),
    "at least an exact one": ("pair * x", "10", "at least", "at least 20", False, False),
    "more than an exact one": ("pair * x", "10", "more than", "more than 20", True, False),
    "up to about": ("pair * x", "about 10", "up to", "at most 21", False, False),
    "less than about": ("pair * x", "about 10", "less than", "less than 21", False, True),
    "at least about": ("pair * x", "about 10", "at least", "at least 19", False, False),
    "more than about": ("pair * x", "about 10", "more than", "more than 19", True, False),
    "up to less than": ("pair * x", "less than 10", "up to", "less than 20", False, True),
    "less than at most": ("pair * x", "at most 10", "less than", "less than 20", False, True),
    "at most nearly": ("pair * x", "nearly 10", "at most", "less than 20", False, True),
    "at least more than": ("pair * x", "more than 10", "at least", "more than 20", True, False),
    "more than at least": ("pair * x", "at least 10", "more than", "more than 20", True, False),
    "up to a range": ("pair * x", "10 to 12", "up to", "at most 24", False, False),
    "less than a range": ("pair * x", "10 to 12", "less than", "less than 24", False, True),
    "at least a range": ("pair * x", "10 to 12", "at least", "at least 20", False, False),
    "difference with less than": ("most - x", "10", "less than", "90 to 100", None, False),
}


EXACT = {"most": "100", "more": "5", "less": "4"}
FACTORS = {"pair": "2", "week": "7", "whole": "100"}
"""Figures that the formulas above name."""


@pytest.mark.parametrize("case", RESULTS)
def test_through_a_formula_to_json(tmp_path: Path, case: str) -> None:
    formula, text, bound, shown, low_open, high_open = RESULTS[case]
    given = {
        "given": indicator("stock", [claim(text)]),
        **{name: indicator("stock", [claim(value)]) for name, value in EXACT.items()},
        **{
            name: indicator("rate", [claim(value)], unit="times") for name, value in FACTORS.items()
        },
        "result": indicator(
            "stock",
            formula=formula,
            inputs={
                "x": f"{bound} given".strip(),
                **{n: n for n in EXACT | FACTORS if n in formula},
            },
        ),
    }
    sheet = read_sheet(tmp_path, given)
    found = sheet.observation("result")
    assert sheet.figure("result") == shown
    # None: the words cannot tell whether the end is left out, so nothing is asked of the file.
    assert low_open in (None, found["low_open"])
    assert high_open in (None, found["high_open"])


def test_two_left_out_ends_meet_in_a_sum(tmp_path: Path) -> None:
    given = {
        "one": indicator("stock", [claim("more than 10")]),
        "other": indicator("stock", [claim("at least 20")]),
        "result": indicator(
            "stock", formula="one + other", inputs={"one": "one", "other": "other"}
        ),
    }
    sheet = read_sheet(tmp_path, given)
    assert sheet.figure("result") == "more than 30"
    assert sheet.observation("result")["low_open"]


def test_an_open_end_stays_so_through_two_formulas(tmp_path: Path) -> None:
    given = {
        "given": indicator("stock", [claim("10")]),
        "second": indicator("stock", formula="x + x", inputs={"x": "less than given"}),
        "most": indicator("stock", [claim("100")]),
        "rest": indicator("stock", formula="x - y", inputs={"x": "most", "y": "second"}),
        "last": indicator("stock", formula="y + y", inputs={"y": "second"}),
    }
    sheet = read_sheet(tmp_path, given)
    assert sheet.figure("last") == "less than 40"
    assert sheet.observation("last")["high_open"]
    assert sheet.observation("rest")["inputs"] == {"x": "most", "y": "second"}
    assert sheet.observation("second")["inputs"] == {"x": "less than given"}
