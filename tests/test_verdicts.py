"""What became of each promise: "met", "late" and "missed" only where nothing else can be true.

Each row is a promise, when it was due and what came. A promise is reached by its lower end and
all above: about 500 by 475, nearly 500 by 450, more than 500 by anything above. Without a date
due a promise is never missed. Days late are counted from the first to the last day on which it
may have been reached after the date due.
"""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.sheets import Json, Sheet, claim, indicator, read_sheet

MET, LATE, MISSED = "met", "met late", "missed"
PERHAPS, CLAIMED = "met, perhaps late", "claimed met"
UNCLEAR, NOTHING, OPEN = "cannot be told", "not reported", "not due yet"
PROMISED, SOURCE = "2018-06-01", 1


class Row(NamedTuple):
    """A promise, when it was due, what came by period, the verdict, and the days late."""

    promised: str
    due: str | None
    came: dict[str, str]
    verdict: str
    late: tuple[int, int] | None = None
    edition: str = "2021-05-01"
    outcome: str = "came"


def judged(sheet: Sheet) -> list[tuple[str, tuple[int, int] | None]]:
    """Verdicts and days late, as ``facts.json`` has them."""
    return [
        (one["verdict"], one["days_late"] and (int(one["days_late"]["least"]),
                                               int(one["days_late"]["most"])))
        for one in sheet.facts["verdicts"]
    ]  # fmt: skip


def by_period(came: dict[str, str], source: int = 2) -> Any:
    """Claims by period, or those of an indicator without periods."""
    if set(came) == {"undated"}:
        return [claim(came["undated"], source)]
    return {period: [claim(text, source)] for period, text in came.items()}


def check_row(root: Path, row: Row, *, measure: str = "count", period: str | None = None) -> None:
    promise = claim(row.promised, SOURCE) | ({"due": row.due} if row.due else {})
    plan = {period: [promise]} if period else [promise]
    given = {
        "came": indicator(measure, by_period(row.came)),
        "plan": indicator(measure, plan, stance="target", outcome=row.outcome),
    }
    if not row.came:
        del given["came"], given["plan"]["outcome"]
    sheet = read_sheet(root, given, edition=row.edition, published={SOURCE: PROMISED})
    assert judged(sheet) == [(row.verdict, row.late)]


# A number of visitors promised for 2020, held against the number of visitors of 2020.
SAME_PERIOD = {
    "as many": Row("500", None, {"2020": "500"}, MET),
    "more": Row("500", None, {"2020": "600"}, MET),
    "fewer": Row("500", None, {"2020": "499"}, MISSED),
    "none": Row("500", None, {"2020": "0"}, MISSED),
    "due on the last day of the period": Row("500", "2020-12-31", {"2020": "600"}, MET),
    "due as the period": Row("500", "2020", {"2020": "600"}, MET),
    "due after the period": Row("500", "2021-03-31", {"2020": "600"}, MET),
    "fewer, due after the period": Row("500", "2021-03-31", {"2020": "400"}, MISSED),
    "fewer in the whole year than were due in its first half": Row(
        "500", "2020-06-30", {"2020": "400"}, MISSED
    ),
    "another year alone is known": Row("500", None, {"2019": "600"}, NOTHING),
    # What came, with a qualifier.
    "came at least as many": Row("500", None, {"2020": "at least 500"}, MET),
    "came more than": Row("500", None, {"2020": "more than 500"}, MET),
    "came at least, too low to tell": Row("500", None, {"2020": "at least 300"}, UNCLEAR),
    "came more than, too low to tell": Row("500", None, {"2020": "more than 300"}, UNCLEAR),
    "came about as many": Row("500", None, {"2020": "about 500"}, UNCLEAR),
    "came about, surely enough": Row("500", None, {"2020": "about 600"}, MET),
    "came about, least just enough": Row("570", None, {"2020": "about 600"}, MET),
    "came about, least one short": Row("571", None, {"2020": "about 600"}, UNCLEAR),
    "came about, most just enough": Row("420", None, {"2020": "about 400"}, UNCLEAR),
    "came about, most one short": Row("421", None, {"2020": "about 400"}, MISSED),
    "came nearly as many": Row("500", None, {"2020": "nearly 500"}, MISSED),
    "came nearly more": Row("500", None, {"2020": "nearly 520"}, UNCLEAR),
    "came nearly, surely enough": Row("468", None, {"2020": "nearly 520"}, MET),
    "came up to as many": Row("500", None, {"2020": "up to 500"}, UNCLEAR),
    "came at most as many": Row("500", None, {"2020": "at most 500"}, UNCLEAR),
    "came at most one fewer": Row("500", None, {"2020": "at most 499"}, MISSED),
    "came less than": Row("500", None, {"2020": "less than 500"}, MISSED),
    "came less than more": Row("500", None, {"2020": "less than 600"}, UNCLEAR),
    "came a range around": Row("500", None, {"2020": "450 to 550"}, UNCLEAR),
    "came a range above": Row("500", None, {"2020": "500 to 550"}, MET),
    "came a range below": Row("500", None, {"2020": "400 to 450"}, MISSED),
    "came rounded around": Row("500", None, {"2020": "rounded 0.5 thousand"}, UNCLEAR),
    "came rounded above": Row("550", None, {"2020": "rounded 0.6 thousand"}, MET),
    "came rounded below": Row("450", None, {"2020": "rounded 0.4 thousand"}, MISSED),
    # What was promised, with a qualifier.
    "promised at least": Row("at least 500", None, {"2020": "500"}, MET),
    "promised at least, fewer came": Row("at least 500", None, {"2020": "499"}, MISSED),
    "promised more than": Row("more than 500", None, {"2020": "501"}, MET),
    "promised more than, as many came": Row("more than 500", None, {"2020": "500"}, MISSED),
    "promised more than, at most as many": Row(
        "more than 500", None, {"2020": "at most 500"}, MISSED
    ),
    "promised at least, at most as many": Row(
        "at least 500", None, {"2020": "at most 500"}, UNCLEAR
    ),
    "promised about": Row("about 500", None, {"2020": "475"}, MET),
    "promised about, fewer came": Row("about 500", None, {"2020": "474"}, MISSED),
    "promised about, about came": Row("about 500", None, {"2020": "about 500"}, MET),
    "promised nearly": Row("nearly 500", None, {"2020": "450"}, MET),
    "promised nearly, fewer came": Row("nearly 500", None, {"2020": "449"}, MISSED),
    "promised nearly, less than came": Row("nearly 500", None, {"2020": "less than 450"}, MISSED),
    "promised a range": Row("400 to 600", None, {"2020": "400"}, MET),
    "promised a range, fewer came": Row("400 to 600", None, {"2020": "399"}, MISSED),
    # What came, known only as a bound.
    "up to: never met": Row("500", None, {"2020": "600"}, UNCLEAR, outcome="up to came"),
    "up to: just as many": Row("500", None, {"2020": "500"}, UNCLEAR, outcome="up to came"),
    "up to: missed": Row("500", None, {"2020": "499"}, MISSED, outcome="up to came"),
    "less than: missed": Row("500", None, {"2020": "500"}, MISSED, outcome="less than came"),
    "less than: never met": Row("500", None, {"2020": "501"}, UNCLEAR, outcome="less than came"),
    "at least: met": Row("500", None, {"2020": "500"}, MET, outcome="at least came"),
    "at least: never missed": Row("500", None, {"2020": "400"}, UNCLEAR, outcome="at least came"),
    "more than: met": Row("more than 500", None, {"2020": "500"}, MET, outcome="more than came"),
    # Nothing came yet, or nothing is known.
    "period over, nothing found": Row("500", None, {}, NOTHING),
    "period not over": Row("500", None, {}, OPEN, edition="2020-12-30"),
    "edition on the last day of the period": Row("500", None, {}, NOTHING, edition="2020-12-31"),
    "due after the edition": Row("500", "2021-06", {}, OPEN),
    "due before the edition": Row("500", "2021-04", {}, NOTHING),
}


@pytest.mark.parametrize("case", SAME_PERIOD)
def test_a_number_promised_for_a_period(tmp_path: Path, case: str) -> None:
    check_row(tmp_path, SAME_PERIOD[case], period="2020")


# A number promised once, without a period: held against what came after it was said.
AT_SOME_TIME = {
    "reached in the year due": Row("500", "2020", {"2019": "100", "2020": "600"}, MET),
    "reached before the year due": Row("500", "2021", {"2019": "600", "2020": "100"}, MET),
    "not reached": Row("500", "2020", {"2019": "100", "2020": "400"}, MISSED),
    "reached before it was said": Row(
        "500", "2020", {"2017": "600", "2019": "100", "2020": "400"}, MISSED
    ),
    "seen on the day on which it was said": Row("500", "2020", {"2018-06-01": "600"}, NOTHING),
    "seen on the day after": Row("500", "2020", {"2018-06-02": "600"}, MET),
    "known from before it was said alone": Row("500", "2020", {"2017": "600"}, NOTHING),
    # 1 January to 31 December 2020, from 31 December 2019.
    "reached in the year after": Row("500", "2019", {"2019": "400", "2020": "600"}, LATE, (1, 366)),
    # 1 January to 31 January 2020, from 31 December 2019.
    "reached in the month after": Row(
        "500", "2019-12", {"2019-12": "400", "2020-01": "600"}, LATE, (1, 31)
    ),
    # The whole of 2019 was below; 1 January to 31 December 2020, from 30 June 2019.
    "due within a year that stayed below": Row(
        "500", "2019-06-30", {"2019": "400", "2020": "600"}, LATE, (185, 550)
    ),
    "due in summer": Row("500", "2019-22", {"2019-22": "400", "2019-23": "600"}, LATE, (1, 91)),
    "no date due, reached": Row("500", None, {"2019": "100", "2020": "600"}, MET),
    "no date due, not reached": Row("500", None, {"2019": "100", "2020": "400"}, UNCLEAR),
    "no date due, nothing found": Row("500", None, {}, NOTHING),
    "no date due, an undated figure reaches it": Row("500", None, {"undated": "600"}, MET),
    "no date due, an undated figure does not": Row("500", None, {"undated": "400"}, UNCLEAR),
    "not due yet, but reached": Row("500", "2022", {"2020": "600"}, MET),
    "not due yet, nothing found": Row("500", "2022", {}, OPEN),
    "outcome with a period of its own": Row(
        "500", "2019", {"2019": "600", "2020": "100"}, MET, outcome="came 2019"
    ),
    "outcome with a period of its own, not reached": Row(
        "500", "2020", {"2019": "600", "2020": "100"}, MISSED, outcome="came 2020"
    ),
}


@pytest.mark.parametrize("case", AT_SOME_TIME)
def test_a_number_promised_for_some_time(tmp_path: Path, case: str) -> None:
    check_row(tmp_path, AT_SOME_TIME[case])


# A date promised is its own date due.
DATED = {
    "on the day": Row("2020-06-15", None, {"undated": "2020-06-15"}, MET),
    "the day before": Row("2020-06-15", None, {"undated": "2020-06-14"}, MET),
    "the day after": Row("2020-06-15", None, {"undated": "2020-06-16"}, LATE, (1, 1)),
    "two years after, a leap year": Row(
        "2018-12-31", None, {"undated": "2020-12-31"}, LATE, (731, 731)
    ),
    "in the month": Row("2020-06", None, {"undated": "2020-06-30"}, MET),
    "the month itself": Row("2020-06", None, {"undated": "2020-06"}, MET),
    "the month after, by day": Row("2020-06", None, {"undated": "2020-07-01"}, LATE, (1, 1)),
    "the month after": Row("2020-06", None, {"undated": "2020-07"}, LATE, (1, 31)),
    "some day of the month promised to the day": Row(
        "2020-06-15", None, {"undated": "2020-06"}, PERHAPS, (0, 15)
    ),
    "some day of the year": Row("2020-06", None, {"undated": "2020"}, PERHAPS, (0, 184)),
    "the year before": Row("2020-01-01", None, {"undated": "2019"}, MET),
    "the year after": Row("2019", None, {"undated": "2020"}, LATE, (1, 366)),
    "an interval, its last day": Row("2020-03/2020-05", None, {"undated": "2020-05-31"}, MET),
    "an interval, a day after": Row(
        "2020-03/2020-05", None, {"undated": "2020-06-01"}, LATE, (1, 1)
    ),
    "came in an interval across it": Row(
        "2020-05", None, {"undated": "2020-04/2020-06"}, PERHAPS, (0, 30)
    ),
    "came about the month": Row("2020-06", None, {"undated": "2020-06~"}, PERHAPS, (0, 31)),
    "promised for about the month": Row("2020-06~", None, {"undated": "2020-06-30"}, MET),
    "no end promised": Row("2020/..", None, {"undated": "2020-06-30"}, UNCLEAR),
    "came at a time without an end": Row("2020-06", None, {"undated": "2020-03/.."}, UNCLEAR),
    "nothing found, date past": Row("2020-06", None, {}, NOTHING),
    "nothing found, date to come": Row("2021-06", None, {}, OPEN),
    "nothing found, date within the edition's month": Row("2021-05", None, {}, OPEN),
}


@pytest.mark.parametrize("case", DATED)
def test_a_date_promised(tmp_path: Path, case: str) -> None:
    check_row(tmp_path, DATED[case], measure="date")


NAMES: dict[str, tuple[list[str], list[str], str]] = {
    "the same": (["Ada", "Bo"], ["Ada", "Bo"], MET),
    "in another order and case": (["Ada", "Bo"], ["bo", "ADA"], MET),
    "more": (["Ada"], ["Bo", "Ada"], MET),
    "fewer": (["Ada", "Bo"], ["Ada"], UNCLEAR),
    "others": (["Ada"], ["Bo"], UNCLEAR),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_promised_are_met_by_all_of_them_and_never_missed(tmp_path: Path, case: str) -> None:
    promised, came, verdict = NAMES[case]
    given = {
        "came": indicator("names", [listed(came, 2)]),
        "plan": indicator("names", [listed(promised, 1)], stance="target", outcome="came"),
    }
    assert judged(read_sheet(tmp_path, given)) == [(verdict, None)]


def listed(names: list[str], source: int) -> Json:
    return claim("names", source) | {"value": names, "printed": " and ".join(names)}


def test_where_what_came_is_disputed_each_claim_has_its_verdict(tmp_path: Path) -> None:
    came = [claim("600", 2, rank="preferred"), claim("400", 3), claim("900", 4, rank="deprecated")]
    given = {
        "came": indicator("count", {"2020": came}),
        "plan": indicator("count", {"2020": [claim("500")]}, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given)
    found = {(one["outcome_source"], one["verdict"]) for one in sheet.facts["verdicts"]}
    assert found == {("s-2", CLAIMED), ("s-3", UNCLEAR)}


def test_where_claims_agree_the_figure_has_the_one_verdict(tmp_path: Path) -> None:
    came = [claim("about 500", 2), claim("500", 7), claim("500", 5)]
    given = {
        "came": indicator("count", {"2020": came}),
        "plan": indicator("count", {"2020": [claim("500")]}, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given)
    found = [(one["outcome_source"], one["verdict"]) for one in sheet.facts["verdicts"]]
    assert found == [("s-5", MET)]


def test_each_time_a_promise_was_made_is_judged_by_its_own_date(tmp_path: Path) -> None:
    plans = [
        claim("2019-06", 1),
        claim("2018-12", 2),
        claim("2020-12", 3),
        claim("2017", 4, rank="deprecated"),
    ]
    given = {
        "came": indicator("date", [claim("2019-03-31", 5)]),
        "plan": indicator("date", plans, stance="target", outcome="came"),
    }
    days = {1: "2018-09-01", 2: "2018-03-01", 3: "2019-01-01", 4: "2017-01-01"}
    sheet = read_sheet(tmp_path, given, published=days)
    found = [(one["source"], one["due"], one["verdict"]) for one in sheet.facts["verdicts"]]
    assert found == [
        ("s-2", "2018-12-31", LATE),
        ("s-1", "2019-06-30", MET),
        ("s-3", "2020-12-31", MET),
    ]


def test_a_calculated_figure_shows_what_came(tmp_path: Path) -> None:
    given = {
        "here": indicator("count", {"2020": [claim("more than 300", 2)]}),
        "there": indicator("count", {"2020": [claim("300", 3)]}),
        "both": indicator(
            "count", formula="here + there", inputs={"here": "here", "there": "there"}
        ),
        "plan": indicator("count", {"2020": [claim("600")]}, stance="target", outcome="both"),
    }
    sheet = read_sheet(tmp_path, given)
    (found,) = sheet.facts["verdicts"]
    assert (found["outcome"], found["outcome_source"]) == ("both-2020", None)
    assert found["verdict"] == MET


DUE = {
    "as said": ("2020", "2020-06-30", "2020-06-30"),
    "a month": ("2020", "2020-02", "2020-02-29"),
    "a season": ("2020", "2020-22", "2020-08-31"),
    "winter ends in the year after": ("2020", "2020-24", "2021-02-28"),
    "an interval": ("2020", "2020-03/2020-04", "2020-04-30"),
    "as its period": ("2020", None, "2020-12-31"),
    "as its period, a month": ("2020-04", None, "2020-04-30"),
    "not told": (None, None, None),
}


@pytest.mark.parametrize("case", DUE)
def test_the_last_day_due(tmp_path: Path, case: str) -> None:
    period, due, expected = DUE[case]
    promise = claim("500") | ({"due": due} if due else {})
    plan = indicator("count", {period: [promise]} if period else [promise], stance="target")
    (found,) = read_sheet(tmp_path, {"plan": plan}).facts["verdicts"]
    assert found["due"] == expected


@pytest.mark.parametrize("due", ["2020-01-01", "2020-01-31", "2020-06-30", "2020-12-30"])
@pytest.mark.parametrize("period", ["2020", None])
def test_a_figure_of_the_period_in_which_it_was_due_may_have_come_late(
    tmp_path: Path, due: str, period: str | None
) -> None:
    promise = claim("500", due=due)
    plan = {period: [promise]} if period else [promise]
    given = {
        "came": indicator("count", {"2020": [claim("600", 2)]}),
        "plan": indicator("count", plan, stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given, published={1: PROMISED})
    ((verdict, late),) = judged(sheet)
    end, days = date(2020, 12, 31), date.fromisoformat(due)
    assert (verdict, late) == (PERHAPS, (0, (end - days).days))


# What came, year by year; the year that is shown beside the promise.
SHOWN = {
    "the first to reach it": ({"2019": "100", "2020": "600", "2021": "700"}, "came-2020"),
    "the last where none does": ({"2019": "100", "2020": "300", "2021": "200"}, "came-2021"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_the_figure_shown_beside_a_promise(tmp_path: Path, case: str) -> None:
    came, expected = SHOWN[case]
    given = {
        "came": indicator("count", by_period(came)),
        "plan": indicator("count", [claim("500", 1)], stance="target", outcome="came"),
    }
    sheet = read_sheet(tmp_path, given, published={1: PROMISED}, edition="2022-01-31")
    assert [one["outcome"] for one in sheet.facts["verdicts"]] == [expected]
