"""What a second calculation, which shares no code with the engine, makes of the same data.

``tests/sheets.py`` runs it on every sheet that a test of a rule makes, too.
"""

import ast
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Copy
from tests.recompute import differences
from tests.sheets import claim, indicator, read_sheet

Json = dict[str, Any]


@pytest.fixture(scope="module")
def real(built_site: Path) -> Json:
    found: Json = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    return found


def test_the_real_site_is_calculated_as_here(real: Json) -> None:
    assert differences(real) == []


def test_the_tiny_site_is_calculated_as_here(built_lighthouse: Copy) -> None:
    path = built_lighthouse.site / "data/facts.json"
    assert differences(json.loads(path.read_text("utf-8"))) == []


def test_it_knows_nothing_of_the_engine() -> None:
    tree = ast.parse((ROOT / "tests/recompute.py").read_text("utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    }
    assert imported
    assert not {name for name in imported if name and name.startswith(("factsheet", "tests"))}


def changed(facts: Json, change: Callable[[Json], None]) -> list[str]:
    planted = copy.deepcopy(facts)
    change(planted)
    return differences(planted)


def test_a_wrong_result_of_any_formula_is_told(real: Json) -> None:
    calculated = [o["id"] for o in real["observations"] if o["formula"]]

    def change(facts: Json) -> None:
        for o in facts["observations"]:
            if o["formula"]:
                o["value"] = str(float(o["value"]) + 0.001)

    told = changed(real, change)
    assert len(calculated) > 100
    for key in calculated:
        assert any(line.startswith(f"{key}: ('") for line in told), key


def test_another_result_of_any_check_is_told(real: Json) -> None:
    def change(facts: Json) -> None:
        for check in facts["checks"]:
            check["holds"] = {True: None, None: False, False: True}[check["holds"]]

    told = changed(real, change)
    assert len([line for line in told if line.startswith("check ")]) == len(real["checks"]) > 50


def test_another_verdict_on_any_promise_is_told(real: Json) -> None:
    def change(facts: Json) -> None:
        for entry in facts["verdicts"]:
            entry["verdict"] = "missed" if entry["verdict"] == "met" else "met"

    told = changed(real, change)
    unknown = [line for line in told if line.startswith("verdict ") and "not found" in line]
    assert len(unknown) == len(real["verdicts"]) > 100


def test_a_day_more_of_delay_is_told(real: Json) -> None:
    late = [entry for entry in real["verdicts"] if entry["days_late"]]

    def change(facts: Json) -> None:
        for entry in facts["verdicts"]:
            if entry["days_late"]:
                entry["days_late"]["most"] = str(int(entry["days_late"]["most"]) + 1)

    told = changed(real, change)
    assert len([line for line in told if "not found" in line]) == len(late) > 10


def test_a_dispute_left_out_is_told(real: Json) -> None:
    first = real["disputes"][0]["id"]
    told = changed(real, lambda facts: facts["disputes"].pop(0))
    assert f"case {first}: in one of the two only" in told


THINGS: Json = {
    "plant": indicator("count", {"2018": [claim("more than 1,000", 3)]}),
    "country": indicator(
        "count", {"2018": [claim("969", 1, rank="preferred"), claim("about 900", 2)]}
    ),
    "both": indicator("count", {"2018/2019": [claim("3,329", 1)]}),
    "tower": indicator("stock", [claim("rounded 31.5", 1)]),
    "plan": indicator(
        "count", {"2018": [claim("1,000", 2, due="2018")]}, stance="target", outcome="country"
    ),
    "part": indicator(
        "count", formula="a / b", inputs={"a": "plant 2018", "b": "tower"}, round="1",
        unit="visitor",
    ),
}  # fmt: skip
CHECKS: Json = {
    "within": {
        "label": {"en": "A part is not above its whole"},
        "rule": "plant <= country",
        "doubts": ["plant"],
        "known": {
            "2018": {
                "question": {"en": "How many?"},
                "write": {"en": 'at most {{ fig("country", "2018") }}'},
                "explanation": {"en": "It was counted otherwise."},
            }
        },
    }
}


def entry(facts: Json, kind: str, key: str) -> Json:
    found: list[Json] = [one for one in facts[kind] if one["id"] == key]
    assert len(found) == 1, f"{key} is there {len(found)} times"
    return found[0]


@pytest.mark.parametrize(("kind", "key", "changes", "told"), [
    ("observations", "country-2018", {"qualifier": "about"}, "country-2018: ('969'"),
    ("observations", "country-2018", {"status": []}, "country-2018: [], here ['disputed']"),
    ("observations", "tower", {"high_open": False}, "tower: open ends (False, False), here"),
    ("observations", "part", {"formula": "a * b"}, "part: ('32'"),
    ("observations", "part", {"inputs": {"a": "country-2018", "b": "tower"}}, "part: ('32'"),
    ("observations", "plan-2018", {"outcome": None}, "verdict Ruling(observation='plan-2018'"),
    ("checks", "within", {"rule": "plant >= country"}, "check within 2018: False, here True"),
    ("checks", "within", {"doubts": []}, "case check-within-2018: counted ['country-2018'], here"),
    ("disputes", "check-within-2018", {"said": []}, "case check-within-2018: said [], here"),
    ("disputes", "check-within-2018", {"kind": "note"}, "plant-2018: ['disputed'], here []"),
    ("disputes", "check-within-2018", {"write_figures": ["both-2018--2019"]},
     "advice check-within-2018: both-2018--2019 is not in its text"),
    ("disputes", "check-within-2018",
     {"write": {"en": "3,329 visitors"}, "write_figures": ["both-2018--2019"]},
     "advice check-within-2018: both-2018--2019 is of another period"),
    ("disputes", "check-within-2018",
     {"write": {"en": "more than 1,000 visitors"}, "write_figures": ["plant-2018"]},
     "advice check-within-2018: plant-2018 is in doubt itself"),
    ("disputes", "check-within-2018",
     {"write": {"en": "at most 31.5 metres"}, "write_figures": ["tower"]},
     "advice check-within-2018: tower is in m"),
    ("disputes", "check-within-2018",
     {"write": {"en": "at most 31 visitors"}, "write_figures": ["part"]},
     "advice check-within-2018: part is not in its text"),
])  # fmt: skip
def test_a_planted_difference_is_told(
    tmp_path: Path, kind: str, key: str, changes: Json, told: str
) -> None:
    facts = read_sheet(tmp_path, THINGS, checks=CHECKS).facts
    found = changed(facts, lambda planted: entry(planted, kind, key).update(changes))
    assert [line for line in found if line.startswith(told)], found


@pytest.mark.parametrize(("number", "changes", "told"), [
    (0, {"rank": "deprecated"}, "country-2018: ('969'"),
    (0, {"value": "920"}, "country-2018: ('969'"),
    (1, {"rank": "deprecated"}, "country-2018: ['disputed'], here []"),
    (1, {"source": "s-1"}, "case country-2018: sources ['s-1', 's-2'], here ['s-1']"),
])  # fmt: skip
def test_a_change_of_a_claim_is_told(tmp_path: Path, number: int, changes: Json, told: str) -> None:
    facts = read_sheet(tmp_path, THINGS, checks=CHECKS).facts

    def change(planted: Json) -> None:
        entry(planted, "observations", "country-2018")["claims"][number].update(changes)

    assert [line for line in changed(facts, change) if line.startswith(told)]


def test_a_result_that_no_whole_number_fits_is_no_advice(tmp_path: Path) -> None:
    given = THINGS | {
        "two": indicator("rate", [claim("2")], unit="times"),
        "part": indicator(
            "count", formula="a / b", inputs={"a": "country 2018", "b": "two"}, unit="visitor"
        ),
    }
    facts = read_sheet(tmp_path, given, checks=CHECKS).facts
    text = entry(facts, "observations", "part")["text"]
    advice = {"write": text, "write_figures": ["part"]}
    found = changed(
        facts, lambda planted: entry(planted, "disputes", "check-within-2018").update(advice)
    )
    assert "advice check-within-2018: part is no number" in found
