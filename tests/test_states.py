"""What a reader must know before using a figure: the states, from the claims to ``facts.json``."""

from pathlib import Path

import pytest

from tests.sheets import Json, claim, indicator, read_sheet

D = "deprecated"
RIVALS = [claim("100", 1, rank="preferred"), claim("200", 2)]
AGREEING = [claim("about 100", 1), claim("100", 2)]

ALONE: dict[str, tuple[str, str, list[Json], list[str]]] = {
    "one claim": ("stock", "outcome", [claim("100")], []),
    "claims that agree": ("stock", "outcome", AGREEING, []),
    "claims that cannot all be true": ("stock", "outcome", RIVALS, ["disputed"]),
    "a deprecated rival": ("stock", "outcome", [claim("100", 1), claim("200", 2, rank=D)], []),
    "preferred among those that agree": (
        "stock",
        "outcome",
        [claim("100", 1, rank="preferred"), claim("about 100", 2)],
        [],
    ),
    "ends that touch": (
        "stock",
        "outcome",
        [claim("at most 100", 1, rank="preferred"), claim("at least 100", 2)],
        [],
    ),
    "ends that touch, one left out": (
        "stock",
        "outcome",
        [claim("less than 100", 1, rank="preferred"), claim("at least 100", 2)],
        ["disputed"],
    ),
    "nearly leaves out its number": (
        "stock",
        "outcome",
        [claim("nearly 100", 1, rank="preferred"), claim("100", 2)],
        ["disputed"],
    ),
    "nearly reaches a tenth down": (
        "stock",
        "outcome",
        [claim("nearly 100", 1), claim("90", 2)],
        [],
    ),
    "nearly reaches no further": (
        "stock",
        "outcome",
        [claim("nearly 100", 1, rank="preferred"), claim("89.9", 2)],
        ["disputed"],
    ),
    "about reaches a twentieth up": (
        "stock",
        "outcome",
        [claim("about 100", 1), claim("105", 2)],
        [],
    ),
    "about reaches no further": (
        "stock",
        "outcome",
        [claim("about 100", 1, rank="preferred"), claim("105.1", 2)],
        ["disputed"],
    ),
    "rounded reaches half a digit down": (
        "stock",
        "outcome",
        [claim("rounded 10.5", 1), claim("10.45", 2)],
        [],
    ),
    "rounded leaves out half a digit up": (
        "stock",
        "outcome",
        [claim("rounded 10.5", 1, rank="preferred"), claim("10.55", 2)],
        ["disputed"],
    ),
    "a day within the month": (
        "date",
        "outcome",
        [claim("2020-06", 1), claim("2020-06-15", 2)],
        [],
    ),
    "a day after the month": (
        "date",
        "outcome",
        [claim("2020-06", 1, rank="preferred"), claim("2020-07-01", 2)],
        ["disputed"],
    ),
    "a day after about the month": (
        "date",
        "outcome",
        [claim("2020-06~", 1), claim("2020-07-01", 2)],
        [],
    ),
    "a promise": ("stock", "target", [claim("100")], ["planned"]),
    "promises that agree": ("stock", "target", AGREEING, ["planned"]),
    "promises that differ": ("stock", "target", RIVALS, ["planned", "plans differ"]),
    "a promise that was taken back": (
        "stock",
        "target",
        [claim("100", 1), claim("200", 2, rank=D)],
        ["planned"],
    ),
    "a forecast": ("stock", "forecast", [claim("100")], ["forecast"]),
    "forecasts that differ": ("stock", "forecast", RIVALS, ["forecast", "plans differ"]),
}


@pytest.mark.parametrize("case", ALONE)
def test_of_a_figure_that_sources_print(tmp_path: Path, case: str) -> None:
    measure, stance, claims, states = ALONE[case]
    sheet = read_sheet(tmp_path, {"thing": indicator(measure, claims, stance=stance)})
    assert sheet.observation("thing")["status"] == states


def calculated(of: str, formula: str = "x + x") -> Json:
    return indicator("stock", formula=formula, inputs={"x": of})


# The states of a figure that is calculated from "given", and of one calculated from that.
RESTING: dict[str, tuple[list[Json], str, list[str]]] = {
    "on a claim": ([claim("100")], "outcome", ["derived"]),
    "on claims that agree": (AGREEING, "outcome", ["derived"]),
    "on a disputed figure": (RIVALS, "outcome", ["derived", "disputed input"]),
    "on a promise": ([claim("100")], "target", ["derived"]),
    "on promises that differ": (RIVALS, "target", ["derived"]),
}


@pytest.mark.parametrize("case", RESTING)
def test_of_a_calculated_figure_and_of_what_rests_on_it(tmp_path: Path, case: str) -> None:
    claims, stance, states = RESTING[case]
    given = {
        "last": calculated("second"),
        "second": calculated("given"),
        "given": indicator("stock", claims, stance=stance),
    }
    sheet = read_sheet(tmp_path, given)
    assert sheet.observation("second")["status"] == states
    assert sheet.observation("last")["status"] == states


def test_a_calculated_promise_is_planned_and_calculated(tmp_path: Path) -> None:
    given = {"given": indicator("stock", [claim("100")], stance="target")}
    given["thing"] = calculated("given") | {"stance": "target"}
    assert read_sheet(tmp_path, given).observation("thing")["status"] == ["planned", "derived"]


# A broken rule makes doubtful what it names, and what rests on that; nothing else.
DOUBTS: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
    "nothing": ([], [], [], ["derived"]),
    "the part": (["part"], ["disputed"], [], ["derived", "disputed input"]),
    "the whole": (["whole"], [], ["disputed"], ["derived"]),
    "both": (["part", "whole"], ["disputed"], ["disputed"], ["derived", "disputed input"]),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_a_broken_rule_makes_doubtful_what_it_names(tmp_path: Path, case: str) -> None:
    doubts, of_part, of_whole, of_result = DOUBTS[case]
    given = {
        "part": indicator("stock", [claim("200")]),
        "whole": indicator("stock", [claim("100")]),
        "result": calculated("part"),
    }
    rule: Json = {
        "label": {"en": "A part is no more than the whole"},
        "rule": "part <= whole",
        "known": {"undated": {"explanation": {"en": "One of them is wrong."}}},
    }
    checks = {"parts": rule | ({"doubts": doubts} if doubts else {})}
    sheet = read_sheet(tmp_path, given, checks=checks)
    assert sheet.facts["checks"][0]["holds"] is False
    assert sheet.observation("part")["status"] == of_part
    assert sheet.observation("whole")["status"] == of_whole
    assert sheet.observation("result")["status"] == of_result


@pytest.mark.parametrize(
    ("part", "holds"), [("100", True), ("90", True), ("about 100", None), ("at least 90", None)]
)
def test_a_rule_that_is_not_surely_broken_makes_nothing_doubtful(
    tmp_path: Path, part: str, holds: bool | None
) -> None:
    given = {
        "part": indicator("stock", [claim(part)]),
        "whole": indicator("stock", [claim("100")]),
    }
    rule: Json = {
        "label": {"en": "A part is no more than the whole"},
        "rule": "part <= whole",
        "doubts": ["part"],
    }
    sheet = read_sheet(tmp_path, given, checks={"parts": rule})
    assert sheet.facts["checks"][0]["holds"] is holds
    assert sheet.observation("part")["status"] == []


def test_states_are_those_of_one_period(tmp_path: Path) -> None:
    given = {"thing": indicator("count", {"2019": [claim("100", 3)], "2020": RIVALS})}
    sheet = read_sheet(tmp_path, given)
    assert sheet.observation("thing-2019")["status"] == []
    assert sheet.observation("thing-2020")["status"] == ["disputed"]


def test_a_result_that_no_whole_number_fits_is_impossible(tmp_path: Path) -> None:
    given = {
        "given": indicator("count", [claim("11")]),
        "two": indicator("rate", [claim("2")], unit="times"),
        "part": indicator("count", formula="x / y", inputs={"x": "given", "y": "two"}),
    }
    assert read_sheet(tmp_path, given).observation("part")["status"] == ["derived", "impossible"]
