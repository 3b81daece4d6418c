"""Verdicts beyond one number at one time: gaps, disputes, assumptions, other measures and units."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from factsheet.analysis.targets import merged
from tests.conftest import Copy
from tests.sheets import Json, Sheet, claim, indicator, read_sheet

MET, LATE, PERHAPS, MISSED = "met", "met late", "met, perhaps late", "missed"
CLAIMED, UNCLEAR, OPEN = "claimed met", "cannot be told", "not due yet"
SAID = {1: "2010-06-01"}


def verdict(sheet: Sheet) -> tuple[str, tuple[int, int] | None]:
    """The one verdict of a sheet, with the days late."""
    (found,) = verdicts(sheet)
    return found


def verdicts(sheet: Sheet) -> list[tuple[str, tuple[int, int] | None]]:
    days = [one["days_late"] for one in sheet.facts["verdicts"]]
    late = [(int(one["least"]), int(one["most"])) if one else None for one in days]
    return list(zip((one["verdict"] for one in sheet.facts["verdicts"]), late, strict=True))


def series(came: dict[str, str]) -> Json:
    return {period: [claim(text, 2)] for period, text in came.items()}


def plan(text: str, due: str | None = None, **fields: Any) -> Json:
    measure = fields.pop("measure", "count")
    promise = claim(text, 1) | ({"due": due} if due else {})
    return indicator(measure, [promise], stance="target", outcome="came", **fields)


class Row(NamedTuple):
    """A number promised, when it was due, what is known by period, verdict and days late."""

    promised: str
    due: str | None
    came: dict[str, str]
    verdict: str
    late: tuple[int, int] | None = None
    measure: str = "count"


AT_SOME_TIME = {
    # Between a year that fell short and the one that reached it, nothing was observed.
    "nothing observed up to the date due": Row(
        "500", "2012", {"2011": "100", "2018": "600"}, PERHAPS, (0, 2191)
    ),
    "nothing observed after it": Row(
        "500", "2012", {"2012": "100", "2018": "600"}, LATE, (1, 2191)
    ),
    "a gap, then a year that fell short": Row(
        "500", "2012", {"2012": "100", "2014": "100", "2015": "600"}, LATE, (1, 1095)
    ),
    "all observed": Row(
        "500", "2012", {"2012": "100", "2013": "100", "2014": "600"}, LATE, (366, 730)
    ),
    "enough before it was said, short in the year due": Row(
        "500", "2012", {"2009": "600", "2012": "100", "2013": "600"}, LATE, (1, 365)
    ),
    "a day between of which nothing is known": Row(
        "500",
        "2012",
        {"2012": "100", "2013-01-02/2013-12-31": "100", "2014": "600"},
        LATE,
        (1, 730),
    ),
    "what is known before may have reached it": Row(
        "500", "2012", {"2012": "about 500", "2013": "600"}, PERHAPS, (0, 365)
    ),
    "what has no end says nothing of the days between": Row(
        "500", "2012", {"2012": "100", "2013/..": "100", "2014": "600"}, LATE, (1, 730)
    ),
    "due on the first day of a year that fell short": Row(
        "500", "2012-01-01", {"2012": "100"}, MISSED
    ),
    "due on the day before it": Row("500", "2011-12-31", {"2012": "100"}, UNCLEAR),
    # The figure is of a time that is not that of the promise.
    "short before, nothing at the date due": Row("500", "2012", {"2011": "100"}, UNCLEAR),
    "short after it": Row("500", "2012", {"2014": "100"}, UNCLEAR),
    "short, in months on either side": Row(
        "500", "2012-06", {"2012-05": "100", "2012-07": "100"}, UNCLEAR
    ),
    "short over a long time that holds it": Row("500", "2012", {"2011/2014": "400"}, MISSED),
    "the year due, though a later one is known": Row(
        "500", "2012", {"2012": "100", "2015": "200"}, MISSED
    ),
    "short, the year due about known": Row("500", "2012~", {"2012": "100"}, UNCLEAR),
    "not due yet, short so far": Row("500", "2022", {"2020": "100"}, OPEN),
    # A number at a day says nothing of the days after.
    "a stock of the day due": Row("5", "2012-12-31", {"2012-12-31": "4"}, MISSED, None, "stock"),
    "a stock of the day due, and fewer later": Row(
        "5", "2012-12-31", {"2012-12-31": "4", "2013-06-30": "3"}, MISSED, None, "stock"
    ),
    "a stock of the day before": Row(
        "5", "2012-12-31", {"2012-12-30": "4"}, UNCLEAR, None, "stock"
    ),
    "a stock of some day of the year due": Row("5", "2012", {"2012": "4"}, UNCLEAR, None, "stock"),
    "a stock reached in time": Row("5", "2012", {"2012-06": "6"}, MET, None, "stock"),
    "a stock of the day due, and later": Row(
        "5", "2012-12-31", {"2012-12-31": "4", "2013-01-31": "6"}, LATE, (1, 31), "stock"
    ),
    "a stock of some day of the year due, and later": Row(
        "5", "2012", {"2012": "4", "2013-01-31": "6"}, PERHAPS, (0, 31), "stock"
    ),
    "a stock of some day of the year, and of the day due, and later": Row(
        "5",
        "2012-12-31",
        {"2012": "4", "2012-12-31": "4", "2013-01-31": "6"},
        LATE,
        (1, 31),
        "stock",
    ),
    # "Up to" promises a number that may be lower.
    "up to: as many": Row("up to 500", "2012", {"2012": "500"}, MET),
    "up to: fewer": Row("up to 500", "2012", {"2012": "400"}, UNCLEAR),
}


@pytest.mark.parametrize("case", AT_SOME_TIME)
def test_a_number_promised_for_some_time(tmp_path: Path, case: str) -> None:
    row = AT_SOME_TIME[case]
    given = {
        "came": indicator(row.measure, series(row.came)),
        "plan": plan(row.promised, row.due, measure=row.measure),
    }
    sheet = read_sheet(tmp_path, given, published=SAID)
    assert verdict(sheet) == (row.verdict, row.late)


DATES = {
    # promised, due, came, verdict, days late, how that is said
    "a day by which": ("2019", None, "../2021-11-02", PERHAPS, (0, 672), "at most 672 days"),
    "a day by which, in time": ("2019", None, "../2019-06-01", MET, None, None),
    "a day from which on": ("2019", None, "2019-06-01/..", UNCLEAR, None, None),
    "two dates due: the one that is said": ("2012-05", "2013", "2013-06-30", MET, None, None),
    "and late by it": ("2012-05", "2013", "2014-01-01", LATE, (1, 1), "1 day"),
    "about January": ("2018-01~", None, "2018-03-29", LATE, (29, 29), "29 days"),
    "about December": ("2017-12~", None, "2018-03-29", LATE, (57, 57), "57 days"),
    "about the last of December": ("2017-12-31~", None, "2018-03-29", LATE, (87, 87), "87 days"),
    "about January, its last day": ("2018-01~", None, "2018-02-28", MET, None, None),
    "due about June": ("2019-06-30", "2019-06~", "2019-08-01", LATE, (1, 1), "1 day"),
    "a month after": ("2018-04", None, "2018-05", LATE, (1, 31), "between 1 and 31 days"),
}


@pytest.mark.parametrize("case", DATES)
def test_a_date_promised(tmp_path: Path, case: str) -> None:
    promised, due, came, expected, late, words = DATES[case]
    given = {
        "came": indicator("date", [claim(came, 2)]),
        "plan": plan(promised, due, measure="date"),
    }
    sheet = read_sheet(tmp_path, given, edition="2022-01-31")
    assert verdict(sheet) == (expected, late)
    (found,) = sheet.facts["verdicts"]
    assert (found["days_late"]["text"]["en"] if late else None) == words


@pytest.mark.parametrize(
    ("claims", "goal", "expected"),
    [
        # every claim that stands says the same, whichever is right
        (["600", "700"], "500", [MET, MET]),
        (["300", "400"], "500", [MISSED, MISSED]),
        # one says so, one not
        (["600", "400"], "500", [CLAIMED, UNCLEAR]),
        (["400", "600"], "500", [UNCLEAR, CLAIMED]),
        # what one says less exactly adds nothing to what the others leave possible
        (["600", "700", "at least 100"], "500", [MET, MET, MET]),
    ],
)
def test_claims_that_contradict_each_other_prove_what_all_of_them_say(
    tmp_path: Path, claims: list[str], goal: str, expected: list[str]
) -> None:
    came = [claim(text, 2 + no) for no, text in enumerate(claims)]
    came[0] |= {"rank": "preferred", "reason": {"en": "For a reason."}}
    given = {
        "came": indicator("count", {"2020": came}),
        "plan": indicator("count", {"2020": [claim(goal)]}, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given)
    assert [found for found, _ in verdicts(sheet)] == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [(["600", "700"], MET), (["600", "450"], UNCLEAR), (["90", "80"], MISSED)],
)
def test_a_calculation_from_a_disputed_figure_proves_what_all_its_claims_give(
    tmp_path: Path, claims: list[str], expected: str
) -> None:
    made = [claim(text, 2 + no) for no, text in enumerate(claims)]
    made[0] |= {"rank": "preferred", "reason": {"en": "For a reason."}}
    given = {
        "made": indicator("count", {"2020": made}),
        "lost": indicator("count", {"2020": [claim("10", 5)]}),
        "came": indicator("count", formula="made - lost", inputs={"made": "made", "lost": "lost"}),
        "plan": indicator("count", {"2020": [claim("500")]}, stance="target", outcome="came"),
    }
    assert verdict(read_sheet(tmp_path, given)) == (expected, None)


@pytest.mark.parametrize(
    ("goal", "expected"), [("60", MET), ("60.5", UNCLEAR), ("70", UNCLEAR), ("70.5", MISSED)]
)
def test_a_share_calculated_from_a_disputed_figure_is_a_share(
    tmp_path: Path, goal: str, expected: str
) -> None:
    made = [claim("600", 2, rank="preferred"), claim("700", 3)]
    given = {
        "made": indicator("count", {"2020": made}),
        "all": indicator("count", {"2020": [claim("1,000", 5)]}),
        "came": indicator(
            "share", unit="percent", formula="made / whole", inputs={"made": "made", "whole": "all"}
        ),
        "plan": indicator(
            "share", {"2020": [claim(goal)]}, unit="percent", stance="target", outcome="came"
        ),
    }
    assert verdict(read_sheet(tmp_path, given)) == (expected, None)


@pytest.mark.parametrize(("goal", "expected"), [("66", MET), ("66.6", MET), ("66.7", MISSED)])
def test_a_rounded_result_is_judged_as_it_was_calculated(
    tmp_path: Path, goal: str, expected: str
) -> None:
    given = {
        "made": indicator("count", {"2020": [claim("200", 2)]}),
        "all": indicator("count", {"2020": [claim("300", 3)]}),
        "came": indicator(
            "share",
            unit="percent",
            formula="made / whole",
            inputs={"made": "made", "whole": "all"},
            round="0.1",
        ),
        "plan": indicator(
            "share", {"2020": [claim(goal)]}, unit="percent", stance="target", outcome="came"
        ),
    }
    assert verdict(read_sheet(tmp_path, given)) == (expected, None)


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ({1: "2010-06-01", 3: "2011-06-01"}, [("came-2012", ["s-1", "s-3"])]),
        # said when the first was past
        ({1: "2010-06-01", 3: "2015-06-01"}, [("came-2012", ["s-1"]), ("came-2016", ["s-3"])]),
    ],
)
def test_claims_of_one_promise_with_one_outcome_are_one_row(
    tmp_path: Path, said: dict[int, str], rows: list[tuple[str, list[str]]]
) -> None:
    promises = [claim("500", 1), claim("500", 3)]
    given = {
        "came": indicator("count", series({"2012": "600", "2016": "600"})),
        "plan": indicator("count", promises, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given, published=said)
    assert sheet.site
    assert [
        (row.outcome and row.outcome.key, [one.claim.source for one in row.promises])
        for row in merged(sheet.site.marks.verdicts)
    ] == rows


CHECKS: dict[str, tuple[Json, str, str]] = {
    # a broken check, what came, the verdict on a promise of 500
    "it doubts the figure": ({"rule": "came <= most", "doubts": ["came"]}, "600", CLAIMED),
    "it doubts one that fell short": (
        {"rule": "came <= most", "doubts": ["came"]},
        "400",
        UNCLEAR,
    ),
    "it doubts the other": ({"rule": "came <= most", "doubts": ["most"]}, "600", MET),
    "the two should be equal, neither is enough": (
        {"rule": "came == most", "doubts": ["came"]},
        "400",
        MISSED,
    ),
    "the two should be equal, one is enough": (
        {"rule": "came == most", "doubts": ["came"]},
        "600",
        CLAIMED,
    ),
}


@pytest.mark.parametrize("case", CHECKS)
def test_a_figure_that_a_broken_check_doubts_proves_nothing_alone(
    tmp_path: Path, case: str
) -> None:
    rule, came, expected = CHECKS[case]
    known = {"2020": {"explanation": {"en": "It is known."}}}
    given = {
        "came": indicator("count", {"2020": [claim(came, 2)]}),
        "most": indicator("count", {"2020": [claim("300", 3)]}),
        "plan": indicator("count", {"2020": [claim("500")]}, stance="target", outcome="came"),
    }
    checks = {"limit": {"label": {"en": "A limit"}, "known": known, **rule}}
    assert verdict(read_sheet(tmp_path, given, checks=checks)) == (expected, None)


@pytest.mark.parametrize(("doubts", "expected"), [([], MET), (["came"], CLAIMED)])
def test_a_note_that_doubts_a_figure_leaves_a_claim_at_most(
    tmp_path: Path, doubts: list[str], expected: str
) -> None:
    given = {
        "came": indicator("stock", series({"2017": "474", "2020": "290"})),
        "plan": plan("380", measure="stock"),
    }
    rule = {
        "label": {"en": "It should not shrink"},
        "rule": "then <= now",
        "inputs": {"then": "came 2017", "now": "came 2020"},
        "known": {"undated": {"kind": "note", "explanation": {"en": "It is known."}}},
        "doubts": doubts,
    }
    sheet = read_sheet(tmp_path, given, checks={"kept": rule}, published=SAID)
    assert verdict(sheet)[0] == expected
    assert sheet.observation("came-2017")["status"] == []


@pytest.mark.parametrize("assumed_by", ["came", "made"])
def test_a_bound_that_rests_on_an_assumption_decides_nothing(
    tmp_path: Path, assumed_by: str
) -> None:
    given = {
        "sold": indicator("count", {"2020": [claim("90", 2)]}),
        "made": indicator("count", formula="sold + sold", inputs={"sold": "sold"}),
        "came": indicator("count", formula="made + 1", inputs={"made": "made"}),
        "plan": indicator("count", {"2020": [claim("500")]}, stance="target", outcome="came"),
    }
    assert verdict(read_sheet(tmp_path / "a", given))[0] == MISSED
    given[assumed_by] |= {"assumes": {"en": "That a part was sold."}}
    sheet = read_sheet(tmp_path / "b", given)
    assert verdict(sheet)[0] == UNCLEAR
    assert "That a part was sold." in sheet.page_text(assumed_by)


@pytest.mark.parametrize(
    ("promised", "came", "expected"),
    [
        ("2", "1.9", MET),
        ("2", "2", MET),
        ("2", "2.1", UNCLEAR),  # no day was given by which it is missed
        ("nearly 2", "2", UNCLEAR),
        ("nearly 2", "1.9", MET),
        ("about 2", "2.1", MET),
        ("2", "less than 2", MET),
        ("2", "1.5 to 2.5", UNCLEAR),
    ],
)
def test_a_duration_promised_is_kept_by_a_shorter_one(
    tmp_path: Path, promised: str, came: str, expected: str
) -> None:
    given = {
        "came": indicator("duration", [claim(came, 2)], unit="m"),
        "plan": plan(promised, measure="duration", unit="m"),
    }
    assert verdict(read_sheet(tmp_path, given))[0] == expected


@pytest.mark.parametrize(("promised", "expected"), [("1", MET), ("2", MET), ("3", UNCLEAR)])
def test_a_list_shows_how_many_there_are_at_least(
    tmp_path: Path, promised: str, expected: str
) -> None:
    listed = claim("names", 2) | {"value": ["Ada", "Bo"], "printed": "Ada and Bo"}
    given = {"came": indicator("names", [listed]), "plan": plan(promised)}
    assert verdict(read_sheet(tmp_path, given))[0] == expected


def test_of_lists_the_first_that_is_long_enough_keeps_the_promise(tmp_path: Path) -> None:
    both, one = ({"value": names, "printed": "Ada"} for names in (["Ada", "Bo"], ["Ada"]))
    lists = {"2012": [claim("x", 2) | both], "2014": [claim("x", 2) | one]}
    given = {"came": indicator("names", lists), "plan": plan("2", "2020")}
    assert verdict(read_sheet(tmp_path, given, published=SAID)) == (MET, None)


def test_promises_due_on_one_day_stand_in_the_order_in_which_they_were_said(
    tmp_path: Path,
) -> None:
    promises = [claim(text, source, due="2012") for source, text in ((1, "5"), (3, "6"), (4, "7"))]
    given = {
        "came": indicator("count", series({"2012": "5"})),
        "plan": indicator("count", promises, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given, published={1: "2011-02", 3: "2011-01"})
    assert [one["source"] for one in sheet.facts["verdicts"]] == ["s-4", "s-3", "s-1"]


def test_what_was_taken_back_does_not_show_that_a_promise_fell_short(tmp_path: Path) -> None:
    came = {"2012": [claim("100", 3)], "2013": [claim("600", 2)]}
    given = {"came": indicator("count", came), "plan": plan("500", "2012")}
    sheet = read_sheet(tmp_path / "standing", given, published=SAID)
    assert verdict(sheet) == (LATE, (1, 365))
    sheet = read_sheet(tmp_path / "gone", given, published=SAID, retracted={3: "2014-01-01"})
    assert verdict(sheet) == (PERHAPS, (0, 365))


def test_what_keeps_a_promise_without_a_date_may_have_come_late(tmp_path: Path) -> None:
    given = {
        "came": indicator("stock", [claim("6", 2)]),
        "plan": plan("5", "2012", measure="stock"),
    }
    assert verdict(read_sheet(tmp_path, given, published=SAID)) == (UNCLEAR, None)


def test_a_date_promised_is_not_held_against_what_is_none(tmp_path: Path) -> None:
    given = {
        "came": indicator("stock", [claim("6", 2)]),
        "plan": plan("2018-05", measure="date"),
    }
    sheet = read_sheet(tmp_path, given, published=SAID, allow_faults=True)
    assert len(sheet.faults) == 1
    assert verdict(sheet) == (UNCLEAR, None)


UNITS = {
    "visitor": {"whole": "true", "label": {"en": {"one": "visitor", "other": "visitors"}}},
    "m": {"label": {"en": {"one": "metre", "other": "metres"}}},
    "yearly": {
        "whole": "true",
        "rate_of": "visitor",
        "label": {"en": {"one": "visitor a year", "other": "visitors a year"}},
    },
}


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ({"2020": "600"}, MET),
        ({"2020": "400"}, MISSED),
        ({"2019/2020": "600"}, UNCLEAR),
        ({"2019/2020": "400"}, MISSED),
        ({"2020-01/2020-06": "400"}, UNCLEAR),
        ({"2020-07/2020-12": "400"}, UNCLEAR),
        ({"2019/..": "400"}, MISSED),
        ({"2020-01/2020-12": "400"}, MISSED),
        ({"2020-01/2020-12": "600"}, MET),
        ({"2020-01-01/2020-12-30": "600"}, UNCLEAR),
        ({"2019-07/2020-06": "600"}, UNCLEAR),
        ({"2020-12": "600"}, UNCLEAR),
    ],
)
def test_a_yearly_promise_is_judged_by_the_count_of_a_year(
    tmp_path: Path, came: dict[str, str], expected: str
) -> None:
    given = {
        "came": indicator("count", series(came)),
        "plan": plan("500", "2020", measure="rate", unit="yearly"),
    }
    assert verdict(read_sheet(tmp_path, given, units=UNITS, published=SAID))[0] == expected


@pytest.mark.parametrize(
    ("measure", "period", "due", "expected"),
    [
        # At a day of the year something else may have stood than at its end.
        ("stock", "2020", None, MISSED),
        ("stock", "2020", "2021", UNCLEAR),
        ("stock", "2020", "2020-06-30", UNCLEAR),
        ("capacity", "2020", None, MISSED),
        ("capacity", "2020", "2021", MISSED),
        ("capacity", "2020", "2020-06-30", UNCLEAR),
        ("capacity", None, "2020", UNCLEAR),
    ],
)
def test_what_is_no_count_falls_short_at_its_own_time(
    tmp_path: Path, measure: str, period: str | None, due: str | None, expected: str
) -> None:
    promise = claim("5") | ({"due": due} if due else {})
    given = {
        "came": indicator(measure, {"2020": [claim("4", 2)]}, unit="m"),
        "plan": indicator(
            measure,
            {period: [promise]} if period else [promise],
            unit="m",
            stance="target",
            outcome="came",
        ),
    }
    sheet = read_sheet(tmp_path, given, edition="2022-05-01", published=SAID)
    assert verdict(sheet) == (expected, None)


@pytest.mark.parametrize(("unit", "told"), [("m", True), ("visitor", False), ("yearly", False)])
def test_an_outcome_in_another_unit_than_its_promise_is_refused(
    tmp_path: Path, unit: str, *, told: bool
) -> None:
    given = {
        "came": indicator("count", series({"2020": "600"})),
        "plan": plan("500", measure="rate", unit=unit),
    }
    sheet = read_sheet(tmp_path, given, units=UNITS, published=SAID, allow_faults=True)
    said = [line for line in sheet.faults if "the target is in m, its outcome in visitor" in line]
    assert len(said) == len(sheet.faults) == told


def test_a_page_lists_no_target_that_is_calculated(lighthouse: Copy) -> None:
    promised = "printed: 500 next year\n          due: 2020-12-31\n"
    twice = "        formula: x + x\n        inputs:\n          x: visitors_plan 2020\n"
    lighthouse.edit("data/facts.yaml", promised, f"{promised}    derived:\n      2021:\n{twice}")
    lighthouse.edit("docs/index.md", "## Visits", '{{ targets(["visitors_plan"]) }}')
    assert [(fault.line, fault.what) for fault in lighthouse.load()[1]] == [
        (10, '"visitors_plan" is calculated, so no source promises it')
    ]
