"""What formulas give: in any order of the file, in the right unit, or a fault that says why."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.sheets import claim, indicator, read_sheet, told

Json = dict[str, Any]


def derived(formula: str, **inputs: str) -> Json:
    return {"formula": formula, "inputs": inputs}


def faults(root: Path, indicators: dict[str, Json], **more: Any) -> list[str]:
    """What ``check`` says, without file and line."""
    sheet = read_sheet(root, indicators, allow_faults=True, **more)
    return [fault.split(": ", 1)[1] for fault in sheet.faults]


CHAIN = {
    "north": indicator("count", {"2017": [claim("10")]}, derived={
        "2018": derived("x + 1", x="south 2018"),
    }),
    "south": indicator("count", derived={"2018": derived("x + 1", x="north 2017")}),
    "both": indicator("count", formula="n + s", inputs={"n": "north", "s": "south"}),
}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(CHAIN)), ids="-".join)
def test_a_figure_is_derived_whatever_the_order_of_the_file(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    sheet = read_sheet(tmp_path, {name: CHAIN[name] for name in order})
    figures = {key: sheet.figure(key) for key in ("north-2018", "south-2018", "both-2018")}
    assert figures == {"north-2018": "12", "south-2018": "11", "both-2018": "23"}


def test_running_totals_rest_on_each_other_from_the_last_to_the_first(tmp_path: Path) -> None:
    years = {
        str(year): derived("before + 1", before=f"total {year - 1}")
        for year in range(2010, 2000, -1)
    }
    given = {"total": indicator("count", {"2000": [claim("5")]}, derived=years)}
    assert read_sheet(tmp_path, given).figure("total-2010") == "15"


def test_a_circle_is_told_once_by_the_periods_that_make_it(tmp_path: Path) -> None:
    given = {
        "north": indicator("count", {"2017": [claim("10")]}, derived={
            "2018": derived("x + 1", x="south 2018"),
        }),
        "south": indicator("count", derived={"2018": derived("x + 1", x="north 2018")}),
    }  # fmt: skip
    assert faults(tmp_path, given) == [
        (
            "a circle of formulas: north 2018 → south 2018 → north 2018"
            " — let one of them rest on a claim"
        )
    ]


def test_a_formula_whose_inputs_share_no_period_is_a_fault(tmp_path: Path) -> None:
    given = {
        "north": indicator("count", {"2017": [claim("10")]}),
        "south": indicator("count", {"2018": [claim("20")]}),
        "both": indicator("count", formula="n + s", inputs={"n": "north", "s": "south"}),
    }
    assert faults(tmp_path, given) == [
        'the formula gives nothing: its inputs share no period — give periods under "inputs:"'
    ]


def ratio(unit: str, formula: str, measure: str = "rate") -> dict[str, Json]:
    return {
        "visits": indicator("count", {"2018": [claim("150")], "2019": [claim("300")]}),
        "share": indicator("share", [claim("40")], unit="percent"),
        "lit": indicator("date", [claim("1901-06-30")]),
        "seen": indicator("date", [claim("1901-07-10")]),
        "result": indicator(
            measure,
            unit=unit,
            formula=formula,
            inputs={
                name: text
                for name, text in {
                    "a": "visits 2018", "b": "visits 2019", "p": "share", "d": "lit", "e": "seen",
                }.items()
                if name in formula.replace("percent", "").split()
            },
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "formula", "value"),
    [
        ("times", "b / a", "2"),
        ("percent", "a / b", "50"),
        ("percent", "( b - a ) / b", "50"),
        ("percent", "p", "40"),
        ("percent", "p + p", "80"),
        ("visitor", "b - a", "150"),
        ("visitor", "p * b", "120"),
    ],
)
def test_what_has_no_unit_is_a_multiple_or_a_share(
    tmp_path: Path, unit: str, formula: str, value: str
) -> None:
    assert read_sheet(tmp_path, ratio(unit, formula)).figure("result") == value


@pytest.mark.parametrize("unit", ["times", "percent"])
@pytest.mark.parametrize("formula", ["b - a", "a", "a + b"])
def test_what_has_a_unit_is_no_multiple_and_no_share(
    tmp_path: Path, unit: str, formula: str
) -> None:
    assert faults(tmp_path, ratio(unit, formula)) == [
        f"the formula gives visitor, not {unit} — divide by a figure in the same unit"
    ]


DAYS: Json = {"units": {
    "visitor": {"whole": "true", "label": {"en": {"one": "visitor", "other": "visitors"}}},
    "day": {"whole": "true", "label": {"en": {"one": "day", "other": "days"}}},
}}  # fmt: skip


def test_the_distance_of_two_dates_is_in_days(tmp_path: Path) -> None:
    assert read_sheet(tmp_path, ratio("day", "e - d"), **DAYS).figure("result") == "10"


@pytest.mark.parametrize(
    "formula", ["d - 30", "d + 30", "30 - d", "d * 2", "e / d", "- d", "d + e"]
)
def test_nothing_else_is_done_with_dates(tmp_path: Path, formula: str) -> None:
    assert faults(tmp_path, ratio("day", formula), **DAYS) == [
        (
            "a date can only be compared with a date, or subtracted from one"
            " — subtract one date from the other first"
        )
    ]


@pytest.mark.parametrize(("rule", "is_fault"), [
    ("lit < seen", False), ("lit <= 5", True), ("lit < share", True), ("seen - lit <= 5", False),
])  # fmt: skip
def test_a_rule_compares_dates_with_dates(tmp_path: Path, rule: str, is_fault: bool) -> None:
    check = {"order": {"label": {"en": "In order"}, "rule": rule}}
    found = faults(tmp_path, ratio("day", "e - d"), checks=check, **DAYS)
    assert any("a date can only be compared with a date" in text for text in found) == is_fault


def bound(text: str) -> dict[str, Json]:
    return {
        "visits": indicator("count", {"2018": [claim("150")]}),
        "all": indicator("count", {"2018": [claim("200")]}),
        "rest": indicator("count", formula="all - a", inputs={"all": "all 2018", "a": text}),
    }


@pytest.mark.parametrize(("text", "value"), [
    ("visits 2018", "50"), ("up to visits 2018", "50 to 200"), ("at most visits 2018", "50 to 200"),
    ("less than visits 2018", "51 to 200"), ("at least visits 2018", "at most 50"),
    ("more than visits 2018", "less than 50"),
])  # fmt: skip
def test_an_input_is_whole_or_one_of_the_bounds(tmp_path: Path, text: str, value: str) -> None:
    assert read_sheet(tmp_path, bound(text)).figure("rest") == value


def test_what_rests_on_single_figures_has_one_period(tmp_path: Path) -> None:
    sums = indicator(
        "count", formula="a + a", inputs={"a": "visits 2018"}, periods=["2018", "2019"]
    )
    assert faults(tmp_path, bound("visits 2018") | {"sums": sums}) == [
        'several periods, but every input has its own — keep one under "periods:"'
    ]


def test_a_period_that_an_input_lacks_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    sums = indicator("count", formula="a + a", inputs={"a": "visits"}, periods=["2018", "2019"])
    sheet = read_sheet(tmp_path, bound("visits 2018") | {"sums": sums}, allow_faults=True)
    (fault,) = sheet.faults
    place, what = fault.split(": ", 1)
    assert what.startswith('no value of each input for "2019"')
    line = (
        (tmp_path / "data/facts.yaml").read_text("utf-8").split("\n")[int(place.split(":")[1]) - 1]
    )
    assert line.strip() == "periods:"


@pytest.mark.parametrize(
    ("measure", "unit", "text", "what"),
    [
        ("share", "percent", "50 to 101", "101 percent is no share"),
        ("count", "visitor", "1 to 2.5", "2.5 is not a whole number of visitor"),
    ],
)
def test_an_end_that_cannot_be_is_told_at_its_own_line(
    tmp_path: Path, measure: str, unit: str, text: str, what: str
) -> None:
    given = {"visits": indicator(measure, [claim(text)], unit=unit)}
    (fault,) = read_sheet(tmp_path, given, allow_faults=True).faults
    place, told = fault.split(": ", 1)
    lines = (tmp_path / "data/facts.yaml").read_text("utf-8").split("\n")
    assert told.startswith(what)
    assert lines[int(place.split(":")[1]) - 1].strip().startswith("high:")


def test_a_formula_may_rest_on_one_further_down(tmp_path: Path) -> None:
    given = {
        "last": indicator("count", formula="y + y", inputs={"y": "next"}),
        "next": indicator("count", formula="x + x", inputs={"x": "visits 2018"}),
    }
    assert read_sheet(tmp_path, given | bound("visits 2018")).figure("last") == "600"


def test_an_input_called_like_a_language_is_no_prose(tmp_path: Path) -> None:
    less = indicator("count", formula="en - 1", inputs={"en": "visits 2018"})
    assert read_sheet(tmp_path, bound("visits 2018") | {"less": less}).figure("less") == "149"


@pytest.mark.parametrize("qualifier", ["about", "nearly", "exactly", "range"])
def test_a_qualifier_that_is_no_bound_is_refused(tmp_path: Path, qualifier: str) -> None:
    assert faults(tmp_path, bound(f"{qualifier} visits 2018")) == [
        (
            f'"{qualifier}" before a figure is no bound'
            " — delete it, or write up to, at most, less than, at least or more than"
        )
    ]


def test_a_faulty_claim_is_told_once_and_not_for_all_that_rests_on_it(tmp_path: Path) -> None:
    given = bound("visits 2018") | {"visits": indicator("count", {"2018": [claim("150.5")]})}
    check = {"some": {"label": {"en": "Some"}, "rule": "rest > 0"}}
    (fault,) = faults(tmp_path, given, checks=check)
    assert fault.startswith('"150.5" has a point')


GIVEN = {
    "visits": indicator("count", {"2018": [claim("150")], "2019": [claim("450")]}),
    "other": indicator("count", {"2020": [claim("5")]}),
    "lamp": indicator("name", [claim("the Mark 2")]),
}
X, XY = {"x": "visits 2018"}, {"x": "visits 2018", "y": "visits 2019"}
ALLOWED = "use names, numbers, + - * / and brackets"
A_STEP = 'write a step, such as "0.1"'
NOTHING = "rounding leaves nothing of it — write a smaller step"
BROKEN: dict[str, tuple[Json, str, str]] = {
    "no formula": (
        {"formula": "x +", "inputs": X}, f'"x +" is not a formula — {ALLOWED}', "formula: x +"
    ),
    "an input left out": (
        {"formula": "x + z", "inputs": X},
        'no input is called "z" — add "z:" under "inputs:"', "formula: x + z",
    ),
    "an input misspelt": (
        {"formula": "now + noww", "inputs": {"now": "visits 2018"}},
        'no input is called "noww" — did you mean now?', "formula: now + noww",
    ),
    "an unknown figure": (
        {"formula": "x", "inputs": {"x": "visitss 2018"}},
        'unknown figure "visitss" — did you mean visits?', "x: visitss 2018",
    ),
    "an unknown period": (
        {"formula": "x", "inputs": {"x": "visits 2017"}},
        '"visits" has no period "2017" — it has 2018, 2019', "x: visits 2017",
    ),
    "no period shared": (
        {"formula": "x + y", "inputs": {"x": "visits", "y": "other"}},
        'the formula gives nothing: its inputs share no period — give periods under "inputs:"',
        "formula: x + y",
    ),
    "another unit": (
        {"formula": "x", "inputs": X, "unit": "m"},
        'the formula gives visitor, not m — write "unit: visitor", or correct the formula',
        "formula: x",
    ),
    "a name": (
        {"formula": "x", "inputs": {"x": "lamp"}},
        '"lamp" is a name, not a number — use a figure with a unit', "formula: x",
    ),
    "any number": (
        {"formula": "x - y", "inputs": {"x": "at least visits 2018", "y": "at least visits 2019"}},
        "the result can be any number — give the inputs bounds", "formula: x - y",
    ),
    "no end of decimals": (
        {"formula": "x / y", "inputs": XY, "unit": "times"},
        'the result has no end of decimals — add "round:", such as "round: 0.1"', "formula: x / y",
    ),
    "a step too large": (
        {"formula": "x / y", "inputs": XY, "unit": "times", "round": "10"},
        NOTHING, "formula: x / y",
    ),
    "a step too large for what is below zero": (
        {"formula": "-x / y", "inputs": XY, "unit": "times", "round": "10"},
        NOTHING, "formula: -x / y",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_derived_is_told_once_at_its_line(tmp_path: Path, case: str) -> None:
    fields, what, line = BROKEN[case]
    more = {
        "bad": indicator("rate", **({"unit": "visitor"} | fields)),
        "over": indicator("rate", unit="times", formula="b / b", inputs={"b": "bad"}),
        "then": indicator("rate", unit="times", formula="b / b", inputs={"b": "bad 2018"}),
    }
    check = {"some": {"label": {"en": "Some"}, "rule": "bad > 0"}}
    assert told(tmp_path, GIVEN | more, checks=check) == [(what, line)]


def test_each_input_left_out_is_told(tmp_path: Path) -> None:
    bad = indicator("rate", unit="visitor", formula="x + y + z", inputs=X)
    assert faults(tmp_path, GIVEN | {"bad": bad}) == [
        f'no input is called "{name}" — add "{name}:" under "inputs:"' for name in "yz"
    ]


@pytest.mark.parametrize(
    ("formula", "x", "what"),
    [
        ("x", "lamp", '"lamp" is a name, not a number — use a figure with a unit'),
        ("x +", "visits 2018", f'"x +" is not a formula — {ALLOWED}'),
    ],
)
def test_one_that_is_calculated_for_a_period_alone_is_told_at_its_own_formula(
    tmp_path: Path, formula: str, x: str, what: str
) -> None:
    made = indicator("count", {"2018": [claim("9")]}, derived={"2019": derived(formula, x=x)})
    found = told(tmp_path, GIVEN | {"made": made})
    assert found == [(what, f"formula: {formula}")]


FAULTY: dict[str, tuple[Json, str, str]] = {
    "an input too many": (
        {"inputs": X | {"q": "visits 2019"}}, 'the formula has no "q" — delete the input',
        "q: visits 2019",
    ),
    "a step of zero": ({"round": "0"}, f"the step is not above zero — {A_STEP}", "round: '0'"),
    "a step below": ({"round": "-1"}, f"the step is not above zero — {A_STEP}", "round: '-1'"),
    "no step": (
        {"round": "a tenth"}, f'"a tenth" is not a number — {A_STEP}', "round: a tenth",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_wrong_beside_a_formula_is_told_at_its_line(tmp_path: Path, case: str) -> None:
    fields, what, line = FAULTY[case]
    right: Json = {"formula": "x", "inputs": X}
    made = indicator("count", **(right | fields))
    assert told(tmp_path, GIVEN | {"made": made}) == [(what, line)]


def chain(length: int) -> dict[str, Json]:
    years = range(2000 + length, 2000, -1)
    formulas = {str(year): derived("x + 1", x=f"total {year - 1}") for year in years}
    return {"total": indicator("count", {"2000": [claim("5")]}, derived=formulas)}


def test_a_chain_of_formulas_has_an_end(tmp_path: Path) -> None:
    assert read_sheet(tmp_path / "50", chain(50)).figure("total-2050") == "55"
    what = "a chain of more than 50 formulas, each resting on the next"
    hint = "let one of them rest on a claim"
    assert told(tmp_path / "51", chain(51)) == [(f"{what} — {hint}", "total:")]


CIRCLES: dict[str, tuple[dict[str, Json], str, str]] = {
    "without periods": (
        {
            "a": indicator("count", formula="x", inputs={"x": "b"}),
            "b": indicator("count", formula="y", inputs={"y": "a"}),
        },
        "a → b → a", "formula: x",
    ),
    "of itself": (
        {"a": indicator("count", formula="x", inputs={"x": "a"})}, "a → a", "formula: x"
    ),
    "with a period and without": (
        {
            "a": indicator("count", derived={"2018": derived("x", x="b")}),
            "b": indicator("count", formula="y", inputs={"y": "a 2018"}),
        },
        "a 2018 → b → a 2018", "a:",
    ),
    "that others lead to": (
        {
            "z": indicator("count", formula="v", inputs={"v": "a"}),
            "a": indicator("count", formula="x", inputs={"x": "b"}),
            "b": indicator("count", formula="y", inputs={"y": "a"}),
        },
        "a → b → a", "formula: x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CIRCLES)
def test_a_circle_is_told_once_where_it_begins(tmp_path: Path, case: str) -> None:
    given, circle, line = CIRCLES[case]
    hint = "let one of them rest on a claim"
    assert told(tmp_path, given) == [(f"a circle of formulas: {circle} — {hint}", line)]


def test_of_the_periods_that_inputs_share_those_asked_for_are_made(tmp_path: Path) -> None:
    years = {str(year): [claim(str(year - 2000))] for year in range(2010, 2014)}
    few = {year: years[year] for year in ("2011", "2012", "2013")}
    given = {
        "more": indicator("count", years),
        "less": indicator("count", few),
        "all": indicator("count", formula="m + n", inputs={"m": "more", "n": "less"}),
        "two": indicator("count", formula="m + n", inputs={"m": "more", "n": "less"},
                         periods=["2013", "2011"]),
        "one": indicator("count", formula="m + n", inputs={"m": "more 2010", "n": "less 2013"}),
        "then": indicator("count", formula="m + n", inputs={"m": "more 2010", "n": "less 2013"},
                          periods=["2013"]),
        "mixed": indicator("count", formula="m + n", inputs={"m": "more 2010", "n": "less"}),
    }  # fmt: skip
    sheet = read_sheet(tmp_path, given)
    made = {o["id"]: o["value"] for o in sheet.facts["observations"] if not o["claims"]}
    assert made == {
        "all-2011": "22", "all-2012": "24", "all-2013": "26",
        "two-2011": "22", "two-2013": "26", "one": "23", "then-2013": "23",
        "mixed-2011": "21", "mixed-2012": "22", "mixed-2013": "23",
    }  # fmt: skip


def test_a_difference_may_be_nothing(tmp_path: Path) -> None:
    made = indicator("count", formula="x - y", inputs={"x": "visits 2018", "y": "visits 2018"})
    assert read_sheet(tmp_path, GIVEN | {"made": made}).figure("made") == "0"


def test_periods_asked_for_in_vain_are_told_with_those_there_are(tmp_path: Path) -> None:
    made = indicator("count", formula="x", inputs={"x": "visits"}, periods=["2019", "2017", "2016"])
    assert told(tmp_path, GIVEN | {"made": made}) == [
        (f'no value of each input for "{year}" — it has 2018, 2019', "periods:")
        for year in ("2016", "2017")
    ]
