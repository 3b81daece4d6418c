"""Which claim is shown as the figure, and which source is cited for it.

Of an outcome: the preferred claim, else the narrowest of those that stand. Of a promise or a
forecast: the preferred claim, else the one published last. Cited is the preferred claim itself;
else, of the claims of normal rank that give the value shown, the one whose source has the
lowest number. A deprecated claim is never shown and never cited.
"""

from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.sheets import claim, indicator, read_sheet


class Said(NamedTuple):
    """A claim: its value, its source's number, its rank, and when the source came out."""

    value: str
    source: int
    rank: str = "normal"
    published: str | None = None


P, N, D = "preferred", "normal", "deprecated"


def chosen(
    root: Path, measure: str, stance: str, claims: list[Said], **more: Any
) -> tuple[str, int]:
    entries = [claim(one.value, one.source, rank=one.rank) for one in claims]
    days = {one.source: one.published for one in claims if one.published}
    given = {"thing": indicator(measure, entries, stance=stance)}
    sheet = read_sheet(root, given, published=days, **more)
    return sheet.figure("thing"), sheet.cited("thing")


OUTCOMES = {
    "one claim": ([Said("100", 4)], "100", 4),
    # Equal values: the lowest number is cited, wherever it stands in the file.
    "equal, lowest first": ([Said("100", 2), Said("100", 5), Said("100", 7)], "100", 2),
    "equal, lowest in the middle": ([Said("100", 5), Said("100", 2), Said("100", 7)], "100", 2),
    "equal, lowest last": ([Said("100", 7), Said("100", 5), Said("100", 2)], "100", 2),
    "equal, by number and not by letters": ([Said("100", 10), Said("100", 9)], "100", 9),
    "equal, the older source has the higher number": (
        [Said("100", 3, N, "2020"), Said("100", 8, N, "2018")],
        "100",
        3,
    ),
    # Agreeing values: the narrowest.
    "exactly before about": ([Said("about 100", 1), Said("100", 2)], "100", 2),
    "exactly before about, other order": ([Said("100", 2), Said("about 100", 1)], "100", 2),
    "exactly before more than": ([Said("more than 90", 1), Said("100", 6)], "100", 6),
    "about before at least": ([Said("at least 90", 1), Said("about 100", 6)], "about 100", 6),
    "narrower range": ([Said("90 to 120", 1), Said("95 to 110", 3)], "95 to 110", 3),
    "same lower end": ([Said("95 to 120", 1), Said("95 to 110", 3)], "95 to 110", 3),
    "more than is within at least": (
        [Said("at least 100", 1), Said("more than 100", 2)],
        "more than 100",
        2,
    ),
    "less than is within at most": (
        [Said("at most 100", 1), Said("less than 100", 2)],
        "less than 100",
        2,
    ),
    "rounded is within about": ([Said("about 100", 1), Said("rounded 100", 2)], "100", 2),
    "narrowest of three": (
        [Said("more than 50", 1), Said("99.9", 7), Said("about 100", 2)],
        "99.9",
        7,
    ),
    "narrowest, cited with the lowest of its own sources": (
        [Said("about 100", 1), Said("100", 9), Said("more than 50", 2), Said("100", 4)],
        "100",
        4,
    ),
    "a newer source is not better": (
        [Said("100", 6, N, "2017"), Said("about 100", 2, N, "2021")],
        "100",
        6,
    ),
    # Preferred: shown as it is, and cited itself.
    "preferred against a rival": ([Said("200", 1), Said("100", 5, P)], "100", 5),
    "preferred though wider": ([Said("100", 1), Said("about 100", 5, P)], "about 100", 5),
    "preferred though older": (
        [Said("200", 1, N, "2021"), Said("100", 5, P, "2016")],
        "100",
        5,
    ),
    "preferred is cited though a lower number says the same": (
        [Said("100", 1), Said("100", 5, P), Said("200", 2)],
        "100",
        5,
    ),
    # Deprecated: out of the running.
    "deprecated though narrowest": ([Said("100", 1, D), Said("about 100", 5)], "about 100", 5),
    "deprecated though first": ([Said("200", 1, D), Said("100", 5)], "100", 5),
    "deprecated is not cited for the same value": (
        [Said("100", 1, D), Said("100", 5), Said("100", 3)],
        "100",
        3,
    ),
    "deprecated beside preferred": (
        [Said("300", 1, D), Said("200", 2), Said("100", 3, P)],
        "100",
        3,
    ),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_of_an_outcome_the_preferred_else_the_narrowest_is_shown(tmp_path: Path, case: str) -> None:
    claims, shown, source = OUTCOMES[case]
    assert chosen(tmp_path, "stock", "outcome", claims) == (shown, source)


DATES = {
    "day within month": ([Said("2020-06", 1), Said("2020-06-15", 4)], "2020-06-15", 4),
    "month within about the year": ([Said("2020~", 1), Said("2020-12", 4)], "2020-12", 4),
    "day within interval": ([Said("2020-03/2020-08", 1), Said("2020-05-01", 3)], "2020-05-01", 3),
    "equal days": ([Said("2020-05-01", 6), Said("2020-05-01", 3)], "2020-05-01", 3),
    "preferred month": ([Said("2020-06-15", 1), Said("2020-06", 2, P)], "2020-06", 2),
}


@pytest.mark.parametrize("case", DATES)
def test_of_dates_the_narrowest_is_shown(tmp_path: Path, case: str) -> None:
    claims, shown, source = DATES[case]
    assert chosen(tmp_path, "date", "outcome", claims) == (shown, source)


PLANS = {
    "newest": ([Said("500", 1, N, "2018-01-05"), Said("600", 2, N, "2019-03-01")], "600", 2),
    "newest first in the file": (
        [Said("600", 2, N, "2019-03-01"), Said("500", 1, N, "2018-01-05")],
        "600",
        2,
    ),
    "newest though wider": (
        [Said("500", 1, N, "2018"), Said("about 500", 2, N, "2019")],
        "about 500",
        2,
    ),
    "newest though its number is lower": (
        [Said("500", 3, N, "2019"), Said("600", 8, N, "2018")],
        "500",
        3,
    ),
    "a month after a day": (
        [Said("500", 1, N, "2019-04-30"), Said("600", 2, N, "2019-05")],
        "600",
        2,
    ),
    "a source without a date is the oldest": (
        [Said("500", 1), Said("600", 2, N, "2001")],
        "600",
        2,
    ),
    "preferred though older": (
        [Said("500", 1, P, "2018"), Said("600", 2, N, "2019")],
        "500",
        1,
    ),
    "deprecated though newest": (
        [Said("500", 1, N, "2018"), Said("600", 2, D, "2019")],
        "500",
        1,
    ),
    "the newest value is cited with the lowest number that gives it": (
        [Said("600", 1, N, "2017"), Said("500", 2, N, "2018"), Said("600", 3, N, "2019")],
        "600",
        1,
    ),
    "a deprecated source is not cited for the newest value": (
        [Said("600", 1, D, "2017"), Said("500", 2, N, "2018"), Said("600", 3, N, "2019")],
        "600",
        3,
    ),
}


@pytest.mark.parametrize("stance", ["target", "forecast"])
@pytest.mark.parametrize("case", PLANS)
def test_of_plans_the_preferred_else_the_newest_is_shown(
    tmp_path: Path, case: str, stance: str
) -> None:
    claims, shown, source = PLANS[case]
    assert chosen(tmp_path, "stock", stance, claims) == (shown, source)


def test_the_order_in_the_file_decides_nothing(tmp_path: Path) -> None:
    claims = [Said("about 100", 1), Said("100", 8), Said("100", 3), Said("99", 2, D)]
    for index, order in enumerate(permutations(claims)):
        root = tmp_path / str(index)
        root.mkdir()
        assert chosen(root, "stock", "outcome", list(order)) == ("100", 3), order
