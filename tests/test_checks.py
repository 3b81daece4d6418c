"""Rules between figures, and what names figures: each fault is told once, at its line."""

from pathlib import Path
from typing import Any

import pytest

from tests.sheets import claim, indicator, told

Json = dict[str, Any]
WHY = {"explanation": {"en": "It was counted otherwise."}}
GIVEN: dict[str, Json] = {
    "visits": indicator("count", {"2018": [claim("150")], "2019": [claim("450")]}),
    "goal": indicator("count", {"2018": [claim("200")], "2019": [claim("400")]}),
    "near": indicator("count", {"2018": [claim("about 200")]}),
    "far": indicator("count", {"2020": [claim("5")]}),
    "sum": indicator("count", formula="v + g", inputs={"v": "visits", "g": "goal"}),
    "height": indicator("stock", [claim("31.5")]),
    "width": indicator("stock", [claim("40")]),
    "lamp": indicator("name", [claim("the Mark 2")]),
}
HINT = 'correct a value, or explain it under "known:" as "{}:"'
NEEDLESS = "delete the explanation, which is no longer needed"
RULES: dict[str, tuple[Json, str, str]] = {
    "no rule": (
        {"rule": "visits <"},
        '"visits <" is not a formula — write one comparison with <, <=, ==, >= or >',
        "rule: visits <",
    ),
    "an unknown figure in the rule": (
        {"rule": "visitss > 0"}, 'unknown figure "visitss" — did you mean visits?',
        "rule: visitss > 0",
    ),
    "an unknown figure as an input": (
        {"rule": "v > 0", "inputs": {"v": "visitss"}},
        'unknown figure "visitss" — did you mean visits?', "v: visitss",
    ),
    "an input too many": (
        {"rule": "visits > 0", "inputs": {"v": "goal"}}, 'the rule has no "v" — delete the input',
        "v: goal",
    ),
    "a doubt of what it does not use": (
        {"rule": "visits > 0", "doubts": ["visits", "goal"]},
        'the rule does not use "goal" — delete it here', "doubts:",
    ),
    "no period shared": (
        {"rule": "visits > far"},
        ("the rule gives nothing: its inputs share no period"
        ' — give periods under "inputs:"'), "rule: visits > far",
    ),
    "a name": (
        {"rule": "lamp > 0"}, '"lamp" is a name, not a number — use a figure with a unit',
        "rule: lamp > 0",
    ),
    "two units": (
        {"rule": "v < height", "inputs": {"v": "visits 2018"}},
        "units do not fit: visitor against m — compare and add only figures in one unit",
        "rule: v < height",
    ),
    "broken at one period": (
        {"rule": "visits >= goal"},
        ('"visits >= goal" does not hold for visits 2018 (150) and goal 2018 (200)'
        f" — {HINT.format(2018)}"), "rule: visits >= goal",
    ),
    "broken without a period": (
        {"rule": "height > width"},
        ('"height > width" does not hold for height (31.5) and width (40)'
        f" — {HINT.format('undated')}"), "rule: height > width",
    ),
    "broken by what is calculated": (
        {"rule": "s < v", "inputs": {"s": "sum 2018", "v": "visits 2018"}},
        ('"s < v" does not hold for sum 2018 (calculated) and visits 2018 (150)'
        f" — {HINT.format('undated')}"), "rule: s < v",
    ),
    "explained, though it holds": (
        {"rule": "visits >= goal", "known": {"2018": WHY, "2019": WHY}},
        f'"visits >= goal" is not broken for visits 2019 (450) and goal 2019 (400) — {NEEDLESS}',
        "'2019':",
    ),
    "explained, though it cannot be told": (
        {"rule": "near >= goal", "known": {"2018": WHY}},
        f'"near >= goal" is not broken for near 2018 (about 200) and goal 2018 (200) — {NEEDLESS}',
        "'2018':",
    ),
    "explained for a period that it has not": (
        {"rule": "visits >= goal", "known": {"2018": WHY, "2017": WHY}},
        'the rule is not checked for "2017" — it has 2018, 2019', "'2017':",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_what_is_wrong_with_a_rule_is_told_once_at_its_line(tmp_path: Path, case: str) -> None:
    fields, what, line = RULES[case]
    checks = {"some": {"label": {"en": "Some"}} | fields}
    assert told(tmp_path, GIVEN, checks=checks) == [(what, line)]


def test_a_rule_called_like_a_figure_is_told_and_checked_still(tmp_path: Path) -> None:
    checks = {"far": {"label": {"en": "Some"}, "rule": "visits >= goal"}}
    what = '"visits >= goal" does not hold for visits 2018 (150) and goal 2018 (200)'
    assert sorted(told(tmp_path, GIVEN, checks=checks)) == [
        (f"{what} — {HINT.format(2018)}", "rule: visits >= goal"),
        ('the check "far" is called like an indicator — rename it', "far:"),
    ]


BAD = indicator("count", {"2018": [claim("many")]})
NO_NUMBER = (
    '"many" is not a number — write a number; where a source prints none, leave the claim out',
    "- value: many",
)


@pytest.mark.parametrize("check", [
    {"rule": "bad > 0", "known": {"2018": WHY, "2017": WHY}},
    {"rule": "bad > far"},
    {"rule": "b > 0", "inputs": {"b": "bad 2017"}},
])  # fmt: skip
def test_a_rule_on_what_has_a_fault_itself_is_told_of_no_more(tmp_path: Path, check: Json) -> None:
    checks = {"some": {"label": {"en": "Some"}} | check}
    assert told(tmp_path, GIVEN | {"bad": BAD}, checks=checks) == [NO_NUMBER]


def test_a_rule_that_holds_or_cannot_be_told_says_nothing(tmp_path: Path) -> None:
    rules = ("near >= goal", "far > 0", "height < width", "sum >= goal")
    checks = {f"rule_{i}": {"label": {"en": "Some"}, "rule": rule} for i, rule in enumerate(rules)}
    assert told(tmp_path, GIVEN, checks=checks) == []


def test_a_period_that_cannot_be_made_keeps_no_other_from_being_checked(tmp_path: Path) -> None:
    made = indicator("count", derived={
        "2018": {"formula": "x", "inputs": {"x": "lamp"}},
        "2019": {"formula": "x", "inputs": {"x": "visits 2019"}},
    })  # fmt: skip
    checks = {"some": {"label": {"en": "Some"}, "rule": "made < goal"}}
    what = '"made < goal" does not hold for made 2019 (calculated) and goal 2019 (400)'
    assert sorted(told(tmp_path, GIVEN | {"made": made}, checks=checks)) == [
        ('"lamp" is a name, not a number — use a figure with a unit', "formula: x"),
        (f"{what} — {HINT.format(2019)}", "rule: made < goal"),
    ]


# Claims against each other


def test_claims_that_cannot_all_be_true_are_told_with_their_lines_the_rarest_first(
    tmp_path: Path,
) -> None:
    claims = [
        claim("12", 1), claim("12", 2), claim("10", 3), claim("about 10", 4),
        claim("99", 5, rank="deprecated"),
    ]  # fmt: skip
    found = told(tmp_path, {"visits": indicator("count", {"2018": claims})})
    lines = (tmp_path / "data/facts.yaml").read_text("utf-8").splitlines()
    starts = ("value: '12'", "value: '10'", "qualifier: about")
    twelve, ten, about = (lines.index(f"      - {start}") + 1 for start in starts)
    said = (
        f"10 (s-3, line {ten}) against about 10 (s-4, line {about}) against 12 (2 claims, the "
        f"first in line {twelve})"
    )
    what = f'claims for "visits 2018" cannot all be true: {said}'
    assert found == [(f'{what} — mark one "rank: preferred" with a "reason:"', "'2018':")]


@pytest.mark.parametrize(("fields", "faults"), [
    ({"disputes": {"2018": WHY}}, 1),
    ({"disputes": {"2018": WHY | {"kind": "note"}}}, 0),
])  # fmt: skip
def test_what_is_explained_still_needs_a_choice_unless_it_is_a_note(
    tmp_path: Path, fields: Json, faults: int
) -> None:
    claims = [claim("12", 1), claim("10", 2)]
    found = told(tmp_path, {"visits": indicator("count", {"2018": claims}, **fields)})
    assert [line for _, line in found] == ["'2018':"] * faults


@pytest.mark.parametrize("gone", [(), (2,)])
def test_one_key_for_the_same_days(tmp_path: Path, gone: tuple[int, ...]) -> None:
    claims = {"2018": [claim("10", 1)], "2018-01/2018-12": [claim("20", 2)]}
    found = told(
        tmp_path,
        {"visits": indicator("count", claims)},
        retracted=dict.fromkeys(gone, "2021-04-01"),
    )
    what = '"2018" and "2018-01/2018-12" are the same days, but 10 and 20 cannot both be true'
    expected = [(f'{what} — put the claims under one key, "2018"', "2018-01/2018-12:")]
    assert found == ([] if gone else expected)


# What names figures


def plan(**fields: Any) -> Json:
    return indicator("count", [claim("9")], stance="target", **fields)


NAMED: dict[str, tuple[dict[str, Json], str, str]] = {
    "an earlier id that is in use": (
        {"old": indicator("stock", [claim("5")], formerly=["older", "width"])},
        '"width" is an indicator of its own — delete the line', "- width",
    ),
    "an explanation of what agrees": (
        {"old": indicator("count", {"2018": [claim("5")]}, disputes={"2018": WHY})},
        f'"2018" is not disputed — {NEEDLESS}', "'2018':",
    ),
    "an explanation without a period": (
        {"old": indicator("stock", [claim("5")], disputes={"undated": WHY})},
        f'"undated" is not disputed — {NEEDLESS}', "undated:",
    ),
    "a plan as its own outcome": (
        {"one": plan(outcome="one")},
        "a target whose outcome is itself — name the figure that shows what came", "outcome: one",
    ),
    "a plan as an outcome": (
        {"one": plan(outcome="two"), "two": plan()},
        "the outcome is itself a target — name the figure that shows what came", "outcome: two",
    ),
    "a forecast as an outcome": (
        {"one": plan(outcome="two"), "two": plan() | {"stance": "forecast"}},
        "the outcome is itself a forecast — name the figure that shows what came", "outcome: two",
    ),
    "an outcome in another unit": (
        {"one": plan(outcome="height")},
        "the target is in visitor, its outcome in m — name a figure in the unit of the target",
        "outcome: height",
    ),
    "an outcome that is not there": (
        {"one": plan(outcome="heigth")},
        'unknown figure "heigth" — did you mean height?', "outcome: heigth",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMED)
def test_what_names_the_wrong_figure_is_told_at_its_line(tmp_path: Path, case: str) -> None:
    given, what, line = NAMED[case]
    assert told(tmp_path, GIVEN | given) == [(what, line)]


@pytest.mark.parametrize("outcome", ["visits", "up to visits 2018", "names"])
def test_what_a_count_may_be_held_against(tmp_path: Path, outcome: str) -> None:
    names = indicator("names", {"2019": [claim("x") | {"value": ["Ada", "Bob"]}]})
    assert told(tmp_path, GIVEN | {"names": names, "one": plan(outcome=outcome)}) == []


@pytest.mark.parametrize(("measure", "outcome", "units"), [
    ("name", "opened", None), ("names", "opened", None), ("name", "lamp", None),
    ("name", "height", "name, its outcome in m"),
    ("count", "opened", "visitor, its outcome in date"),
])  # fmt: skip
def test_a_name_may_be_held_against_the_day_of_it(
    tmp_path: Path, measure: str, outcome: str, units: str | None
) -> None:
    said = claim("9" if measure == "count" else "the Mark 3")
    one = indicator(measure, [said], stance="target", outcome=outcome)
    opened = indicator("date", [claim("2019-05")])
    hint = "name a figure in the unit of the target"
    expected = [(f"the target is in {units} — {hint}", f"outcome: {outcome}")] if units else []
    assert told(tmp_path, GIVEN | {"one": one, "opened": opened}) == expected


def test_nothing_is_said_of_what_rests_on_a_fault(tmp_path: Path) -> None:
    bad = BAD | {"disputes": {"2018": WHY}}
    why = {"en": "A digit was misread."}
    change = {"date": "2021-03-01", "observation": "bad 2017", "kind": "correction", "reason": why}
    given = GIVEN | {"bad": bad, "one": plan(outcome="bad")}
    more = {"leading_disputes": ["bad 2018"], "revisions": [change]}
    assert told(tmp_path, given, **more) == [NO_NUMBER]


def test_leading_disputes_are_named_once_and_in_full(tmp_path: Path) -> None:
    checks = {
        "some": {
            "label": {"en": "Some"}, "rule": "far <= visits",
            "inputs": {"far": "visits", "visits": "goal"}, "known": {"2019": WHY},
        },
        "more": {
            "label": {"en": "More"}, "rule": "near < visits",
            "inputs": {"near": "visits", "visits": "far 2020"},
            "known": {"2018": WHY, "2019": WHY},
        },
    }  # fmt: skip
    checks["flat"] = {
        "label": {"en": "Flat"}, "rule": "height > width", "known": {"undated": WHY}
    }  # fmt: skip
    leading = ["some 2019", "flat", "more 2018", "some 2018", "more", "some 2019", "flat 1"]
    assert told(tmp_path, GIVEN, checks=checks, leading_disputes=leading) == [
        ('unknown dispute "some 2018" — write some 2019', "- some 2018"),
        ('unknown dispute "more" — write more 2018 or more 2019', "- more"),
        ('"some 2019" stands here twice — delete the line', "- some 2019"),
        ('unknown dispute "flat 1" — write flat', "- flat 1"),
    ]
